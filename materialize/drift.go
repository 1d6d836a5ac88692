package materialize

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// drift reports where the table is no longer what the config says. What was
// decided when it was created stays so until it is built again.
func (p *planner) drift() {
	name, _, rest, ok := splitEngine(p.in.Target.EngineFull)
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
	if p.mergeTree() {
		p.driftOfKeys(rest)
	}
}

// driftOfKeys compares the keys and the TTL. Only names are compared, in their
// order: servers write expressions in ways of their own.
func (p *planner) driftOfKeys(rest string) {
	has := engineClauses(rest)
	for _, c := range []struct{ key, clause string }{{"order_by", "ORDER BY"}, {"partition_by", "PARTITION BY"}, {"ttl", "TTL"}} {
		want := p.in.Node.Config.String(c.key)
		if c.key != "ttl" {
			want = p.keyClause(c.key)
		}
		if slices.Equal(names(want), names(has[c.clause])) {
			continue
		}
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: "table-drifted", Span: p.place(c.key),
			What: fmt.Sprintf("%s: the config says %s %s, and %s has %s", p.in.Node.Name, c.clause, clauseOr(want), p.data, clauseOr(has[c.clause])),
			Why:  "it was built before that was changed", Fix: "build it again with --full-refresh",
		}
		switch strings.ToLower(p.in.Node.Config.String("on_configuration_change")) {
		case "continue":
			p.note("%s", d.What)
			continue
		case "fail":
			d.Severity = diag.Error
		}
		p.diags.Add(d)
	}
}

func clauseOr(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

var clauseWord = regexp.MustCompile(`^(?i)(PARTITION BY|PRIMARY KEY|ORDER BY|SAMPLE BY|TTL|SETTINGS)\b`)

// engineClauses are the clauses after an engine, as a server prints them.
func engineClauses(rest string) map[string]string {
	clauses := map[string]string{}
	clause, start, depth := "", 0, 0
	end := func(at int) {
		if clause != "" {
			clauses[clause] = strings.TrimSpace(rest[start:at])
		}
	}
	for i := 0; i < len(rest); {
		size, _ := token(rest[i:])
		switch rest[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		}
		if word := clauseWord.FindString(rest[i:]); word != "" && depth == 0 && (i == 0 || rest[i-1] == ' ' || rest[i-1] == '\n') {
			end(i)
			clause, size = strings.ToUpper(word), len(word)
			start = i + size
		}
		i += size
	}
	end(len(rest))
	return clauses
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
