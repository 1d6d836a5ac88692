package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// New plans how to build a node. An error is a *diag.Failure that says what
// in the node's config cannot be done.
func New(in Input) (*Plan, error) {
	p := newPlanner(in)
	build := p.builder()
	if build != nil {
		build()
	}
	if p.failed != nil {
		return nil, p.failed
	}
	if err := p.diags.Err(); err != nil {
		return nil, err
	}
	p.plan.Warnings = p.diags.All()
	if before := p.plan.before; before != nil {
		p.plan.Steps = nil
		p.note("nothing is done: %v", before)
		return p.plan, nil
	}
	p.plan.server, p.plan.oldest, p.plan.invocation = in.Server, p.ddl.server.Version, in.Invocation
	p.plan.target = p.in.Target
	p.plan.rebind = func(change func(*Input)) (*Plan, error) {
		again := in
		change(&again)
		return New(again)
	}
	if p.describes {
		p.plan.columns = in.Columns
		p.plan.bind = func(columns []adapters.Column) (*Plan, error) {
			if columns == nil {
				columns = []adapters.Column{}
			}
			in.Columns = columns
			return New(in)
		}
	}
	return p.plan, nil
}

// builder is what plans the node's materialization; nil when there is nothing
// to do or it cannot be done.
func (p *planner) builder() func() {
	n := p.in.Node
	switch n.ResourceType {
	case manifest.Model, manifest.Seed:
	case manifest.Snapshot:
		return p.snapshot
	case manifest.Operation:
		return p.operation
	default:
		p.notYet("a " + n.ResourceType)
		return nil
	}
	if n.ResourceType == manifest.Seed {
		return p.seed
	}
	switch m := n.Materialized(); m {
	case "table", "distributed_table":
		return p.table
	case "view", "":
		return p.view
	case "incremental", "distributed_incremental":
		return p.incremental
	case "ephemeral":
		return nil
	case "materialized_view", "dictionary", "snapshot":
		p.notYet("materialized: " + m)
	default:
		p.unknownMaterialization(m)
	}
	return nil
}

// planner is one call of New.
type planner struct {
	in    Input
	ddl   ddl
	plan  *Plan
	diags diag.List
	// failed is why planning could not go on, when nothing of the user's is wrong.
	failed error
	// target is what users read, whole the table with all rows: another one
	// where target is a view of it. data is what holds the rows of a host: another
	// table than whole for what is sharded. staging takes data's place.
	target, whole, data, staging adapters.Relation
	// existing is what is at data's place now, missing the hosts on which
	// nothing is there although it is elsewhere.
	existing *adapters.TableInfo
	missing  []string
	// hosts are those of the node's cluster, none on one server.
	hosts []Host
	// direct says that statements go to each host by itself.
	direct bool
	// engineOfDatabase is that of the database with the node's rows.
	engineOfDatabase string
	// face is where what users read is, when that is elsewhere than the rows: a
	// Replicated database whose shards lie in one of another engine.
	face *place
	// takes is whether what an interrupted build in chunks has done is taken over.
	takes bool
	// sortBy is the new sorting key of a table that gets columns for it.
	sortBy string
	// filled are the first and the last step that fill the staging table, copied
	// is the one that inserts its rows into another one.
	filled [2]int
	copied int
	// adopted are generations that are kept since this plan's beginning.
	adopted []leftover
	// turn marks the next step as the first one that depends on what the node's
	// table holds.
	turn bool
	// describes is whether the plan reads the columns of the SQL.
	describes bool
}

func newPlanner(in Input) *planner {
	if in.State == nil {
		in.State = Observe(nil, Liveness{})
	}
	n := in.Node
	p := &planner{
		in: in, plan: &Plan{NodeID: n.UniqueID, DDLWait: in.Topology.ddlWait()},
		target: adapters.Relation{Database: n.Schema, Name: n.Alias},
	}
	p.whole = p.target
	if p.viewed() {
		p.whole.Name += versionsSuffix
	}
	p.data = p.whole
	p.settle()
	p.shard()
	p.staging = p.named(RoleStaging)
	p.find()
	materialized := n.Materialized()
	if n.ResourceType != manifest.Model {
		materialized = n.ResourceType
	}
	p.plan.Materialized = materialized
	if materialized != "ephemeral" && n.ResourceType != manifest.Operation {
		p.plan.Relation = p.target
	}
	return p
}

// named is the invocation's own table of that role for the node.
func (p *planner) named(role Role) adapters.Relation { return p.namedFor(p.data, role) }

// namedFor is the invocation's own table of that role for a relation.
func (p *planner) namedFor(r adapters.Relation, role Role) adapters.Relation {
	return adapters.Relation{Database: r.Database, Name: p.in.Invocation.stamp(role).name(r.Database, r.Name)}
}

// find looks for what is at the place of the node's data.
func (p *planner) find() {
	hosts := p.active()
	p.existing = p.in.State.anywhere(p.data, hosts)
	if p.existing != nil && p.onCluster() {
		p.missing = p.in.State.lacking(p.data, hosts)
	}
}

