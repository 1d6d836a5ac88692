package clickhouse

import (
	"context"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
)

// session runs statements on one link.
type session struct {
	adapter *Adapter
	link    *link
	state   state
	// id names the session to the server over HTTP, once it has state.
	id string
	// known is true when the server has seen id.
	known  bool
	closed bool
}

// Exec implements adapters.Session.
func (s *session) Exec(ctx context.Context, st adapters.Statement) (adapters.Summary, error) {
	return s.run(ctx, st, func(ctx context.Context, _ *call) error {
		return s.link.conn.Exec(ctx, st.SQL)
	})
}

// Query implements adapters.Session.
func (s *session) Query(ctx context.Context, st adapters.Statement) (*adapters.Table, adapters.Summary, error) {
	var table *adapters.Table
	summary, err := s.run(ctx, st, func(ctx context.Context, _ *call) error {
		var err error
		if table, err = s.link.query(ctx, st.SQL); err != nil || s.link.http == nil || len(table.Columns) > 0 || !selects(st.SQL) {
			return err
		}
		// An empty result is nothing at all over HTTP.
		defer func(done adapters.Progress) { s.link.http.summary = done }(s.link.http.summary)
		table.Columns, err = s.describe(ctx, st.SQL)
		return err
	})
	return table, summary, err
}

// describe asks for the columns that a SELECT has.
func (s *session) describe(ctx context.Context, sql string) ([]adapters.Column, error) {
	table, err := s.link.query(driver.Context(ctx, driver.WithQueryID(uuid.NewString())), "DESCRIBE TABLE ("+sql+"\n)")
	if err != nil {
		return nil, err
	}
	columns := make([]adapters.Column, len(table.Rows))
	for i, row := range table.Rows {
		columns[i].Name, _ = row[0].(string)
		columns[i].Type, _ = row[1].(string)
	}
	return columns, nil
}

// selects reports whether sql is a SELECT.
func selects(sql string) bool {
	l := lexer{sql: sql}
	t, ok := l.next()
	for ok && l.text(t) == "(" {
		t, ok = l.next()
	}
	return ok && (l.is(t, "SELECT") || l.is(t, "WITH"))
}

// Close implements adapters.Session.
func (s *session) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	if s.link.http != nil {
		// The state was in the server's session, not in the connection.
		return s.adapter.giveBack(s.link)
	}
	if s.changed() {
		return s.link.close()
	}
	return s.adapter.giveBack(s.link)
}

// changed reports whether the session differs from a new one.
func (s *session) changed() bool {
	return s.state.temporary || len(s.state.replay) > s.initialStatements()
}

func (s *session) initialStatements() int {
	if s.adapter.initial != "" {
		return 1
	}
	return 0
}

func (s *session) remember(sql string, e effect) {
	if e == effectNone {
		return
	}
	s.state.apply(sql, e)
	s.link.guarded = s.link.http == nil
	s.known = s.id != ""
}

// newID starts another session on the server.
func (s *session) newID() {
	s.id, s.known = uuid.NewString(), false
}
