package materialize

import (
	"fmt"
)

// drift reports where the table is no longer what the config says.
func (p *planner) drift() {
	name, _, _, ok := splitEngine(p.in.Target.EngineFull)
	if !ok {
		p.wrong("engine", "table-drifted", fmt.Sprintf("%s: the engine of %s cannot be read", p.in.Node.Name, p.data),
			"the server says "+p.in.Target.EngineFull, "build it again with --full-refresh")
		return
	}
	want := familyName(p.engineName())
	if familyName(name) != want {
		p.wrong("engine", "table-drifted", fmt.Sprintf("%s: %s has the engine %s, and the config asks for %s", p.in.Node.Name, p.data, name, p.engineName()),
			"a table's engine cannot be changed", "build it again with --full-refresh")
		return
	}
	if p.mergeTree() && !sharedEngine(p.engineOfDatabase) && (familyName(name) != name) != p.replicated() {
		p.wrong("replication", "table-drifted", fmt.Sprintf("%s: %s has the engine %s, and here it should be %s", p.in.Node.Name, p.data, name, p.placedEngine(p.data)),
			"a table's engine cannot be changed", "build it again with --full-refresh")
	}
}
