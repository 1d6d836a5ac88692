package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// readView reads the columns of the view of the newest rows.
func (t *Target) readView(ctx context.Context, sessions Sessions, p *planner) error {
	if !p.viewed() {
		return nil
	}
	session, err := sessions.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	t.View, err = adapters.Columns(ctx, session, p.target)
	if err = errors.Join(err, session.Close()); err != nil && adapters.ClassOf(err) != adapters.ClassMissing {
		return fmt.Errorf("read the columns of %s: %w", p.target, err)
	}
	return nil
}

// viewFollows gives the view of the newest rows the columns that the table has
// already: a run that altered the table was broken off before it came to the view.
func (p *planner) viewFollows() {
	if p.viewed() && !p.in.Follows && p.in.Target.viewBehind() {
		p.viewOf(p.insertableNames())
	}
}

// viewBehind reports whether the view has other columns than the table.
func (t *Target) viewBehind() bool {
	want := t.insertable()
	return t.View != nil && (len(t.View) != len(want) || slices.ContainsFunc(t.View, func(c adapters.ColumnInfo) bool {
		return !slices.ContainsFunc(want, func(w adapters.ColumnInfo) bool { return w.Name == c.Name && SameType(w.Type, c.Type) })
	}))
}
