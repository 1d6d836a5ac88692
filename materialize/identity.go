package materialize

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// identity is what tells a relation from others that had or will have its
// name.
type identity struct{ engine, uuid, path string }

const zeroUUID = "00000000-0000-0000-0000-000000000000"

// id is the UUID, else the path in Keeper, else empty: on old servers views
// and plain tables have no identity.
func (i identity) id() string {
	if i.uuid != "" && i.uuid != zeroUUID {
		return i.uuid
	}
	return i.path
}

func (i identity) String() string {
	if id := i.id(); id != "" {
		return i.engine + " " + id
	}
	return i.engine
}

// identities reads those of the relations that are there.
func (a *application) identities(ctx context.Context, s adapters.Session, relations ...adapters.Relation) (map[adapters.Relation]identity, error) {
	d := ddl{server: adapters.Server{Version: a.plan.oldest}}
	table, _, err := s.Query(ctx, adapters.Statement{SQL: d.identity(relations...)})
	if err != nil {
		return nil, err
	}
	return readIdentities(table)
}

// readIdentities reads the result of ddl.identity.
func readIdentities(table *adapters.Table) (map[adapters.Relation]identity, error) {
	found := map[adapters.Relation]identity{}
	for _, row := range table.Rows {
		var text [5]string
		if len(row) != len(text) {
			return nil, fmt.Errorf("an identity of %d columns instead of %d", len(row), len(text))
		}
		for i := range text {
			s, ok := row[i].(string)
			if !ok {
				return nil, fmt.Errorf("column %d of an identity is a %T", i+1, row[i])
			}
			text[i] = s
		}
		r := adapters.Relation{Database: text[0], Name: text[1]}
		i := found[r]
		if text[2] != "" {
			i.engine, i.uuid = text[2], text[3]
		} else {
			i.path = text[4]
		}
		found[r] = i
	}
	// A replica whose table went away between the two halves of the query.
	maps.DeleteFunc(found, func(_ adapters.Relation, i identity) bool { return i.engine == "" })
	return found, nil
}

func keys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// verify looks at every host until the name stands for the new relation.
func (a *application) verify(step Step, st adapters.Statement) error {
	r := step.Replicas
	wrong := map[string]error{}
	_, err := poll(a.ctx, r.Wait, func(ctx context.Context) (bool, error) {
		wrong = map[string]error{}
		found := map[string]map[adapters.Relation]identity{}
		hosts := a.here(step.Hosts)
		results := make(chan hostTable, len(hosts))
		failed := a.fleet.each(ctx, answer, hosts, func(ctx context.Context, host string, s adapters.Session) error {
			table, _, err := s.Query(ctx, adapters.Statement{SQL: st.SQL, Comment: st.Comment})
			if err == nil {
				results <- hostTable{host, table}
			}
			return err
		})
		close(results)
		for t := range results {
			i, err := readIdentities(t.table)
			if err != nil {
				return false, err
			}
			found[t.host] = i
		}
		for _, h := range hosts {
			if err := failed[h]; err != nil {
				if lost(err) && ctx.Err() == nil {
					if err := a.leave(step, h, err); err != nil {
						return false, err
					}
					continue
				}
				wrong[h] = err
				continue
			}
			if err := a.judge(r, h, found[h]); err != nil {
				wrong[h] = err
			}
		}
		return len(wrong) == 0, nil
	})
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return &HostsDiffer{Relation: r.Table, Hosts: wrong}
	}
	return a.ctx.Err()
}

type hostTable struct {
	host  string
	table *adapters.Table
}

// judge compares what a host has with what it should have.
func (a *application) judge(r *Replicas, host string, found map[adapters.Relation]identity) error {
	i, there := found[r.Table]
	if !there {
		return fmt.Errorf("there is no %s", r.Table)
	}
	if _, still := found[r.Gone]; still && r.Gone.Name != "" {
		return fmt.Errorf("%s is still there beside it", r.Gone)
	}
	if want := a.known[host]; r.Parts && want != "" && i.id() != want {
		return fmt.Errorf("%s is %s, and the new table is %s", r.Table, i, want)
	}
	return nil
}

// HostsDiffer is that some hosts of a cluster do not have what they should.
type HostsDiffer struct {
	Relation adapters.Relation
	Hosts    map[string]error
}

func (e *HostsDiffer) Error() string {
	s := fmt.Sprintf("%s is not the same on all hosts", e.Relation)
	for _, h := range slices.Sorted(keys(e.Hosts)) {
		s += fmt.Sprintf("; %s: %v", h, e.Hosts[h])
	}
	return s
}