// add appends a step and returns its number.
func (p *planner) add(s Step) int {
	s.Number = len(p.plan.Steps) + 1
	s.Turn, p.turn = p.turn, false
	if s.Scope == "" {
		s.Scope = ScopeNode
	}
	if s.Kind == "" {
		s.Kind = KindExec
	}
	if s.Scope == ScopeHosts || s.Scope == ScopeShard {
		s.all = p.hosts
	}
	s.Statement.Comment = p.in.Comment
	if s.Undo != nil {
		s.Undo.Comment = p.in.Comment
	}
	if s.Gone != nil {
		s.Gone.Comment = p.in.Comment
	}
	p.plan.Steps = append(p.plan.Steps, s)
	return s.Number
}

func (p *planner) note(format string, args ...any) {
	p.plan.Notes = append(p.plan.Notes, fmt.Sprintf(format, args...))
}

// noteOnce is note for what several steps have in common.
func (p *planner) noteOnce(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(p.plan.Notes, text) {
		p.plan.Notes = append(p.plan.Notes, text)
	}
}

func (p *planner) has(f adapters.Feature) bool { return p.ddl.server.Version.Has(f) }

// place is where a config key was set, or else where the node is.
func (p *planner) place(key string) source.Span {
	if s := p.in.Node.Config.Place(key); s.Known() {
		return s
	}
	if p.in.Node.DescribedAt.Known() {
		return p.in.Node.DescribedAt
	}
	return p.in.Node.Span
}

// wrong reports a mistake in a config key.
func (p *planner) wrong(key, code, what, why, fix string) {
	p.diags.Add(diag.Diagnostic{Code: code, Span: p.place(key), What: what, Why: why, Fix: fix})
}

// warn reports what a config key asks for and does not get.
func (p *planner) warn(key, code, what, why, fix string) {
	p.diags.Add(diag.Diagnostic{Severity: diag.Warning, Code: code, Span: p.place(key), What: what, Why: why, Fix: fix})
}

// needs reports a config key that this server is too old for, unless it is not.
func (p *planner) needs(f adapters.Feature, key string) bool {
	if p.has(f) {
		return true
	}
	p.wrong(key, "server-too-old",
		fmt.Sprintf("%s: %q needs %s, which the server does not have", p.in.Node.Name, key, f.Name),
		fmt.Sprintf("the server is %s, and %s came with %d.%d", p.ddl.server.Version.Text, f.Name, f.Major, f.Minor),
		fmt.Sprintf("take %q out for this target, or use a newer server", key))
	return false
}

func (p *planner) notYet(what string) {
	leave := "config.materialized:" + p.in.Node.Materialized()
	if p.in.Node.ResourceType == manifest.Snapshot {
		leave = "resource_type:snapshot"
	}
	p.wrong("materialized", "not-yet-supported", fmt.Sprintf("%s: %s cannot be built yet", p.in.Node.Name, what),
		"this version builds views, tables, incremental and ephemeral models, and seeds", "use one of these, or leave it out: --exclude "+leave)
}

func (p *planner) unknownMaterialization(m string) {
	known := []string{"view", "table", "ephemeral", "incremental", "materialized_view", "dictionary", "distributed_table", "distributed_incremental"}
	fix := diag.DidYouMean(m, known)
	if fix == "" {
		fix = "use one of: view, table, ephemeral"
	}
	p.wrong("materialized", "not-yet-supported", fmt.Sprintf("%s: materialized: %s is not known", p.in.Node.Name, m),
		"materializations of a project's own are not run yet", fix)
}

// replaceable reports whether what is at the target's place may be replaced.
func (p *planner) replaceable() bool {
	existing := p.existing
	if p.viewed() {
		existing = p.in.State.anywhere(p.target, p.active())
	}
	if existing == nil {
		return true
	}
	kind := map[string]string{"MaterializedView": "a materialized view", "Dictionary": "a dictionary", "LiveView": "a live view", "WindowView": "a window view"}[existing.Engine]
	if kind == "" {
		return true
	}
	p.wrong("materialized", "relation-in-the-way", fmt.Sprintf("%s: %s is %s on the server", p.in.Node.Name, p.target, kind),
		"replacing it would end what it does for other tables",
		fmt.Sprintf("drop %s by hand, or give the model another alias", p.target))
	return false
}

// sql is the model's SQL without the semicolons at its end.
func (p *planner) sql() string { return withoutEnd(p.in.SQL) }

// origin is the Origin of a statement that holds the model's SQL at an offset.
func (p *planner) origin(at int) Origin {
	return Origin{Kind: OriginSQL, Start: at, End: at + len(p.sql())}
}

// text returns the statement made of three parts, the second one the model's
// SQL.
func (p *planner) around(before, after string) (string, Origin) {
	return before + p.sql() + after, p.origin(len(before))
}

func list(items []string) string { return strings.Join(items, ", ") }
