package materialize

import (
	"fmt"
	"math"

	"github.com/chmod-sql/chmod/adapters"
)

// seed plans a file of rows: streamed into a table of the invocation's own,
// checked, then put in the old one's place.
func (p *planner) seed() {
	p.checkReplication()
	if !p.replaceable() {
		return
	}
	if p.in.Seed == nil || len(p.in.Seed.Columns) == 0 {
		p.wrong("materialized", "empty-seed", fmt.Sprintf("%s: the seed has no columns", p.in.Node.Name), "a seed's first line names its columns", "")
		return
	}
	columns := make([]adapters.Column, len(p.in.Seed.Columns))
	asText := false
	for i, c := range p.in.Seed.Columns {
		columns[i] = c.Column
		asText = asText || c.Text
	}
	described := p.described(columns)
	p.clean()
	p.hooks(OriginPreHook, p.in.PreHooks)
	p.header()
	settings := p.querySettings()
	p.createStaging(p.staging, described, settings)
	_, writtenBy := p.spread(func(into adapters.Relation) (int, int) {
		if asText {
			return 0, p.loadText(into, settings)
		}
		return 0, p.load(into, "load the rows of the file")
	})
	p.settleReplicas()
	p.checkRows(writtenBy, writtenBy, "the file has")
	p.swap()
	p.grants()
	p.hooks(OriginPostHook, p.in.PostHooks)
}

// load streams the file into a table and returns the step's number.
func (p *planner) load(into adapters.Relation, purpose string) int {
	names := make([]string, len(p.in.Seed.Columns))
	for i, c := range p.in.Seed.Columns {
		names[i] = c.Name
	}
	settings := p.insertSettings(nil)
	if p.in.Server.Version.AtLeast(21, 12) {
		settings["async_insert"] = 0 // the rows must be there when it returns
	}
	p.foreground(settings)
	return p.add(Step{
		Purpose: purpose, Kind: KindSeed, Seed: p.in.Seed,
		Statement: adapters.Statement{
			SQL:      "INSERT INTO " + into.String() + " (" + adapters.QuoteIdents(names) + ")",
			Settings: settings,
		},
	})
}

// loadText streams the file into a table that has text where only the server
// can make the value, and lets the server cast it.
func (p *planner) loadText(into adapters.Relation, settings map[string]any) int {
	text := p.named(RoleText)
	t := table{relation: text, engine: "MergeTree()", clauses: []string{"ORDER BY tuple()"}}
	var names, casts []string
	for _, c := range p.in.Seed.Columns {
		name := adapters.QuoteIdent(c.Name)
		names = append(names, c.Name)
		if !c.Text {
			t.elements = append(t.elements, name+" "+c.Type)
			casts = append(casts, name)
			continue
		}
		t.elements = append(t.elements, name+" "+c.textType())
		cast := "CAST(" + name + " AS " + c.Type + ")"
		if c.Defaults {
			cast = "if(" + name + " = '', defaultValueOfTypeName(" + adapters.Literal(c.Type) + "), " + cast + ")"
		}
		casts = append(casts, cast)
	}
	// On this server alone, whatever the cluster: nobody else reads it.
	own := ddl{server: p.in.Server, scope: ScopeNode}
	drop := adapters.Statement{SQL: own.drop(text, true), Settings: p.dropSettings(math.MaxUint64)}
	p.add(Step{
		Purpose:   "create a table for the file's text",
		Statement: adapters.Statement{SQL: own.createTable(t), Settings: settings},
		Undo:      &drop,
	})
	loaded := p.load(text, "load the rows of the file, as text where the server has to read it")
	p.add(Step{
		Purpose: "fill the new table from it", Kind: KindInsert,
		Statement: adapters.Statement{
			SQL: "INSERT INTO " + into.String() + " (" + adapters.QuoteIdents(names) + ")\nSELECT " +
				list(casts) + " FROM " + text.String(),
			Settings: p.insertSettings(settings),
		},
	})
	p.add(Step{Purpose: "drop the table of the file's text", Statement: drop})
	return loaded
}

// LackedTypes are types that a seed's columns must not get on such a server.
func LackedTypes(v adapters.Version) map[string]bool {
	lacks := map[string]bool{}
	for _, t := range []struct {
		name         string
		major, minor int
	}{{"Bool", 21, 12}, {"Date32", 21, 9}, {"DateTime64", 20, 1}, {"Decimal256", 20, 12}} {
		if !v.AtLeast(t.major, t.minor) {
			lacks[t.name] = true
		}
	}
	return lacks
}

// textType is the type of a column that holds the file's text.
func (c SeedColumn) textType() string {
	if c.Nullable {
		return "Nullable(String)"
	}
	return "String"
}
