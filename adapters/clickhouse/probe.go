package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// probe finds out what the server is.
func (a *Adapter) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(len(a.config.addresses()))*(a.config.ConnectTimeout+a.config.SyncRequestTimeout))
	defer cancel()
	const sql = "SELECT version(), timezone(), (SELECT value FROM system.settings WHERE name = 'readonly')"
	ask := a.askNative
	if a.http != nil {
		ask = a.ask
	}
	row, err := a.first(ctx, func() ([]string, error) { return ask(ctx, sql) })
	if err != nil {
		return err
	}
	if len(row) != 3 {
		return fmt.Errorf("the server answered %d columns to %s", len(row), sql)
	}
	version, err := adapters.ParseVersion(row[0])
	if err != nil {
		return err
	}
	a.server = adapters.Server{
		Version: version, Timezone: row[1], User: a.config.User, Embedded: a.config.Embedded,
	}
	a.bound = row[2] == "1"
	if a.config.Settings != nil {
		a.config.CustomSettings = a.config.Settings(a.server, a.config.CustomSettings)
	}
	if a.legacy() && len(a.config.CustomSettings) > 0 {
		a.initial = setSQL(a.config.CustomSettings)
		a.dropIdle()
	}
	if a.http != nil && version.AtLeast(22, 7) {
		row, err := ask(ctx, "SELECT revision()")
		if err != nil {
			return err
		}
		a.revision, err = strconv.ParseUint(row[0], 10, 64)
		return err
	}
	return nil
}

// first tries one host after the other, and stays with the first that answers.
// Hosts that cannot be reached are passed over; one that refuses us is not.
func (a *Adapter) first(ctx context.Context, ask func() ([]string, error)) (row []string, err error) {
	var unreached []error
	for _, address := range a.config.addresses() {
		a.config.Hosts, a.options.Addr = []string{address}, []string{address}
		if row, err = ask(); err == nil {
			return row, nil
		}
		var server *adapters.ServerError
		if unsent := errors.As(err, &server) && server.Unsent; !unsent && !neverSent(err) || ctx.Err() != nil {
			return nil, err
		}
		a.dropIdle() // they lead to that host
		unreached = append(unreached, err)
	}
	return nil, errors.Join(unreached...)
}

// askNative asks a question that has one row of strings for an answer.
func (a *Adapter) askNative(ctx context.Context, sql string) ([]string, error) {
	s, err := a.session(ctx)
	if err != nil {
		return nil, err
	}
	table, _, err := s.Query(ctx, adapters.Statement{SQL: sql})
	if err != nil {
		// The connection is closed already, and err says why.
		_ = s.Close()
		return nil, err
	}
	var row []string
	for _, r := range table.Rows {
		for _, v := range r {
			row = append(row, fmt.Sprint(v))
		}
	}
	return row, s.Close()
}

// dropIdle closes the connections that were made before the server was known.
func (a *Adapter) dropIdle() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, l := range a.idle {
		// Nothing was left undone on them.
		_ = l.close()
	}
	a.idle = nil
}
