package template_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// told is everything that a user is told about mistakes.
func told(err error) string {
	var list diag.List
	if rest := list.AddError(err); rest != nil {
		return rest.Error()
	}
	var b strings.Builder
	for _, d := range list.All() {
		fmt.Fprintf(&b, "%s [%s] %s\n", d.Error(), d.Code, d.Span.Text())
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "  %s: %s\n", n.Span, n.Text)
		}
	}
	return b.String()
}

func TestSyntaxErrors(t *testing.T) {
	for text, want := range map[string]string{
		"a {{ x": "t:1:3: this '{{' is never closed (end it with '}}') [jinja-syntax] {{\n",
		"{{ f(1 }}\n{{ g( }}": "t:1:5: this '(' is never closed (add the missing ')') [jinja-syntax] (\n" +
			"t:2:5: this '(' is never closed (add the missing ')') [jinja-syntax] (\n",
		"{% if a %}\n{% for x in y %}\n{% endif %}\n{{ z": "t:2:1: this 'for' block is not closed before the block around it ends (end it with '{% endfor %}') [jinja-syntax] {% for x in y\n" +
			"  t:3:4: the block around it ends here\n" +
			"t:4:1: this '{{' is never closed (end it with '}}') [jinja-syntax] {{\n",
		"{% if a %}x":                           "t:1:1: this 'if' block is never closed (end it with '{% endif %}') [jinja-syntax] {% if a\n",
		"{% macro m() %}{% if a %}x{% endif %}": "t:1:1: this 'macro' block is never closed (end it with '{% endmacro %}') [jinja-syntax] {% macro m()\n",
		"{% fro x in y %}{% endfro %}":          "t:1:4: unknown tag 'fro' (did you mean \"for\"?) [jinja-syntax] fro\n",
		"{% endif %}":                           "t:1:4: 'endif' ends nothing: no 'if' block is open here [jinja-syntax] endif\n",
		"{% for x in y %}{% endif %}{% endfor %}": "t:1:20: 'endif' ends nothing: no 'if' block is open here [jinja-syntax] endif\n" +
			"  t:1:1: the innermost open block is this 'for', which ends with 'endfor'\n",
		"{% else %}": "t:1:4: 'else' without a block that it belongs to [jinja-syntax] else\n",
		"{% include 'x' %}": "t:1:4: 'include' is not available in dbt projects: there are no templates to load: macros of the project and its packages are there without an import " +
			"(call macros by their names, or as 'package.macro()') [jinja-syntax] include\n",
		"{% block b %}x{% endblock %}{{ 1 + }}": "t:1:4: 'block' is not available in dbt projects: there are no templates to load: macros of the project and its packages are there without an import " +
			"(call macros by their names, or as 'package.macro()') [jinja-syntax] block\n" +
			"t:1:36: expected an expression, got '}}' [jinja-syntax] }}\n",
		"{{ ref({{ x }}) }}": "t:1:8: '{{' inside of a tag: a tag is Jinja already; braces around a name make no sense in it (remove the inner '{{' and '}}') [jinja-syntax] {{\n",
		"{{ x|uper }}":       "t:1:4: there is no filter 'uper' (did you mean \"upper\"?) [jinja-syntax] x|uper\n",
		"{{ x is defned }}":  "t:1:4: there is no test 'defned' (did you mean \"defined\"?) [jinja-syntax] x is defned\n",
		"{% set x %}a":       "t:1:1: this 'set' block is never closed (end it with '{% endset %}') [jinja-syntax] {% set x\n",
		"{% set x == 1 %}":   "t:1:10: expected '=' or the end of the tag, got '==' ('{% set x = ... %}' sets a value, '{% set x %}...{% endset %}' a text) [jinja-syntax] ==\n",
		"{% set 'a' = 1 %}":  "t:1:8: cannot assign to ''a'': only names can be assigned to [jinja-syntax] 'a'\n",
		"{{ config(a=1, a=2) }}": "t:1:16: the argument 'a' is given twice [jinja-syntax] a\n" +
			"  t:1:10: in this call\n",
		"{{ config(a=1 b=2) }}": "t:1:15: expected ',', got the name 'b' [jinja-syntax] b\n",
		"{{ 'a }}\n{{ 1 2 }}": "t:1:4: this string is never closed [jinja-syntax] '\n" +
			"t:2:6: expected '}}', got a number [jinja-syntax] 2\n",
		"{# a":                                "t:1:1: this comment is never closed (end it with '#}') [jinja-syntax] {#\n",
		"{% raw %}a":                          "t:1:1: this 'raw' block is never closed (end it with '{% endraw %}') [jinja-syntax] {% raw %}\n",
		"{% macro m(a=1, b) %}{% endmacro %}": "t:1:17: the parameter 'b' has no default but follows one that has (move it to the front or give it a default) [jinja-syntax] b\n",
		"{% materialization m, adaptr='x' %}{% endmaterialization %}": "t:1:23: a materialization has no option 'adaptr' (did you mean \"adapter\"?) [jinja-syntax] adaptr\n",
		"{% call x %}{% endcall %}":                                   "t:1:9: 'call' needs a call: a macro's name and its arguments in parentheses (write '{% call name(...) %}') [jinja-syntax] x\n",
		"{% break %}":                                                 "t:1:4: 'break' outside of a loop [jinja-syntax] break\n",
		"{{ a is b is c }}":                                           "t:1:11: a test cannot be tested again (write 'x is a and x is b') [jinja-syntax] is\n",
		"{{ '\\x4' }}":                                                "t:1:4: this string cannot be read: \\x needs 2 hexadecimal digits [jinja-syntax] '\\x4'\n",
		"{{ a ? b }}":                                                 "t:1:6: unexpected character '?' [jinja-syntax] ?\n",
		"{{ [1, 2) }}": "t:1:9: unexpected ')', expected ']' [jinja-syntax] )\n" +
			"  t:1:4: to close this one\n",
		"{% for loop in x %}{% endfor %}": "t:1:8: cannot assign to 'loop' inside of a loop (choose another name) [jinja-syntax] loop\n",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := template.Parse(source.New("t", "", text))
			require.Error(t, err)
			require.Equal(t, want, told(err))
		})
	}
}

