package materialize

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// drift is one way in which a table that is kept is not what the config says,
// on some hosts; none on one server.
type drift struct {
	change
	hosts []string
}

// followConfig makes a table that is kept what the config says, as far as that
// can be done to a table that is there, and reports the rest.
func (p *planner) followConfig() {
	p.followColumns()
	found := p.drifts()
	if p.diags.Err() != nil {
		return
	}
	policy := configPolicy(p.in.Node.Config)
	var alter []drift
	for _, d := range found {
		switch {
		case d.surplus() && !p.governs(d.config):
			p.note("%s: %s, and the config has no %s: it is left alone; %s: [] drops it", p.data, d.what, d.config, d.config)
		case policy == "continue":
			p.note("%s: %s, and on_configuration_change is continue: %s", p.data, d.what, p.remedy(d))
		case policy == "fail":
			p.driftTold(d, diag.Error, "on_configuration_change is fail")
		case d.action == "":
			p.driftTold(d, diag.Warning, "it was built before that was changed, and servers do not change it in a table that is there")
		default:
			alter = append(alter, d)
		}
	}
	if p.diags.Err() == nil && len(alter) > 0 {
		p.alterTable(alter)
	}
}

// configPolicy is what a changed config does to a table that is kept: apply,
// continue or fail. dbt's name for it always has a value, the shorter one only
// when it was chosen.
func configPolicy(c *manifest.Config) string {
	if short := c.String("on_config_change"); short != "" {
		return strings.ToLower(short)
	}
	return strings.ToLower(c.String("on_configuration_change"))
}

// surplus reports whether it is something that the config does not ask for.
func (d drift) surplus() bool {
	return d.aspect == AspectIndexes && strings.HasPrefix(d.action, "DROP ") && !strings.Contains(d.action, ", ADD ")
}

// governs reports whether the config has a say in what is of that key.
func (p *planner) governs(key string) bool {
	_, ok := p.in.Node.Config.Get(key)
	return ok || key == ""
}

func (p *planner) driftTold(d drift, severity diag.Severity, why string) {
	p.diags.Add(diag.Diagnostic{
		Severity: severity, Code: "table-drifted", Span: p.drifted(d),
		What: fmt.Sprintf("%s: %s is not as the config says: %s%s", p.in.Node.Name, p.data, d.what, onHosts(d.hosts)), Why: why, Fix: p.remedy(d),
	})
}

func onHosts(hosts []string) string {
	if len(hosts) == 0 {
		return ""
	}
	return ", on " + list(hosts)
}

// drifted is where the config is that the table does not follow.
func (p *planner) drifted(d drift) source.Span {
	if c := p.in.Node.Column(strings.Trim(d.column, "`\"")); d.column != "" && c != nil && c.Span.Known() {
		return c.Span
	}
	return p.place(d.config)
}

// remedy is what to do about a table that is not what the config says.
func (p *planner) remedy(d drift) string {
	switch {
	case d.action != "":
		return "use on_configuration_change: apply, which changes it in the table that is there"
	case !incrementally(p.in.Node.Materialized()):
		return "what it holds cannot be built again: make a table as the config says, copy all rows into it, and exchange the two by hand"
	}
	return "build it again with --full-refresh"
}

