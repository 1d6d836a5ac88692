// Package clickhouse talks to ClickHouse servers, over the native protocol or
// over HTTP.
//
// Its main type is Adapter. It hides what the two protocols and servers since
// 18.16 do differently, and nothing else: it never rewrites a statement's
// meaning, never retries one that a server may have seen, and logs nothing.
package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"github.com/chmod-sql/chmod/adapters"
)

var _ adapters.Adapter = (*Adapter)(nil)

// errClosed is returned for the use of what was closed.
var errClosed = errors.New("the connection to ClickHouse was closed")

// Adapter is a server and the connections to it. Of several hosts it is the
// first that answered: what is written by one session is there for the next.
type Adapter struct {
	config  Config
	options *driver.Options
	dialer  dialer
	server  adapters.Server
	// bound is true for a user who may not change settings.
	bound bool
	// initial is the SET with which connections begin, on servers that do not
	// take settings with a statement.
	initial string
	// revision is what the server speaks over HTTP; 0 while it is not known.
	revision uint64
	http     *http.Transport // nil for native

	mutex  sync.Mutex
	idle   []*link
	closed bool
}

// Open connects and finds out what the server is. The caller closes the
// adapter.
func Open(ctx context.Context, c Config) (*Adapter, error) {
	c = c.withDefaults()
	o, err := options(c)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		config:  c,
		options: o,
		dialer:  dialer{tls: o.TLS, timeout: c.ConnectTimeout, patience: c.SendReceiveTimeout},
	}
	if c.Driver == HTTP {
		a.http = newTransport(c, a.dialer)
	}
	if err := a.probe(ctx); err != nil {
		// Closing what never opened has nothing to add.
		_ = a.Close()
		return nil, fmt.Errorf("connect to %s: %w", strings.Join(c.addresses(), ", "), explainPort(c.Driver, failure(ctx, adapters.Statement{}, err)))
	}
	return a, nil
}

// Server implements adapters.Adapter.
func (a *Adapter) Server() adapters.Server { return a.server }

// Session implements adapters.Adapter. There is no limit to their number.
func (a *Adapter) Session(ctx context.Context) (adapters.Session, error) {
	s, err := a.session(ctx)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (a *Adapter) session(ctx context.Context) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l, err := a.takeLink()
	if err != nil {
		return nil, err
	}
	s := &session{adapter: a, link: l}
	if l.guarded {
		s.state.replay = append(s.state.replay, a.initial)
	}
	return s, nil
}

func (a *Adapter) takeLink() (*link, error) {
	a.mutex.Lock()
	if a.closed {
		a.mutex.Unlock()
		return nil, errClosed
	}
	if n := len(a.idle); n > 0 {
		l := a.idle[n-1]
		a.idle = a.idle[:n-1]
		a.mutex.Unlock()
		return l, nil
	}
	a.mutex.Unlock()
	return a.newLink()
}

// giveBack takes a link that remembers nothing of its session.
func (a *Adapter) giveBack(l *link) error {
	a.mutex.Lock()
	keep := !a.closed && len(a.idle) <= a.config.Threads
	if keep {
		a.idle = append(a.idle, l)
	}
	a.mutex.Unlock()
	if keep {
		return nil
	}
	return l.close()
}

// Close implements adapters.Adapter. Sessions still open end with their
// statement.
func (a *Adapter) Close() error {
	a.mutex.Lock()
	idle := slices.Clone(a.idle)
	a.idle, a.closed = nil, true
	a.mutex.Unlock()
	var errs []error
	for _, l := range idle {
		errs = append(errs, l.close())
	}
	if a.http != nil {
		a.http.CloseIdleConnections()
	}
	return errors.Join(errs...)
}
