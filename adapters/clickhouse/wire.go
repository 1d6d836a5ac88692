package clickhouse

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"syscall"
	"time"
)

// wire is a connection that fails when the other side has been silent for too
// long. The driver only knows deadlines for whole statements, which would end
// every build that takes longer than the timeout.
type wire struct {
	net.Conn
	patience time.Duration

	mutex    sync.Mutex
	deadline time.Time // as the driver set it, for reading
	until    time.Time // when nothing is written any more; zero for never
	aborted  bool
	closed   bool
}

// dialer opens wires, with TLS when tls is not nil.
type dialer struct {
	tls      *tls.Config
	timeout  time.Duration
	patience time.Duration
}

func (d dialer) dial(ctx context.Context, address string) (*wire, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	dial := (&net.Dialer{}).DialContext
	if d.tls != nil {
		dial = (&tls.Dialer{Config: d.tls}).DialContext
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &wire{Conn: conn, patience: d.patience}, nil
}

func (w *wire) Read(p []byte) (int, error) {
	if err := w.arm(); err != nil {
		return 0, err
	}
	return w.Conn.Read(p)
}

func (w *wire) Write(p []byte) (int, error) {
	w.mutex.Lock()
	if w.aborted {
		w.mutex.Unlock()
		return 0, net.ErrClosed
	}
	if !w.until.IsZero() && time.Now().Round(0).After(w.until) {
		w.mutex.Unlock()
		return 0, errTooLate
	}
	// Both ways: over HTTP a Read has been waiting since the last response.
	err := w.Conn.SetDeadline(w.patienceEnd())
	w.mutex.Unlock()
	if err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// arm sets the read deadline for one Read.
func (w *wire) arm() error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.aborted {
		return net.ErrClosed
	}
	return w.Conn.SetReadDeadline(w.patienceEnd())
}

// patienceEnd is when patience or the driver's deadline ends. It is called
// with mutex held.
func (w *wire) patienceEnd() time.Time {
	end := time.Now().Add(w.patience)
	if !w.deadline.IsZero() && w.deadline.Before(end) {
		return w.deadline
	}
	return end
}

// abort makes pending and later reads and writes fail.
func (w *wire) abort() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.aborted = true
	// A connection on which that fails is closed, which serves as well.
	_ = w.Conn.SetDeadline(time.Unix(1, 0))
}

// Close implements net.Conn.
func (w *wire) Close() error {
	w.mutex.Lock()
	w.closed = true
	w.mutex.Unlock()
	return w.Conn.Close()
}

func (w *wire) isClosed() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.closed
}

// SetDeadline bounds reads and writes, together with patience.
func (w *wire) SetDeadline(t time.Time) error { return w.SetReadDeadline(t) }

// SetWriteDeadline does nothing: patience and SetDeadline bound writes.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

func (w *wire) SetReadDeadline(t time.Time) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.deadline = t
	if w.aborted {
		return nil
	}
	// For a Read that is waiting already.
	return w.Conn.SetReadDeadline(t)
}

// SyscallConn lets the driver see that an idle connection was closed.
func (w *wire) SyscallConn() (syscall.RawConn, error) {
	conn := w.Conn
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	if c, ok := conn.(syscall.Conn); ok {
		return c.SyscallConn()
	}
	return nil, syscall.ENOTSUP
}
