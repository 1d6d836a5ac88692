package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// wantedName is the temporary table that a server writes a definition of.
const wantedName = "chmod_wanted"

// wantedTable is the table that the config asks for, with the columns that
// there are, and without what depends on where it is.
func wantedTable(in Input) (table, *planner) {
	p := newPlanner(in) // of its own: what is wrong with the config is said elsewhere
	columns := make([]adapters.Column, len(in.Target.Columns))
	for i, c := range in.Target.Columns {
		columns[i] = c.Column
	}
	t := p.definition(adapters.Relation{Name: wantedName}, p.described(columns))
	t.uuid, t.told, t.engine = "", false, p.unplacedEngine()
	return t, p
}

// unplacedEngine is the config's engine as it would be without replication.
func (p *planner) unplacedEngine() string {
	name, args, ok := engineCall(p.engine())
	if family := familyName(name); ok && family != name {
		s := shape{engine: name, args: args}.unplaced()
		return family + "(" + list(s.args) + ")"
	}
	return p.engine()
}

// wantedShape is what the config asks for; byName says that no server has
// written it.
func (p *planner) wantedShape() (want shape, byName bool, err error) {
	if p.in.Target.Wanted != "" {
		want, err = readShape(p.in.Target.Wanted)
		return want, false, err
	}
	t, _ := wantedTable(p.in)
	if len(t.elements) == 0 {
		t.elements = []string{placeholder}
	}
	want, err = readShape(ddl{}.createTable(t))
	return want, true, err
}

// ReadDrift reads what a plan has to know to see where the table is not what
// the config says: how each host of a cluster has it, and how the server would
// write what the config asks for. For the latter, a temporary table is made and
// dropped; where that is not allowed or not possible, less is seen.
func (t *Target) ReadDrift(ctx context.Context, sessions Sessions, in Input) error {
	if t.Missing {
		return nil
	}
	in.Target = t
	wanted, p := wantedTable(in)
	if hosts, ok := sessions.(Hosts); ok && p.onCluster() {
		found, err := definitionsOn(ctx, hosts, p.active(), slices.Compact([]adapters.Relation{p.data, p.whole, p.target}))
		if err != nil {
			return err
		}
		t.Hosts, t.Fronts = found[p.data], found
	}
	if err := t.readView(ctx, sessions, p); err != nil {
		return err
	}
	if !in.Server.Version.AtLeast(24, 1) || len(wanted.elements) == 0 {
		return nil
	}
	session, err := sessions.Session(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	t.Wanted, err = writtenByServer(ctx, session, in.Server, wanted, p.querySettings())
	if err = errors.Join(err, session.Close()); err != nil {
		return fmt.Errorf("have the definition of %s written by the server: %w", p.data, err)
	}
	return nil
}

// writtenByServer is a definition as the server writes it; empty when it makes
// no such table.
func writtenByServer(ctx context.Context, s adapters.Session, server adapters.Server, t table, query map[string]any) (string, error) {
	settings := map[string]any{"data_type_default_nullable": 0}
	for k, v := range query {
		settings[k] = v
	}
	d := ddl{server: server, scope: ScopeNode}
	t.temporary = true
	_, err := s.Exec(ctx, adapters.Statement{SQL: d.createTable(t), Settings: settings})
	var refused *adapters.ServerError
	if errors.As(err, &refused) && !lost(err) && ctx.Err() == nil {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	result, _, err := s.Query(ctx, adapters.Statement{SQL: "SHOW CREATE TEMPORARY TABLE " + t.relation.String()})
	if err != nil {
		return "", err
	}
	if _, err := s.Exec(ctx, adapters.Statement{SQL: d.dropTemporary(t.relation)}); err != nil {
		return "", err
	}
	if len(result.Rows) != 1 || len(result.Rows[0]) != 1 {
		return "", fmt.Errorf("SHOW CREATE returned %d rows", len(result.Rows))
	}
	text, ok := result.Rows[0][0].(string)
	if !ok {
		return "", fmt.Errorf("SHOW CREATE returned a %T", result.Rows[0][0])
	}
	return text, nil
}

// definitionsOn is how each of the hosts has relations. Hosts that do not answer,
// or lack one, are left out here: what comes after sees that too.
func definitionsOn(ctx context.Context, hosts Hosts, names []string, relations []adapters.Relation) (map[adapters.Relation]map[string]adapters.Definition, error) {
	f := fleet{hosts: hosts, sessions: map[string]adapters.Session{}}
	defer f.close()
	type found struct {
		host string
		of   map[adapters.Relation]adapters.Definition
	}
	results := make(chan found, len(names))
	failed := f.each(ctx, answer, names, func(ctx context.Context, host string, s adapters.Session) error {
		of, err := adapters.Definitions(ctx, s, relations)
		if err == nil {
			results <- found{host, of}
		}
		return err
	})
	close(results)
	all := map[adapters.Relation]map[string]adapters.Definition{}
	for _, r := range relations {
		all[r] = map[string]adapters.Definition{}
	}
	for f := range results {
		for r, d := range f.of {
			all[r][f.host] = d
		}
	}
	for host, err := range failed {
		if !lost(err) {
			return nil, fmt.Errorf("read how %s was made: %s: %w", relations[0], host, err)
		}
	}
	return all, ctx.Err()
}
