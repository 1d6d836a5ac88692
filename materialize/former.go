package materialize

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Former is the table behind the view that a model's name was when its strategy
// was replace.
type Former struct {
	adapters.TableInfo
	// Feeds are what gets a copy of each row that is inserted into it.
	Feeds []adapters.Relation
}

// FormerOf is the view that tells whether there is one, to be read by
// ReadFormer: the one in the model's place, or the one that an interrupted run
// had replaced. It is false when none has to be read.
func FormerOf(in Input) (view adapters.Relation, ok bool) {
	if in.Node.ResourceType != manifest.Model || in.State == nil {
		return view, false
	}
	p := newPlanner(in)
	if t := p.in.State.anywhere(p.formerTable(), p.active()); t == nil || !strings.HasSuffix(t.Engine, "ReplacingMergeTree") || p.replaces() || p.sharded() {
		return view, false
	}
	if p.existing != nil && p.existing.IsView() {
		return p.target, true
	}
	left := p.in.State.leftoversOf(p.data)
	at := slices.IndexFunc(left, func(l leftover) bool { return l.IsView() && l.stamp.Role.copies() })
	if at < 0 {
		return view, false
	}
	return left[at].Relation, true
}

// formerTable is what the model's table is called with replace.
func (p *planner) formerTable() adapters.Relation {
	return adapters.Relation{Database: p.target.Database, Name: p.target.Name + versionsSuffix}
}

// ReadFormer reads what the view shows; nil when that is no table of replace.
func ReadFormer(ctx context.Context, s adapters.Session, in Input, view adapters.Relation) (*Former, error) {
	p := newPlanner(in)
	versions := p.formerTable()
	found, err := adapters.Definitions(ctx, s, []adapters.Relation{view})
	if err != nil {
		return nil, fmt.Errorf("read what %s shows: %w", view, err)
	}
	if !showsAll(found[view].CreateQuery, versions) {
		return nil, nil
	}
	t, err := ReadTarget(ctx, s, in.Server.Version, versions)
	if err != nil || t.Missing {
		return nil, err
	}
	return &Former{TableInfo: *p.in.State.anywhere(versions, p.active()), Feeds: t.Feeds}, nil
}

var viewHead = regexp.MustCompile("(?is)^CREATE VIEW .*? AS SELECT ([A-Za-z0-9_`, \\\\]+) FROM (\\S+) FINAL( COMMENT '.*')?$")

// showsAll reports whether a view is the newest rows of a table, and nothing
// else.
func showsAll(text string, of adapters.Relation) bool {
	m := viewHead.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
	return m != nil && strings.ReplaceAll(m[2], "`", "") == of.Database+"."+of.Name
}

// forsake keeps, or drops, the table of replace once another one has the model's
// name. It comes before the view of it is dropped, by which the next run would
// know it.
func (p *planner) forsake() {
	f := p.in.Former
	if f == nil {
		return
	}
	if len(f.Feeds) > 0 {
		p.note("%s, which has the rows as they were with replace, is left alone: others read what is inserted into it", f.Relation)
		return
	}
	p.in.Former = nil
	hosts, reached := p.whereFound(f.Relation)
	if !reached {
		return
	}
	if !p.in.Node.Config.Bool("keep_previous_generation", incrementally(p.in.Node.Materialized())) {
		p.changeOn(hosts, Step{
			Purpose:   "drop the table that was behind the view",
			Statement: adapters.Statement{Settings: p.dropSettings(f.Bytes)}, Effect: &Effect{Gone: []adapters.Relation{f.Relation}},
		}, func(d ddl) string { return d.drop(f.Relation, false) }, nil)
		return
	}
	// Under its own name: with it the model's table is never exchanged, whose
	// readers would see older versions of rows.
	keep := p.namedFor(f.Relation, RoleKept)
	p.note("%s, with the rows as they were with replace, is kept as %s until the next full refresh; it is no table to go back to by chmod rollback", f.Relation, keep)
	p.changeOn(hosts, Step{
		Purpose: "keep the table that was behind the view until the next time",
		Effect:  &Effect{There: []adapters.Relation{keep}, Gone: []adapters.Relation{f.Relation}},
	}, func(d ddl) string { return d.rename([2]adapters.Relation{f.Relation, keep}) }, nil)
}
