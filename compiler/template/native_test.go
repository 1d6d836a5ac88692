package template_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

func TestNative(t *testing.T) {
	g := globals{"n": int64(5), "l": value.NewList(int64(1)), "s": "7", "f": &value.Func{Name: "f", Fn: func(*value.Call) (value.Value, error) { return true, nil }}}
	for text, want := range map[string]value.Value{
		"":                                    "",
		"7":                                   "7",
		"{{ n }}":                             int64(5),
		"{{ s }}":                             "7",
		"{{ l }}":                             g["l"],
		"{{ f() }}":                           true,
		"{{ n }} ":                            "5 ",
		"{{ n }}{{ n }}":                      "55",
		"{{ 1 }}":                             "1", // a constant is text before it is run
		"{{ true }}":                          "True",
		"{{ [1, 2] }}":                        "[1, 2]",
		"{{ 'a' }}{{ 'b' }}":                  "ab",
		"{{ none }}":                          "None",
		"{{ nothing }}":                       &value.Undefined{Name: "nothing"},
		"{{ s|as_number }}":                   int64(7),
		"{{ '7'|as_number }}":                 int64(7),
		"{{ '-1.5'|as_number }}":              -1.5,
		"{{ 'True'|as_bool }}":                true,
		"{{ f()|as_bool }}":                   true,
		"{{ s|as_native }}":                   int64(7),
		"{{ 'abc'|as_native }}":               "abc",
		"{{ \"['a', 1]\"|as_native|string }}": value.NewList("a", int64(1)), // str() of what is text does nothing
		"{{ \"['a', 1]\"|as_native|trim }}":   "['a', 1]",
		"{{ s|as_text }}":                     "7",
		"{{ n|as_text }}":                     "5",
		"{% if n %}{{ l }}{% endif %}":        g["l"],
		"{% set x = 1 %}{{ n }}":              int64(5),
		"{% for i in [1, 2] %}{{ i }}{% endfor %}": "12",
		"a{# c #}b": "ab",
	} {
		v, err := template.NewRenderer(context.Background(), g, template.Options{}).Native(parse(t, text))
		require.NoError(t, err, text)
		require.Equal(t, want, v, text)
	}
}

func TestNativeRefusesWhatIsNoLiteral(t *testing.T) {
	for text, want := range map[string]string{
		"{{ 'yes'|as_bool }}":    "t.sql:1:4: Could not convert value 'yes' into type 'bool'",
		"{{ 'true'|as_bool }}":   "t.sql:1:4: Could not convert value 'true' into type 'bool'",
		"{{ 'x'|as_number }}":    "t.sql:1:4: Could not convert value 'x' into type 'number'",
		"{{ true|as_number }}":   "t.sql:1:4: Could not convert value 'True' into type 'number'",
		"{{ '1 }}'|as_number }}": "t.sql:1:4: Could not convert value '1 }}' into type 'number'",
	} {
		_, err := template.NewRenderer(context.Background(), nil, template.Options{}).Native(parse(t, text))
		require.EqualError(t, err, want, text)
	}
}

func TestMarkersMeanNothingInText(t *testing.T) {
	require.Equal(t, "True 7 [1]", render(t, "{{ true|as_bool }} {{ '7'|as_number }} {{ [1]|as_native }}", nil))
}
