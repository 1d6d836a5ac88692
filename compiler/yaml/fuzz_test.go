package yaml_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// FuzzParse looks for panics, endless loops, and spans outside of the file.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/pyyaml.json")
	if err != nil {
		f.Fatal(err)
	}
	var cases []struct{ YAML string }
	if err := json.Unmarshal(text, &cases); err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.YAML)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := source.New("x.yml", "", text)
		n, list := yaml.Parse(file)
		if n != nil && list.HasErrors() {
			t.Fatal("a node and errors")
		}
		n.Value()
		visit(t, file, n)
	})
}

func visit(t *testing.T, file *source.File, n *yaml.Node) {
	if n == nil {
		return
	}
	if n.Span.Start < 0 || n.Span.End < n.Span.Start || n.Span.End > len(file.Text) {
		t.Fatalf("span %d-%d of %d", n.Span.Start, n.Span.End, len(file.Text))
	}
	if n.Kind == yaml.Scalar {
		at := n.At(0, len(n.Text))
		if at.Start < n.Span.Start || at.End > len(file.Text) {
			t.Fatalf("place %d-%d in %d-%d", at.Start, at.End, n.Span.Start, n.Span.End)
		}
	}
	for _, e := range n.Entries {
		visit(t, file, e.Key)
		visit(t, file, e.Value)
	}
	for _, item := range n.Items() {
		visit(t, file, item)
	}
}
