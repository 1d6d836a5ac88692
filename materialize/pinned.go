package materialize

import (
	"context"
	"errors"

	"github.com/chmod-sql/chmod/adapters"
)

// pinned is a session on the host that all sessions are on. When the host
// cannot be reached for its first statement, which nobody has seen then, the
// session moves on to the next host; later it does not, since a statement may
// depend on those before it.
type pinned struct {
	adapters.Session
	cluster *Cluster
	host    string
	used    bool
}

func (p *pinned) Exec(ctx context.Context, st adapters.Statement) (summary adapters.Summary, err error) {
	err = p.try(ctx, func() error {
		summary, err = p.Session.Exec(ctx, st)
		return err
	})
	return summary, err
}

func (p *pinned) Query(ctx context.Context, st adapters.Statement) (table *adapters.Table, summary adapters.Summary, err error) {
	err = p.try(ctx, func() error {
		table, summary, err = p.Session.Query(ctx, st)
		return err
	})
	return table, summary, err
}

// Insert is only tried once: rows that were taken from next are gone.
func (p *pinned) Insert(ctx context.Context, st adapters.Statement, columns []adapters.Column, next func() ([]any, error)) (adapters.Summary, error) {
	if !p.used {
		if _, _, err := p.Query(ctx, adapters.Statement{SQL: "SELECT 1"}); err != nil {
			return adapters.Summary{}, err
		}
	}
	return p.Session.Insert(ctx, st, columns, next)
}

// InsertParts is only tried once, too.
func (p *pinned) InsertParts(ctx context.Context, st adapters.Statement, columns []adapters.Column, parts adapters.Parts) (adapters.Summary, error) {
	if !p.used {
		if _, _, err := p.Query(ctx, adapters.Statement{SQL: "SELECT 1"}); err != nil {
			return adapters.Summary{}, err
		}
	}
	return p.Session.InsertParts(ctx, st, columns, parts)
}

func (p *pinned) try(ctx context.Context, send func() error) error {
	for {
		err := send()
		var server *adapters.ServerError
		if err == nil || p.used || ctx.Err() != nil || !errors.As(err, &server) || !server.Unsent {
			p.used = true
			return err
		}
		p.cluster.Leave(p.host, err)
		a, host, homeErr := p.cluster.home(ctx)
		if homeErr != nil {
			return errors.Join(err, homeErr)
		}
		s, openErr := a.Session(ctx)
		if openErr != nil {
			return errors.Join(err, openErr)
		}
		_ = p.Session.Close() // it never was of use
		p.Session, p.host = s, host
	}
}
