package clickhouse

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"github.com/chmod-sql/chmod/adapters"
)

// failure says in the contract's words why a statement failed.
func failure(ctx context.Context, st adapters.Statement, err error) *adapters.ServerError {
	f := &adapters.ServerError{QueryID: st.QueryID, Err: err}
	var told *adapters.ServerError
	var exception *driver.Exception
	switch {
	case errors.As(err, &told):
		same := *told
		if same.QueryID == "" {
			same.QueryID = st.QueryID
		}
		return &same
	case errors.As(err, &exception):
		fill(f, exception)
		f.Line, f.Column = position(st.SQL, exception.Message)
		if ctx.Err() != nil && f.Class == adapters.ClassCancelled {
			f.Err = ctx.Err()
		}
	case ctx.Err() != nil:
		// Whatever the driver says then, from "i/o timeout" to "closed", is
		// about how it gave up.
		f.Class, f.Err = adapters.ClassCancelled, ctx.Err()
		f.Message = "the statement was cancelled: " + context.Cause(ctx).Error()
	case isNetwork(err):
		f.Class, f.Unsent = adapters.ClassNetwork, neverSent(err)
		f.Message = withoutURL(err).Error()
	default:
		f.Class = adapters.ClassOther
		f.Message = withoutURL(err).Error()
	}
	return f
}

// fill takes over what the server said.
func fill(f *adapters.ServerError, e *driver.Exception) {
	d := describe(int(e.Code))
	f.Code, f.Name, f.Class = int(e.Code), d.name, d.class
	if f.Name == "" {
		f.Name = e.CodeName
	}
	if f.Name == "" {
		f.Name = trailingName(e.Message)
	}
	f.Message = message(e.Message)
}

func codeOf(err error) int {
	var e *driver.Exception
	if errors.As(err, &e) {
		return int(e.Code)
	}
	return 0
}

// message strips what only a server's log needs.
func message(text string) string {
	m, _ := adapters.CleanException(text)
	return m
}

// trailingName is the name that newer servers put behind a message.
func trailingName(text string) string {
	_, name := adapters.CleanException(text)
	return name
}

func isNetwork(err error) bool {
	var netErr net.Error
	var urlErr *url.Error
	var http *driver.HTTPError
	return errors.As(err, &netErr) || errors.As(err, &urlErr) || errors.As(err, &http) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, driver.ErrAcquireConnTimeout) || errors.Is(err, driver.ErrConnectionClosed)
}

// neverSent reports that err happened before there was a connection.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial" || errors.Is(err, driver.ErrAcquireConnTimeout)
}

// withoutURL takes the request off an error: it has all settings in it.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
