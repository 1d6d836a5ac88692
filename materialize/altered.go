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

	// Require says which hosts may be left out that have not followed in time.
	Require Require

	// actions are what was done, of which the definition is read; without any,
	// columns are what there is, and these are read.
	actions []string
	want    shape
	byName  bool
	columns []adapters.ColumnInfo
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
		err = a.behindAltered(step, left)
	}
	return err
}

// behindAltered leaves out hosts that have not followed in time, where that is
// allowed, or where they have lost Keeper and so are no active replicas.
func (a *application) behindAltered(step Step, left map[string]error) error {
	w := step.Altered
	_, _, _, short := w.Require.short(step.all, func(h Host) bool {
		return h.Down == "" && a.fleet.hosts.Left(h.Name) == nil && left[h.Name] == nil
	})
	for _, host := range slices.Sorted(keys(left)) {
		why := left[host]
		if w.Require == RequireAll || w.Require == "" || short {
			if host == "" {
				continue
			}
			if why = a.keeperLost(host); why == nil {
				continue
			}
		}
		if err := a.leave(step, host, why); err != nil {
			return err
		}
		delete(left, host)
	}
	if len(left) > 0 {
		return &HostsDiffer{Relation: w.Relation, Hosts: left}
	}
	return nil
}

// judge reads the answer to ddl.definition, or to ddl.columns.
func (w *Altered) judge(table *adapters.Table) error {
	if len(w.actions) == 0 {
		return w.judgeColumns(table)
	}
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

func (w *Altered) judgeColumns(table *adapters.Table) error {
	types := map[string]string{}
	for _, row := range table.Rows {
		if len(row) != 2 {
			return fmt.Errorf("a column of %s is told by %d values", w.Relation, len(row))
		}
		name, named := row[0].(string)
		kind, typed := row[1].(string)
		if !named || !typed {
			return fmt.Errorf("a column of %s is told by a %T and a %T", w.Relation, row[0], row[1])
		}
		types[name] = kind
	}
	var wrong []string
	for _, c := range w.columns {
		switch has, ok := types[c.Name]; {
		case !ok:
			wrong = append(wrong, adapters.QuoteIdent(c.Name)+" is missing")
		case !SameType(has, c.Type):
			wrong = append(wrong, fmt.Sprintf("%s is %s instead of %s", adapters.QuoteIdent(c.Name), has, c.Type))
		}
		delete(types, c.Name)
	}
	for _, name := range slices.Sorted(keys(types)) {
		wrong = append(wrong, adapters.QuoteIdent(name)+" is still there")
	}
	if len(wrong) > 0 {
		return errors.New(list(wrong))
	}
	return nil
}