func TestRuntimeErrors(t *testing.T) {
	g := globals{
		"world": &value.Func{Name: "world", Fn: func(*value.Call) (value.Value, error) {
			return nil, fmt.Errorf("connect to x: %w", errors.ErrUnsupported)
		}},
		"wrong": &value.Func{Name: "wrong", Fn: func(*value.Call) (value.Value, error) {
			return nil, diag.Diagnostic{Code: "unknown-ref", What: "there is no model 'x'"}
		}},
	}
	for text, want := range map[string]string{
		"{{ a.b }}":     "t:1:4: 'a' is undefined [jinja-undefined] a.b\n",
		"{{ {}.a.b }}":  "t:1:4: 'dict object' has no attribute 'a' [jinja-undefined] {}.a.b\n",
		"{{ 1 + 'a' }}": "t:1:4: unsupported operand type(s) for +: 'int' and 'str' [jinja-type] 1 + 'a'\n",
		"{% macro m(x) %}\n{{ x.y.z }}{% endmacro %}\n{% macro o() %}{{ m({}) }}{% endmacro %}\n{{ o() }}": "t:2:4: 'dict object' has no attribute 'y' [jinja-undefined] x.y.z\n" +
			"  t:3:19: in macro 'm', called here\n  t:4:4: in macro 'o', called here\n",
		"\n{{ wrong() }}": "t:2:4: there is no model 'x' [unknown-ref] wrong()\n",
		"{% macro m() %}{{ wrong() }}{% endmacro %}{{ m() }}":              "t:1:19: there is no model 'x' [unknown-ref] wrong()\n  t:1:46: in macro 'm', called here\n",
		"{{ [1]|map('nope')|list }}":                                       "t:1:4: there is no filter 'nope' [jinja-value] [1]|map('nope')\n",
		"{% macro m(a) %}{% endmacro %}{{ m(b=1) }}":                       "t:1:34: macro 'm' takes no keyword argument 'b': it is defined with (a) [jinja-type] m(b=1)\n  t:1:10: defined here\n",
		"{% macro m(cents, scale=[1, 2]) %}{% endmacro %}{{ m(cnets=1) }}": "t:1:52: macro 'm' takes no keyword argument 'cnets': it is defined with (cents, scale=[1, 2]) (did you mean \"cents\"?) [jinja-type] m(cnets=1)\n  t:1:10: defined here\n",
		"{% macro m() %}{% endmacro %}{{ m(1) }}":                          "t:1:33: macro 'm' takes not more than 0 argument(s), 1 were given: it is defined with () [jinja-type] m(1)\n  t:1:10: defined here\n",
		"{{ world() }}": "t:1:4: connect to x: unsupported operation [jinja-call] world()\n",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := template.NewRenderer(context.Background(), g, template.Options{}).Render(parse(t, text))
			require.Error(t, err)
			require.Equal(t, want, strings.ReplaceAll(told(err), "t.sql:", "t:"))
		})
	}
}

func TestErrorsKeepTheirCause(t *testing.T) {
	cause := errors.New("refused")
	g := globals{"f": &value.Func{Name: "f", Fn: func(*value.Call) (value.Value, error) { return nil, fmt.Errorf("connect: %w", cause) }}}
	_, err := template.NewRenderer(context.Background(), g, template.Options{}).Render(parse(t, "{{ f() }}"))
	require.ErrorIs(t, err, cause)
	_, err = template.NewRenderer(context.Background(), g, template.Options{}).Render(parse(t, "{{ nope.x }}"))
	var raised *value.Error
	require.ErrorAs(t, err, &raised)
	require.Equal(t, "UndefinedError", raised.Class)
}