// drifts compares the table on each host with the config.
func (p *planner) drifts() []drift {
	want, byName, err := p.wantedShape()
	if err != nil {
		p.wrong("engine", "table-drifted", fmt.Sprintf("%s: the definition of %s cannot be read", p.in.Node.Name, p.data), err.Error(), "")
		return nil
	}
	if !p.sameEngine(want) {
		return nil
	}
	look := looks{asked: true, byName: byName, storage: true, comment: p.persists("relation") && p.has(adapters.TableComment), column: p.documentsColumns()}
	var all []drift
	have, hosts := p.haveShapes()
	for _, host := range hosts {
		h := have[host]
		own := look
		if len(h.columns) == 0 { // all that is known is the engine
			own.comment, h.entries = false, want.entries
		}
		for _, c := range differences(want, h, own) {
			if c.aspect == AspectEngine && !p.mergeTree() {
				continue // servers hide parts of what other engines are told
			}
			if !p.alterable(c) {
				c.action = ""
			}
			at := slices.IndexFunc(all, func(d drift) bool { return d.what == c.what })
			if at < 0 {
				all, at = append(all, drift{change: c}), len(all)
			}
			if host != "" {
				all[at].hosts = append(all[at].hosts, host)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return slices.DeleteFunc(all, func(d drift) bool { return p.sortsNew(d, want, have[hosts[0]]) })
}

// alterable reports whether the oldest of the servers can carry the action out.
func (p *planner) alterable(c change) bool {
	switch {
	case c.action == "":
		return false
	case c.aspect == AspectComment:
		return true
	}
	return p.mergeTree() && p.ddl.server.Version.AtLeast(20, 12)
}

// sameEngine reports whether the table has the engine that the config asks for,
// or one that rows are added to in the same way.
func (p *planner) sameEngine(want shape) bool {
	name, _, _, ok := splitEngine(p.in.Target.EngineFull)
	switch accepted := configPolicy(p.in.Node.Config) == "continue"; {
	case !ok:
		p.wrong("engine", "table-drifted", fmt.Sprintf("%s: the engine of %s cannot be read", p.in.Node.Name, p.data),
			"the server says "+p.in.Target.EngineFull, p.remedy(drift{}))
		return false
	case familyName(name) == want.engine:
	case accepted && strings.HasSuffix(name, "MergeTree") && p.mergeTree():
	default:
		p.wrong("engine", "table-drifted", fmt.Sprintf("%s: %s has the engine %s, and the config asks for %s", p.in.Node.Name, p.data, name, p.engineName()),
			"a table's engine cannot be changed", p.remedy(drift{}))
		return false
	}
	if p.mergeTree() && !sharedEngine(p.engineOfDatabase) && (familyName(name) != name) != p.replicated() {
		p.wrong("replication", "table-drifted", fmt.Sprintf("%s: %s has the engine %s, and here it should be %s", p.in.Node.Name, p.data, name, p.placedEngine(p.data)),
			"a table's engine cannot be changed", p.remedy(drift{}))
		return false
	}
	return true
}

// haveShapes are what each host has, without where it is in Keeper; one server
// has no name.
func (p *planner) haveShapes() (map[string]shape, []string) {
	definitions := map[string]adapters.Definition{"": p.in.Target.Definition}
	hosts := []string{""}
	if p.onCluster() && len(p.in.Target.Hosts) > 0 {
		definitions, hosts = p.in.Target.Hosts, nil
		for _, h := range p.active() {
			if _, ok := definitions[h]; ok {
				hosts = append(hosts, h)
			}
		}
	}
	shapes := map[string]shape{}
	for _, host := range hosts {
		s, err := readShape(definitions[host].CreateQuery)
		if err != nil || s.engine == "" {
			// Without the whole statement, its engine tells the keys. That can
			// be read: it has an engine's name.
			s, _ = engineShape(definitions[host].EngineFull)
		}
		shapes[host] = s.unplaced()
	}
	return shapes, hosts
}

// unplaced is a shape with the engine that the table would have without
// replication.
func (s shape) unplaced() shape {
	if s.engine != familyName(s.engine) && len(s.args) > 1 && strings.HasPrefix(s.args[0], "'") {
		s.args = s.args[2:]
	}
	s.engine = familyName(s.engine)
	return s
}

var (
	nameWord = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
	interval = regexp.MustCompile(`(?i)\binterval\s+([0-9]+)\s+([a-z]+?)s?\b`)
)

// names are the names in an expression, in lower case; tuple() is none, and an
// interval is the function that servers make of it.
func names(text string) []string {
	text = interval.ReplaceAllString(text, "toInterval$2($1)")
	return slices.DeleteFunc(nameWord.FindAllString(strings.ToLower(text), -1), func(s string) bool { return s == "tuple" })
}
