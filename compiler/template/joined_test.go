package template_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/template"
)

// A call block whose macro returns no text is a mistake only where its output
// is joined: a return() that comes first saves it, in the macro or around it.
func TestCallBlocksThatPrintNoText(t *testing.T) {
	statement := "{% macro statement() %}{% set sql = caller() %}{% endmacro %}" +
		"{% macro early() %}{% call statement() %}{{ return([1]) }}{% endcall %}{{ return('done') }}{% endmacro %}" +
		"{% macro late() %}{% call statement() %}{{ return([1]) }}{% endcall %}{% endmacro %}"
	for text, want := range map[string]string{
		"{{ early() }}":                                 "done",
		"a{{ early() }}b{{ early() }}":                  "adonebdone",
		"{% set x %}{{ early() }}{% endset %}[{{ x }}]": "[done]",
	} {
		out, err := project(t, template.Options{}, text, statement)
		require.NoError(t, err, text)
		require.Equal(t, want, out.Text, text)
	}
	for _, text := range []string{
		"{{ late() }}",
		"{% set x %}{{ late() }}{% endset %}",
		"{% call statement() %}{{ return([1]) }}{% endcall %}",
		"{% for i in [[1]] recursive %}{% call statement() %}{{ return(i) }}{% endcall %}{% endfor %}",
	} {
		_, err := project(t, template.Options{}, text, statement)
		require.ErrorContains(t, err, "made a value of type list", text)
	}
}
