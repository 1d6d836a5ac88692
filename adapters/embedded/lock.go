package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Holder describes the engine that has a warehouse open.
type Holder struct {
	PID     int       `json:"pid"`    // the engine's process
	Parent  int       `json:"parent"` // the process that started it
	Started time.Time `json:"started"`
	Shared  bool      `json:"shared"`
	Addr    string    `json:"addr,omitempty"`
}

// InUse is the error of starting an engine on a warehouse that has one.
type InUse struct {
	Dir    string
	PID    int // of the engine; 0 when its lock file cannot be read
	Holder Holder
}

func (e *InUse) Error() string {
	who := "another process"
	if e.PID != 0 {
		who = fmt.Sprintf("process %d (its engine is process %d, started %s)",
			e.Holder.Parent, e.PID, e.Holder.Started.Local().Format("15:04:05"))
	}
	return fmt.Sprintf("the warehouse %s is in use by %s: wait until it ends, "+
		"or run `chmod engine start` first, which several commands can use at once", e.Dir, who)
}

const (
	// lockPatience bounds the wait for a lock: somebody who only looks whether
	// a warehouse is in use holds it for microseconds.
	lockPatience = 50 * time.Millisecond
	// orphanPatience bounds the wait for an engine that is about to end.
	orphanPatience = DefaultGrace + 2*time.Second
)

// patience is how long to wait for the lock of an engine: one whose parent has
// died has noticed, and is on its way out.
func patience(holder Holder) time.Duration {
	if holder.Parent > 0 && !holder.Shared && !alive(holder.Parent) {
		return orphanPatience
	}
	return lockPatience
}

// lockWarehouse takes the warehouse for this process. The lock ends when the
// returned file is closed in every process that has it, however they end.
func lockWarehouse(dir string, self Holder) (*os.File, error) {
	file, err := os.OpenFile(layout(dir).lock(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the warehouse: %w", err)
	}
	for began := time.Now(); ; time.Sleep(lockPatience / 10) {
		err = flock(file, unix.LOCK_EX|unix.LOCK_NB)
		if err == nil || !errors.Is(err, unix.EWOULDBLOCK) || time.Since(began) > patience(readHolder(dir)) {
			break
		}
	}
	if err != nil {
		_ = file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			holder := readHolder(dir)
			return nil, &InUse{Dir: dir, PID: holder.PID, Holder: holder}
		}
		return nil, fmt.Errorf("lock the warehouse %s: %w", dir, err)
	}
	if err := writeHolder(file, self); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func writeHolder(file *os.File, holder Holder) error {
	line, err := json.Marshal(holder)
	if err != nil {
		return err
	}
	// Longer first, shorter after: a reader in between sees trailing bytes,
	// which its decoder does not read.
	if _, err := file.WriteAt(append(line, '\n'), 0); err != nil {
		return fmt.Errorf("write the lock of the warehouse: %w", err)
	}
	return file.Truncate(int64(len(line) + 1))
}

// readHolder returns who wrote the lock file last; it says nothing about
// whether they still hold it.
func readHolder(dir string) Holder {
	var holder Holder
	file, err := os.Open(layout(dir).lock())
	if err != nil {
		return Holder{}
	}
	defer file.Close()
	if err := json.NewDecoder(file).Decode(&holder); err != nil {
		return Holder{}
	}
	return holder
}

// lockHeld says whether an engine has the warehouse open now.
func lockHeld(dir string) (bool, error) {
	file, err := os.Open(layout(dir).lock())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lock of the warehouse: %w", err)
	}
	defer file.Close()
	err = flock(file, unix.LOCK_SH|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lock of the warehouse %s: %w", filepath.Clean(dir), err)
	}
	return false, nil
}

func flock(file *os.File, how int) error {
	for {
		err := unix.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	err := unix.Kill(pid, 0)
	return err == nil || errors.Is(err, unix.EPERM)
}
