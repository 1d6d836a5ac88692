package materialize

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// Expected is what a node's config asks for on the hosts, as far as that can
// be told without building it.
type Expected struct {
	Node *manifest.Node
	// Relations are the node's: what users read, and behind it on each host what
	// holds the rows of a shard.
	Relations []ExpectedRelation
	// Hosts are those that have to have them; nil for the connected server alone.
	Hosts []Host
	// Scope is how statements reach them.
	Scope Scope
	// Grants are those of the config on the first relation; nil when it has no
	// say in that.
	Grants []Grant
	// Unknown says why not all of it is known.
	Unknown error

	in Input
}

// ExpectedRelation is one relation of a node.
type ExpectedRelation struct {
	adapters.Relation
	// Create is what would create it, empty when that is not known.
	Create string
	// Rows says that it holds rows, or is behind what does.
	Rows bool

	distributed bool
	// loose says that the columns may be others than those of the SQL.
	loose bool
	// documented and commented say that comments of columns and of the table are
	// the config's affair.
	documented, commented bool
	shape                 *shape // of Create; nil when that is not known
}

// Expect tells what a node's relations should be. in.Columns are those that its
// SQL returns at present, nil when nobody knows. Nodes that have no relation
// have no expectations.
func Expect(in Input) (*Expected, error) {
	// A host that is down cannot be compared, and must not keep the others from
	// being so.
	in.Topology.Clusters = aliveOnly(in.Topology.Clusters)
	p := newPlanner(in)
	e := &Expected{Node: in.Node, Scope: p.ddl.scope, in: in}
	if p.plan.Relation.Name == "" {
		return e, p.diags.Err()
	}
	if p.onCluster() || p.ddl.scope == ScopeDatabase {
		e.Hosts = p.hosts
	}
	materialized := p.plan.Materialized
	if materialized == "" {
		materialized = "view"
	}
	kept := strings.Contains(materialized, "incremental") || materialized == manifest.Snapshot
	switch {
	case materialized == "view":
		e.Relations = append(e.Relations, p.expectedView())
	case materialized == manifest.Seed, materialized == "table", materialized == "distributed_table", kept && materialized != manifest.Snapshot:
		e.Relations = append(e.Relations, p.expectedTable(kept))
		if p.sharded() {
			e.Relations = append(e.Relations, p.expectedDistributed())
		}
		if p.viewed() {
			e.Relations = append(e.Relations, p.expectedFinal())
		}
	default:
		e.Relations = append(e.Relations, ExpectedRelation{Relation: p.data, Rows: true})
		if p.sharded() {
			e.Relations = append(e.Relations, p.expectedDistributed())
		}
	}
	if NeedsGrants(in.Node) && p.has(adapters.GrantStatement) {
		if wanted, ok := p.wantedGrants(); ok {
			e.Grants = slices.Clip(append([]Grant{}, wanted...))
		}
	}
	return e, p.diags.Err()
}

// expectedDistributed is what reads all shards.
func (p *planner) expectedDistributed() ExpectedRelation {
	t := p.distributed(p.whole, p.data)
	t.comment = p.relationComment()
	return ExpectedRelation{
		Relation: p.whole, Create: ddl{server: p.ddl.server, scope: ScopeNode}.createTable(t), distributed: true,
		commented: p.persists("relation"),
	}
}

// aliveOnly is without the hosts that are down.
func aliveOnly(clusters map[string][]Host) map[string][]Host {
	alive := make(map[string][]Host, len(clusters))
	for name, hosts := range clusters {
		alive[name] = up(hosts)
	}
	return alive
}

func (p *planner) expectedView() ExpectedRelation {
	r := ExpectedRelation{Relation: p.target, commented: p.persists("relation"), documented: p.documentsColumns()}
	settings := p.viewSettings()
	v := view{relation: p.target, security: p.security(), comment: p.relationComment()}
	var columns []column
	if p.in.Columns != nil && (p.in.Node.Contract.Enforced || r.documented) {
		columns = p.tableColumns()
		for _, c := range columns {
			v.columns = append(v.columns, c.declared(r.documented))
		}
	}
	if p.in.SQL == "" || p.in.Node.Contract.Enforced && columns == nil {
		return r
	}
	before, after := p.viewQuery(columns, settings)
	v.query, _ = p.around(before, after)
	r.Create, _ = ddl{server: p.ddl.server, scope: ScopeNode}.createView(v)
	return r
}

func (p *planner) expectedTable(kept bool) ExpectedRelation {
	r := ExpectedRelation{Relation: p.data, Rows: true, commented: p.persists("relation"), documented: p.documentsColumns(), loose: kept}
	var columns []column
	switch {
	case p.in.Seed != nil:
		all := make([]adapters.Column, len(p.in.Seed.Columns))
		for i, c := range p.in.Seed.Columns {
			all[i] = c.Column
		}
		columns = p.described(all)
	case p.in.Columns != nil:
		columns = p.tableColumns()
	default:
		r.loose = true
	}
	t := p.definition(p.data, columns)
	r.Create = ddl{server: p.ddl.server, scope: ScopeNode}.createTable(t)
	if columns == nil {
		r.Create = strings.Replace(r.Create, placeholder, adapters.QuoteIdent("unknown")+" UInt8", 1)
	}
	return r
}

// Read reads the statements of the expectations as the server itself would
// write them, where it can be asked: it knows what is only a matter of style.
func Read(ctx context.Context, s adapters.Session, server adapters.Server, all []*Expected) error {
	var texts []string
	var of []*ExpectedRelation
	for _, e := range all {
		for i := range e.Relations {
			if r := &e.Relations[i]; r.Create != "" {
				texts, of = append(texts, r.Create), append(of, r)
			}
		}
	}
	if server.Version.AtLeast(24, 1) {
		for start := 0; start < len(texts); {
			end := start + 1
			for size := len(texts[start]); end < len(texts) && size+len(texts[end]) < written; end++ {
				size += len(texts[end])
			}
			if err := write(ctx, s, texts[start:end]); err != nil {
				return err
			}
			start = end
		}
	}
	for i, r := range of {
		read, err := readShape(texts[i])
		if err != nil {
			return fmt.Errorf("read the definition of %s: %w", r.Relation, err)
		}
		r.shape = &read
	}
	return nil
}

// written bounds the texts that a server is asked to write at once: it reads no
// statement that is much longer.
const written = 100_000

// write replaces the texts by what the server makes of them.
func write(ctx context.Context, s adapters.Session, texts []string) error {
	literals := make([]string, len(texts))
	for i, t := range texts {
		literals[i] = adapters.Literal(t)
	}
	if len(texts) == 1 && len(literals[0]) > written {
		return nil
	}
	table, _, err := s.Query(ctx, adapters.Statement{SQL: "SELECT ifNull(formatQuerySingleLineOrNull(text), '') FROM" +
		" (SELECT arrayJoin([" + list(literals) + "]) AS text)"})
	if err != nil {
		return fmt.Errorf("have the definitions written by the server: %w", err)
	}
	if len(table.Rows) != len(texts) {
		return fmt.Errorf("the server wrote %d definitions instead of %d", len(table.Rows), len(texts))
	}
	for i, row := range table.Rows {
		if text, _ := row[0].(string); text != "" {
			texts[i] = text
		}
	}
	return nil
}

// target is what users read.
func (e *Expected) target() adapters.Relation {
	return adapters.Relation{Database: e.Node.Schema, Name: e.Node.Alias}
}

// Described are the columns in the answer to the statement of Plan.Reads.
func Described(t *adapters.Table) ([]adapters.Column, error) { return describedColumns(t) }
