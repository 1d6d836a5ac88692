package materialize

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// alterTable changes the table that is there as the config says, and sees on
// each host that it is so. Each change is a statement of its own: of what is
// broken off, the next run sees the rest.
func (p *planner) alterTable(all []drift) {
	altered := &Altered{Relation: p.data}
	front := false
	// The last statement about a TTL has the parts follow, too, all of them for
	// all TTLs: no run that dies leaves the one without the other. It comes last,
	// as replicas do not take another one before they have it.
	slices.SortStableFunc(all, func(a, b drift) int {
		return cmp.Compare(rank(a.parts == materializeTTL), rank(b.parts == materializeTTL))
	})
	for i, d := range all {
		altered.actions = append(altered.actions, d.action)
		front = front || d.aspect == AspectComment
		step := Step{Purpose: "follow the config: " + d.what, Statement: adapters.Statement{Settings: p.metadataSettings()}}
		if d.parts == materializeTTL {
			p.ttlFollows(&step, i == len(all)-1)
		}
		p.alteration(d, step)
	}
	p.verifyAltered(altered)
	p.partsFollow(all)
	p.in.Target = p.in.Target.altered(all)
	if front && p.sharded() {
		p.front()
	}
	if front {
		p.viewOf(p.insertableNames())
	}
}

// alteration appends a step that alters the table. What replicas tell each
// other is told to one of each shard.
func (p *planner) alteration(d drift, step Step) {
	if p.onCluster() && p.replicated() && !d.own {
		step.Statement.SQL = p.ddl.perHost().alter(p.data, d.action)
		step.Told, step.Again = true, againAltered(d.action)
		p.onShards(step, d.hosts)
		return
	}
	hosts := d.hosts
	switch {
	case p.onCluster() && p.replicated():
		// Through ON CLUSTER, servers alter replicated tables on one host only,
		// and which alterations they except depends on their version.
		if hosts == nil {
			hosts = p.active()
		}
	case len(hosts) == len(p.active()):
		hosts = nil
	}
	p.changeOn(hosts, step, func(at ddl) string { return at.alter(p.data, d.action) }, nil)
}

// againAltered reports whether an action does no harm when it was carried out
// before.
func againAltered(action string) bool {
	return !strings.Contains(action, "ADD ") && !strings.Contains(action, "DROP ") || strings.Contains(action, " EXISTS ")
}

// metadataSettings make a server change what it says of a table, and nothing
// else yet, without waiting for replicas that are down: those that are up are
// looked at afterwards.
func (p *planner) metadataSettings() map[string]any { return p.alterWaits(1) }

// materializeTTL has the parts that are there follow a table's TTLs.
const materializeTTL = "MATERIALIZE TTL"

// ttlFollows has a change of a TTL hold for the parts that are there, in the
// background, if it is the last one and that is wanted.
func (p *planner) ttlFollows(step *Step, last bool) {
	if !last || !p.materializes(materializeTTL) {
		step.Statement.Settings["materialize_ttl_after_modify"] = 0
		return
	}
	step.Purpose += "; the parts that are there follow in the background"
	maps.Copy(step.Statement.Settings, p.alterWaits(0))
	maps.Copy(step.Statement.Settings, map[string]any{"mutations_sync": 0, "materialize_ttl_after_modify": 1})
}

// materializes reports whether the parts that are there are to follow a change.
func (p *planner) materializes(parts string) bool {
	chosen, asked := p.in.Node.Config.Get("materialize_changes")
	yes, _ := chosen.(bool)
	// Rows that are to be gone have to go; what only makes reading faster is not
	// worth writing all parts again unasked.
	return yes || parts == materializeTTL && (!asked || chosen == nil)
}

// verifyAltered waits until each host has the table as the statements say.
func (p *planner) verifyAltered(altered *Altered) {
	// It was read without a mistake before.
	altered.want, altered.byName, _ = p.wantedShape()
	altered.Wait, altered.Require = p.in.Topology.ddlWait(), p.in.Topology.require()
	step := Step{
		Purpose: "see that it is so", Kind: KindAltered, Altered: altered,
		Statement: adapters.Statement{SQL: p.ddl.definition(p.data)},
	}
	if p.onCluster() {
		step.Purpose = "see that it is so on each host"
		step.Scope, step.Hosts = ScopeHosts, p.active()
	}
	p.add(step)
}

// partsFollow has the parts that are there follow what was changed, in the
// background, where that is asked for, and says so where not.
func (p *planner) partsFollow(all []drift) {
	var told []string
	for _, d := range all {
		if d.config == "codec" {
			p.noteOnce("a codec holds for what is written from now on, and for the rest once it is merged")
		}
		if d.parts == "" || slices.Contains(told, d.parts) {
			continue
		}
		told = append(told, d.parts)
		if !p.materializes(d.parts) {
			p.note("%s holds for parts that are written from now on; materialize_changes: true, or this statement, has those follow that are there: %s",
				subject(d.parts), p.ddl.perHost().alter(p.data, d.parts))
			continue
		}
		if d.parts == materializeTTL {
			continue // it goes with the change
		}
		p.alteration(drift{change: change{action: d.parts, own: !p.replicated()}}, Step{
			Purpose:   "have the parts that are there follow, in the background: " + d.parts,
			Statement: adapters.Statement{Settings: map[string]any{"mutations_sync": 0}},
		})
	}
}

// subject is what an action materializes, in words.
func subject(parts string) string {
	kind, name, _ := strings.Cut(strings.TrimPrefix(parts, "MATERIALIZE "), " ")
	if name == "" {
		return "the " + kind
	}
	return strings.ToLower(kind) + " " + name
}

// altered is the target once it was altered.
func (t *Target) altered(all []drift) *Target {
	next := *t
	clauses, settings := map[string]string{}, map[string]string{}
	reset := map[string]bool{}
	for _, d := range all {
		verb, rest, _ := strings.Cut(d.action, " SETTING ")
		switch name, value, _ := strings.Cut(rest, " = "); {
		case verb == "MODIFY" && rest != "":
			settings[name] = value
		case verb == "RESET" && rest != "":
			reset[name] = true
		case d.column == "" && d.config == "ttl":
			clauses["TTL"] = strings.TrimPrefix(strings.TrimPrefix(d.action, "MODIFY TTL "), "REMOVE TTL")
		case d.config == "projections":
			next.Projected = !d.surplus() || t.hasProjections()
		}
	}
	if len(clauses)+len(settings)+len(reset) > 0 {
		next.EngineFull = reengined(t.EngineFull, clauses, settings, reset)
	}
	return &next
}

// reengined is an engine as a server prints it with other clauses and settings.
func reengined(full string, clauses, settings map[string]string, reset map[string]bool) string {
	s, err := engineShape(full)
	if err != nil {
		return full
	}
	_, _, rest, ok := splitEngine(full)
	if !ok {
		return full
	}
	text := strings.TrimSpace(strings.TrimSuffix(full, rest))
	for _, name := range []string{"PARTITION BY", "PRIMARY KEY", "ORDER BY", "SAMPLE BY", "TTL"} {
		clause := s.written[name]
		if other, ok := clauses[name]; ok {
			clause = other
		}
		if clause != "" {
			text += " " + name + " " + clause
		}
	}
	all := map[string]string{}
	for name, value := range s.settings {
		if !reset[name] {
			all[name] = settingText(value)
		}
	}
	maps.Copy(all, settings)
	var list []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, fmt.Sprintf("%s = %s", name, all[name]))
	}
	if len(list) > 0 {
		text += " SETTINGS " + strings.Join(list, ", ")
	}
	return text
}
