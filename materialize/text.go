package materialize

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// Text shows the plan: its notes, then each statement with its number, its
// purpose and its scope. The same plan always has the same text, and it is
// valid SQL throughout.
func (p *Plan) Text() string {
	var b strings.Builder
	b.WriteString("-- " + p.NodeID + ": " + p.Materialized)
	if p.Relation.Name != "" {
		b.WriteString(" " + p.Relation.String())
	}
	b.WriteString("\n")
	for _, n := range p.Notes {
		b.WriteString("-- note: " + n + "\n")
	}
	for _, w := range p.Warnings {
		b.WriteString("-- warning: " + comment(w.What) + "\n")
	}
	for _, s := range p.Steps {
		b.WriteString("\n" + s.Text())
	}
	return b.String()
}

// Text shows one step.
func (s Step) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- %d. %s [%s]\n", s.Number, comment(s.Purpose), s.Scope)
	if s.Seed != nil {
		b.WriteString("-- rows: those of the file, in native batches\n")
	}
	if s.Check != nil {
		fmt.Fprintf(&b, "-- expects: the rows of step %d\n", s.Check.WrittenBy)
	}
	writeSettings(&b, "-- setting: ", s.Statement)
	if s.Undo != nil {
		b.WriteString("-- if this or a later step fails: " + s.Undo.SQL + "\n")
		writeSettings(&b, "--   setting: ", *s.Undo)
	}
	b.WriteString(s.Statement.SQL + ";\n")
	return b.String()
}

func writeSettings(b *strings.Builder, lead string, s adapters.Statement) {
	for _, k := range slices.Sorted(maps.Keys(s.Settings)) {
		fmt.Fprintf(b, "%s%s = %s\n", lead, k, adapters.Literal(s.Settings[k]))
	}
}

// comment is a text that stays within a line.
func comment(s string) string { return strings.ReplaceAll(s, "\n", " ") }
