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
		b.WriteString("-- warning: " + comment(w.What))
		if w.Fix != "" {
			b.WriteString("; " + comment(w.Fix))
		}
		b.WriteString("\n")
	}
	for _, s := range p.Steps {
		b.WriteString("\n" + s.Text())
	}
	return b.String()
}

// Text shows one step.
func (s Step) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- %d. %s [%s]\n", s.Number, comment(s.Purpose), s.where())
	if s.Seed != nil {
		b.WriteString("-- rows: those of the file, in native batches\n")
	}
	switch {
	case s.Check != nil && s.Check.Rows != nil:
		fmt.Fprintf(&b, "-- expects: %d; otherwise all chunks are built again\n", *s.Check.Rows)
	case s.Check != nil && s.Check.Whole != nil:
		fmt.Fprintf(&b, "-- expects: the rows of %s, which were %d before; asked only when they are not as many\n", s.Check.steps(), *s.Check.Whole)
	case s.Check != nil && s.Check.Copy > 0:
		fmt.Fprintf(&b, "-- expects: 0; otherwise %s; asked only when step %d is not told to have written the rows of %s\n", s.Check.Why, s.Check.Copy, s.Check.steps())
	case s.Check != nil && s.Check.Zero:
		b.WriteString("-- expects: 0; otherwise " + s.Check.Why + "\n")
	case s.Check != nil && s.Check.Uncounted:
		b.WriteString("-- expects: the same number on all replicas of a shard\n")
	case s.Check != nil && s.Check.Since > 0:
		fmt.Fprintf(&b, "-- expects: the rows of %s%s\n", s.Check.steps(), spreadOver(s.Check.Hosts))
	case s.Check != nil:
		fmt.Fprintf(&b, "-- expects: the rows of %s%s\n", s.Check.steps(), spreadOver(s.Check.Hosts))
	}
	if s.Altered != nil {
		fmt.Fprintf(&b, "-- expects: what was changed; waits up to %s\n", s.Altered.Wait)
	}
	if s.Replicas != nil {
		b.WriteString("-- expects: " + s.Replicas.text() + "\n")
	}
	writeSettings(&b, "-- setting: ", s.Statement)
	if s.Undo != nil {
		b.WriteString("-- if this or a later step fails: " + s.Undo.SQL + "\n")
		writeSettings(&b, "--   setting: ", *s.Undo)
	}
	if s.Gone != nil {
		b.WriteString("-- if what it replaces is gone by then: " + s.Gone.SQL + "\n")
	}
	if clear := s.clearing(); clear != nil {
		then := "it is done again"
		if s.Batch != nil {
			then = "it is done again or left out"
		}
		b.WriteString("-- if it is broken off, before " + then + ": " + comment(clear.Statement.SQL) + "\n")
	}
	if s.Each != nil {
		b.WriteString("-- then for each partition that it names: " + comment(s.Each.SQL("...")) + "\n")
		writeSettings(&b, "--   setting: ", adapters.Statement{Settings: s.Each.Settings})
	}
	b.WriteString(s.Statement.SQL + ";\n")
	return b.String()
}

// steps names the steps whose rows a check is about.
func (c *Check) steps() string {
	s := fmt.Sprintf("step %d", c.WrittenBy)
	if c.Since > 0 {
		s = fmt.Sprintf("steps %d to %d", c.Since, c.WrittenBy)
	}
	if c.Before > 0 {
		s += fmt.Sprintf(" and %d that were there", c.Before)
	}
	return s
}

// where is the step's scope, with the hosts that it names.
func (s Step) where() string {
	if len(s.Hosts) == 0 {
		return string(s.Scope)
	}
	if s.InTurn {
		return string(s.Scope) + ", one after the other: " + comment(list(s.Hosts))
	}
	return string(s.Scope) + ": " + comment(list(s.Hosts))
}

func spreadOver(hosts []Host) string {
	if shards(hosts) > 1 {
		return ", summed over the shards"
	}
	return ""
}

// text says what is expected of each host.
func (r *Replicas) text() string {
	switch {
	case r.Of.Name != "" && len(r.Donors) == 0:
		return fmt.Sprintf("the host has it, and is no replica that takes no rows; waits up to %s", r.Wait)
	case r.Of.Name != "":
		return fmt.Sprintf("all parts that %s has on %s; waits up to %s", r.Of, comment(list(r.Donors)), r.Wait)
	case r.Require != "" && r.Parts:
		return map[Require]string{
			RequireAll:       "nothing to fetch, and the same parts on every replica of a shard",
			RequireQuorum:    "nothing to fetch, and the same parts on more than half of a shard's replicas; the others keep what they have",
			RequireAvailable: "nothing to fetch, and the same parts on one replica of each shard at least; those without keep what they have",
		}[r.Require] + fmt.Sprintf("; waits up to %s", r.Wait)
	case r.Gone.Name != "":
		return fmt.Sprintf("%s, no longer named %s", r.Table, r.Gone)
	case r.Parts:
		return "the table of the staging step, by its UUID or its path in Keeper"
	}
	return r.Table.String()
}

func writeSettings(b *strings.Builder, lead string, s adapters.Statement) {
	for _, k := range slices.Sorted(maps.Keys(s.Settings)) {
		fmt.Fprintf(b, "%s%s = %s\n", lead, k, adapters.Literal(s.Settings[k]))
	}
}

// comment is a text that stays within a line.
func comment(s string) string { return strings.ReplaceAll(s, "\n", " ") }
