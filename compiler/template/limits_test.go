package template_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

func TestLimits(t *testing.T) {
	limits := template.Limits{Depth: 30, Iterations: 1000, Bytes: 5000}
	for text, want := range map[string]string{
		"{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}":                                                                  "depth",
		"{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{% call a() %}{% endcall %}{{ a() }}{% endmacro %}{{ b() }}": "",
		"{% for x in [[]] recursive %}{{ loop([1]) }}{% endfor %}":                                                         "depth",
		"{% set l = [1] %}{% for x in l %}{% do l.append(1) %}{% endfor %}":                                                "iterations",
		"{% for x in range(100) %}{% for y in range(100) %}{% endfor %}{% endfor %}":                                       "iterations",
		"{% for x in range(2000) if false %}{% endfor %}":                                                                  "iterations",
		"{% for x in range(100) %}{{ 'x' * 100 }}{% endfor %}":                                                             "bytes",
		"{% set s = 'x' * 4000 %}{{ s ~ s }}":                                                                              "bytes",
		"{% set l = ['x' * 2000] * 3 %}{% set s = l|join %}":                                                               "bytes",
	} {
		_, err := template.NewRenderer(context.Background(), nil, template.Options{Limits: limits}).Render(parse(t, text))
		require.Error(t, err, text)
		var limit *template.LimitError
		if want != "" {
			require.ErrorAs(t, err, &limit, text)
			require.Equal(t, want, limit.Limit, text)
		}
	}
}

func TestTextsThatGrowTooLong(t *testing.T) {
	for _, text := range []string{
		"{{ ('a\n' * 10000) | indent(100000) }}",
		"{{ ('a\n' * 10000) | indent('x' * 100000) }}",
		"{{ ('a ' * 10000) | wordwrap(1, wrapstring='x' * 100000) }}",
		"{{ ('a\n' * 10000) | wordwrap(5, wrapstring='x' * 100000) }}",
	} {
		_, err := template.NewRenderer(context.Background(), nil, template.Options{}).Render(parse(t, text))
		require.ErrorContains(t, err, "the string is too large", text)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	g := globals{"stop": &value.Func{Name: "stop", Fn: func(*value.Call) (value.Value, error) { cancel(); return "", nil }}}
	_, err := template.NewRenderer(ctx, g, template.Options{}).Render(parse(t, "{{ stop() }}{% for x in range(1000) %}{% endfor %}"))
	require.ErrorIs(t, err, context.Canceled)
}

func TestTemplatesAreSharedByRenderings(t *testing.T) {
	tmpl := parse(t, "{% set x = [] %}{% for i in range(20) %}{% do x.append(i ~ n) %}{% endfor %}{% macro m(a) %}{{ a }}{% endmacro %}{{ m(x|join) }}")
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 20 {
				out, err := template.NewRenderer(context.Background(), globals{"n": int64(n)}, template.Options{}).Render(tmpl)
				if err != nil || len(out.Text) != 50 {
					t.Errorf("%v %q", err, out.Text)
				}
			}
		})
	}
	all.Wait()
}
