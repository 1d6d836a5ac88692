package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// Altered is what a table has to be like on each host once it was altered.
type Altered struct {
	Relation adapters.Relation
	// Wait bounds the waiting for hosts that replicas tell.
	Wait time.Duration

	actions []string
	want    shape
	byName  bool
}

// left are those of the actions that a definition shows not to be done.
func (w *Altered) left(query string) ([]string, error) {
	have, err := readShape(query)
	if err != nil {
		return nil, err
	}
	var left []string
	for _, c := range differences(w.want, have.unplaced(), looks{asked: true, byName: w.byName, storage: true, comment: true, column: true}) {
		if slices.Contains(w.actions, c.action) {
			left = append(left, c.what)
		}
	}
	return left, nil
}

// awaitAltered looks at the table's definition on every host until each shows
// what was done.
func (a *application) awaitAltered(session adapters.Session, step Step, st adapters.Statement) error {
	w := step.Altered
	left := map[string]error{}
	look := func(ctx context.Context, host string, s adapters.Session) error {
		table, _, err := s.Query(ctx, adapters.Statement{SQL: st.SQL, Comment: st.Comment})
		if err != nil {
			return err
		}
		return w.judge(table)
	}
	_, err := poll(a.ctx, w.Wait, func(ctx context.Context) (bool, error) {
		if step.Scope == ScopeNode {
			left = map[string]error{"": look(ctx, "", session)}
		} else {
			left = a.fleet.each(ctx, answer, a.here(step.Hosts), look)
		}
		for _, host := range slices.Sorted(keys(left)) {
			err := left[host]
			switch {
			case err == nil:
				delete(left, host)
			case host != "" && lost(err) && ctx.Err() == nil:
				if err := a.leave(step, host, err); err != nil {
					return false, err
				}
				delete(left, host)
			}
		}
		return len(left) == 0, nil
	})
	if err == nil {
		err = a.ctx.Err()
	}
	if err == nil && len(left) > 0 {
		err = &HostsDiffer{Relation: w.Relation, Hosts: left}
	}
	return err
}

// judge reads the answer to ddl.definition.
func (w *Altered) judge(table *adapters.Table) error {
	if len(table.Rows) != 1 || len(table.Rows[0]) != 1 {
		return fmt.Errorf("there is no %s", w.Relation)
	}
	query, ok := table.Rows[0][0].(string)
	if !ok {
		return fmt.Errorf("the definition of %s is a %T", w.Relation, table.Rows[0][0])
	}
	left, err := w.left(query)
	if err == nil && len(left) > 0 {
		err = errors.New(list(left))
	}
	return err
}
