package embedded

import (
	"fmt"
	"io"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// engineStandardFiles gives the engine a terminal to read from and a file to
// complain to. What it prints for a person goes nowhere. Closing the returned
// end of the terminal is that person's leaving.
func engineStandardFiles(l layout) (*os.File, error) {
	master, slave, err := openTerminal()
	if err != nil {
		return nil, fmt.Errorf("open a terminal for the engine: %w", err)
	}
	defer slave.Close()
	go func() { _, _ = io.Copy(io.Discard, master) }()
	if err := redirect(int(slave.Fd()), 0); err != nil {
		return nil, fmt.Errorf("give the engine its terminal: %w", err)
	}
	complaints, err := os.OpenFile(l.errorLog(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the engine's error log: %w", err)
	}
	defer complaints.Close()
	if err := redirect(int(complaints.Fd()), 2); err != nil {
		return nil, fmt.Errorf("give the engine its error log: %w", err)
	}
	return master, nil
}

// openTerminal opens a pseudo terminal whose master can be closed while it is
// read: pty leaves it in blocking mode, where Close waits for the read.
func openTerminal() (master, slave *os.File, err error) {
	blocking, slave, err := pty.Open()
	if err != nil {
		return nil, nil, err
	}
	defer blocking.Close()
	fd, err := unix.FcntlInt(blocking.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		_ = slave.Close()
		return nil, nil, err
	}
	return os.NewFile(uintptr(fd), blocking.Name()), slave, nil
}
