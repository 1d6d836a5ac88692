package yaml_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// lenient are documents that PyYAML refuses and chmod reads, and why.
var lenient = map[string]string{
	"v: =":                         "a tag of YAML 1.1 that PyYAML cannot construct",
	"v: <<":                        "likewise",
	"!!map [1]\n":                  "the tag changes nothing",
	"- &x a\n- *x\n- &x b\n- *x\n": "the nearest anchor above counts, as in YAML 1.2",
}

// strict are documents that PyYAML reads and chmod refuses, and why.
var strict = map[string]string{
	`v: "a\/b"`:              "the library does not know the escape",
	"a: &x [*x]\n":           "a list that holds itself is a mistake in every file of a project",
	"a: !!binary aGVsbG8=\n": "no key of a project takes bytes",
	"a: !!set {x, y}\n":      "no key of a project takes a set",
	"a: !!omap [x: 1]\n":     "no key of a project takes pairs",
}

func TestValuesAreThoseOfPyYAML(t *testing.T) {
	text, err := os.ReadFile("testdata/pyyaml.json")
	require.NoError(t, err)
	var cases []struct{ YAML, Python, Error string }
	require.NoError(t, json.Unmarshal(text, &cases))
	require.NotEmpty(t, cases)
	for _, c := range cases {
		t.Run(c.YAML, func(t *testing.T) {
			node, list := yaml.Parse(source.New("x.yml", "", c.YAML))
			switch {
			case c.Error != "" && lenient[c.YAML] != "", c.Error == "" && strict[c.YAML] == "":
				require.NoError(t, list.Err())
			default:
				require.Error(t, list.Err(), "%s", value.Repr(node.Value()))
				return
			}
			if c.Error == "" {
				require.Equal(t, c.Python, value.Repr(node.Value()))
			}
		})
	}
}
