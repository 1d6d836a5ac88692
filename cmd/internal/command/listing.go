package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// listing writes nodes as `ls` shows them.
type listing struct {
	inv    *invocation.Invocation
	output string
	keys   []string
}

func chooseWords(flags *pflag.FlagSet, output *string) {
	choose(flags, output, "output", "", "what to show of each node", "selector", "name", "path", "json")
}

// defaultKeys are the fields of --output json.
func defaultKeys() []string {
	return []string{"alias", "name", "package_name", "depends_on", "tags", "config", "resource_type", "source_name", "original_file_path", "unique_id"}
}

// line is what is shown of an id; false for what is never listed.
func (l listing) line(id string) (string, bool, error) {
	m := l.inv.Manifest()
	switch {
	case m.Nodes[id] != nil:
		n := m.Nodes[id]
		if n.Hook != nil {
			return "", false, nil
		}
		return l.show(strings.Join(n.FQN, "."), nodeName(n), n.OriginalPath, id)
	case m.Sources[id] != nil:
		s := m.Sources[id]
		return l.show("source:"+s.Package+"."+s.SourceName+"."+s.Name, s.SourceName+"."+s.Name, s.OriginalPath, id)
	case m.Exposures[id] != nil:
		e := m.Exposures[id]
		return l.show("exposure:"+e.Package+"."+e.Name, e.Name, e.OriginalPath, id)
	case m.UnitTests[id] != nil:
		u := m.UnitTests[id]
		return l.show("unit_test:"+u.Package+"."+u.Name, u.Name, u.OriginalPath, id)
	}
	return "", false, nil
}

func nodeName(n *manifest.Node) string {
	if n.Version != nil {
		return n.Name + ".v" + value.Str(n.Version)
	}
	return n.Name
}

func (l listing) show(selector, name, path, id string) (string, bool, error) {
	switch l.output {
	case "name":
		return name, true, nil
	case "path":
		return path, true, nil
	case "json":
		text, err := l.json(id)
		return text, true, err
	}
	return selector, true, nil
}

func (l listing) json(id string) (string, error) {
	fields := value.NewDict()
	m := l.inv.Manifest()
	switch {
	case m.Nodes[id] != nil:
		nodeFields(fields, m.Nodes[id])
	case m.Sources[id] != nil:
		sourceFields(fields, m.Sources[id])
	case m.Exposures[id] != nil:
		exposureFields(fields, m.Exposures[id])
	case m.UnitTests[id] != nil:
		unitTestFields(fields, m.UnitTests[id])
	}
	keys := l.keys
	if len(keys) == 0 {
		keys = defaultKeys()
	}
	out := value.NewDict()
	for k, v := range fields.All() {
		if name, ok := k.(string); ok && slices.Contains(keys, name) {
			out.Put(name, v)
		}
	}
	for _, key := range keys {
		if v, ok := dig(fields, key); ok {
			out.Put(key, v)
		}
	}
	text, err := value.MarshalJSON(out, value.JSONStyle{})
	if err != nil {
		return "", fmt.Errorf("list %s: %w", id, err)
	}
	return text, nil
}

// dig finds what a key with a dot names: a field of a field. A field that a
// node does not have is left out, as callers ask all nodes for the same ones.
func dig(fields *value.Dict, key string) (value.Value, bool) {
	first, rest, dotted := strings.Cut(key, ".")
	if !dotted {
		return nil, false
	}
	v, _ := fields.Get(first)
	d, ok := v.(*value.Dict)
	if !ok {
		return nil, false
	}
	return d.Get(rest)
}
