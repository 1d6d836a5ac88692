package yaml_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// show is a diagnostic with the line it points at.
func show(d diag.Diagnostic) string {
	var b strings.Builder
	p := d.Span.Begin()
	fmt.Fprintf(&b, "%s %s at %s: %s\n", d.Severity, d.Code, d.Span, d.What)
	line := d.Span.File.Line(p.Line)
	fmt.Fprintf(&b, "  | %s\n  | %s^\n", line, strings.Repeat(" ", p.Column-1))
	if d.Why != "" {
		fmt.Fprintf(&b, "  why: %s\n", d.Why)
	}
	if d.Fix != "" {
		fmt.Fprintf(&b, "  fix: %s\n", d.Fix)
	}
	return b.String()
}

func TestMistakesAreShownWhereTheyAre(t *testing.T) {
	cases := []string{
		"models:\n  - name: a\n\tdescription: b\n",
		"models:\n  - name: a\n    description: {{ doc('a') }}\n",
		"models:\n  - name: {{ var('a') }}_x\n",
		"models:\n  - name: a\n    config: {% if x %}\n",
		"models:\n  - name:a\n    description: b\n",
		"models:\n  - name: a\n    description: this: that\n",
		"models:\n  - name: a\n    columns:\n      - name: id\n     - name: b\n",
		"models:\n  - name: a\n    columns:\n      - name: id\n       description: b\n",
		"models:\n  - name: a\n   description: b\n",
		"models:\n  - name: a\n    description: @x\n",
		"models:\n  - name: a\n    description: `x`\n",
		"models:\n  - name: a\n    description: 'it's'\n",
		"models:\n  - name: a\n    description: \"open\n",
		"models:\n  - name: a\n    tags: [a, b\n",
		"models:\n  - name: a\n    select: *\n",
		"models:\n  - name: a\n    select: *nothing\n",
		"a: 1\n---\nb: 2\n",
		"a: 2025-02-30\n",
		"a: !ENV x\n",
		"[a, b]: c\n",
		"a:\n  <<: 1\n",
		"a: &a [*a]\n",
		strings.Repeat("[", 500) + strings.Repeat("]", 500) + "\n",
	}
	var got strings.Builder
	for _, c := range cases {
		_, list := yaml.Parse(source.New("x.yml", "", c))
		require.Error(t, list.Err(), c)
		if len(c) > 300 {
			c = c[:40] + "...\n"
		}
		got.WriteString("-- \n" + c + "=>\n")
		for _, d := range list.All() {
			text := show(d)
			for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
				got.WriteString(line[:min(len(line), 160)] + "\n")
			}
		}
	}
	const golden = "testdata/mistakes.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

func TestAliasesCannotMakeAFileHuge(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	n, list := yaml.Parse(source.New("x.yml", "", b.String()))
	require.Nil(t, n)
	require.ErrorContains(t, list.Err(), "the YAML is too large")
}
