package property_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chmod-sql/chmod/compiler/property"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// BenchmarkRead reads the properties of 100 models with their columns and
// tests, one file of a large project.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString("version: 2\nmodels:\n")
	for i := range 100 {
		fmt.Fprintf(&text, "  - name: model_%d\n    description: What the model number %d is for and who reads it.\n    config:\n      tags: [daily]\n    columns:\n", i, i)
		for c := range 5 {
			fmt.Fprintf(&text, "      - name: column_%d\n        description: What is in it\n        data_tests:\n          - not_null\n          - accepted_values:\n              arguments: {values: ['a', 'b']}\n", c)
		}
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		raw, list := yaml.Parse(source.New("x.yml", "", text.String()))
		doc, _, err := property.Render(raw, shout{})
		if err != nil || list.HasErrors() {
			b.Fatal(err, list.All())
		}
		if f, found := property.Read(doc, raw); len(f.Models) != 100 || found.Len() > 0 {
			b.Fatal(found.All())
		}
	}
}
