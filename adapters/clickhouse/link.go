package clickhouse

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	chdriver "github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/chmod-sql/chmod/adapters"
)

// errStateLost is the answer to a driver that wants to reconnect in silence
// while the session's settings live on the old connection.
var errStateLost = errors.New("the session's connection was lost")

// link is one connection, or over HTTP one client, and what it remembers. A
// session owns it, and gives it back when it remembers nothing.
type link struct {
	conn chdriver.Conn
	http *exchange // nil for native
	wire *wire     // the last one dialed; nil over HTTP
	// guarded is true while a new connection must not be opened unseen.
	guarded bool
	// until is when what is being sent must not be sent any more; zero for never.
	until time.Time
}

// newLink makes a link. Nothing is dialed before the first statement.
func (a *Adapter) newLink() (*link, error) {
	l := &link{}
	o := *a.options
	if a.config.Driver == HTTP {
		l.http = &exchange{adapter: a}
		o.TransportFunc = func(*http.Transport) (http.RoundTripper, error) { return l.http, nil }
	} else {
		o.DialContext = l.dialer(a.dialer)
	}
	// Servers without settings as strings get them by SET, once connected.
	l.guarded = a.initial != "" && l.http == nil
	var err error
	l.conn, err = driver.Open(&o)
	return l, err
}

func (l *link) dialer(d dialer) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, address string) (net.Conn, error) {
		if l.guarded {
			return nil, errStateLost
		}
		w, err := d.dial(ctx, address)
		if err != nil {
			return nil, err
		}
		w.closeAt(l.until)
		l.wire = w
		return w, nil
	}
}

// query runs a query and returns when the driver has the connection back. It
// gives connections back on its own time after a result, and would open
// another for a statement that comes before that, without our settings.
func (l *link) query(ctx context.Context, sql string) (*adapters.Table, error) {
	rows, err := l.conn.Query(ctx, sql)
	if err == io.EOF {
		// The driver's word for a statement that returns no columns. Wrapped it
		// would mean a lost connection.
		return &adapters.Table{}, nil
	}
	if err != nil {
		return nil, err
	}
	table, err := read(rows)
	if err != nil || l.wire == nil {
		return table, err
	}
	for l.conn.Stats().Idle == 0 && !l.wire.isClosed() {
		runtime.Gosched()
	}
	return table, nil
}

// abortAfter makes what the link is doing fail as soon as ctx ends. The returned
// function takes that back, and is called before the link does anything else: an
// end that came too late for this statement must not meet the next one.
func (l *link) abortAfter(ctx context.Context) (stop func()) {
	w := l.wire
	done := make(chan struct{})
	pending := context.AfterFunc(ctx, func() {
		defer close(done)
		w.abort()
	})
	return func() {
		if !pending() {
			<-done
			_ = w.Close() // of no use to anybody any more
		}
	}
}

// drop closes the connection after a failure, as the driver means to but does
// not always do.
func (l *link) drop() {
	if l.wire != nil {
		// It is mostly closed already.
		_ = l.wire.Close()
	}
}

func (l *link) close() error { return l.conn.Close() }
