package template_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pymodules"
)

// doubled is a list that holds itself 2^40 times over.
const doubled = "{% set ns = namespace(a=[1], b=[1], t=(1,), u=(1,), d={'k': 1}, e={'k': 1}) %}{% for i in range(40) %}" +
	"{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% set ns.t = (ns.t, ns.t) %}{% set ns.u = (ns.u, ns.u) %}" +
	"{% set ns.d = {'x': ns.d, 'y': ns.d} %}{% set ns.e = {'x': ns.e, 'y': ns.e} %}{% endfor %}"

// longText is six million characters, longList a hundred thousand items.
const (
	longText = "{% set s = 'ab c' * 1600000 %}"
	longList = "{% set l = [3, 1, 2] * 33333 %}"
)

func modules() value.Value {
	return pymodules.Modules(func() time.Time { return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC) })
}

// TestValuesThatHoldEachOtherManyTimesOver are the work of a moment where the
// answer is short.
func TestValuesThatHoldEachOtherManyTimesOver(t *testing.T) {
	for text, want := range map[string]string{
		"{{ ns.a == ns.b }}":                                           "True",
		"{{ ns.a != ns.b }}":                                           "False",
		"{{ ns.t == ns.u }}":                                           "True",
		"{{ ns.d == ns.e }}":                                           "True",
		"{{ ns.a < ns.b }}":                                            "False",
		"{{ ns.a in [1, ns.b] }}":                                      "True",
		"{{ [ns.b].index(ns.a) }}":                                     "0",
		"{{ {ns.t: 1}[ns.u] }}":                                        "1",
		"{{ [ns.t, ns.u]|unique|list|length }}":                        "1",
		"{{ [ns.a, ns.b]|sort|length }}":                               "2",
		"{{ [ns.a, ns.b]|max|length }}":                                "2",
		"{{ ns.a is eq ns.b }}":                                        "True",
		"{{ [{'k': ns.t}, {'k': ns.u}]|groupby('k')|length }}":         "1",
		"{{ [ns.a, ns.b].count(ns.a) }}":                               "2",
		"{% for x in [ns.a, ns.b] %}{{ loop.changed(x) }}{% endfor %}": "TrueFalse",
	} {
		t.Run(text, func(t *testing.T) {
			out, err := template.NewRenderer(t.Context(), nil, template.Options{}).Render(parse(t, doubled+text))
			require.NoError(t, err)
			require.Equal(t, want, out.Text)
		})
	}
	for _, text := range []string{
		"{{ ns.a }}", "{{ ns.d }}", "{{ ns.t ~ '' }}", "{{ ns.a|tojson }}", "{{ ns.a|pprint }}", "{{ ns.d|pprint }}", "{{ '%s' % ns.a }}",
		"{{ '{}'.format(ns.a) }}", "{{ ns.a|string|length }}", "{{ ns.a|join }}",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := template.NewRenderer(t.Context(), nil, template.Options{}).Render(parse(t, doubled+text))
			require.ErrorContains(t, err, "too large")
		})
	}
}

// TestWorkWithoutEnd ends with a limit.
func TestWorkWithoutEnd(t *testing.T) {
	g := globals{"modules": modules()}
	for text, limit := range map[string]string{
		"{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}":                         "steps",
		"{% for i in range(100000) %}{% for j in range(10) %}{% set x = range(100000)|list|length %}{% endfor %}{% endfor %}": "steps",
		longList + "{% for i in range(100000) %}{% if 7 in l %}{% endif %}{% endfor %}":                                       "steps",
		longList + "{% for i in range(100000) %}{% if l.count(7) %}{% endif %}{% endfor %}":                                   "steps",
		longText + "{% for i in range(100000) %}{% if 'x' in s %}{% endif %}{% endfor %}":                                     "steps",
		longText + "{% for i in range(100000) %}{% if s[i] %}{% endif %}{% endfor %}":                                         "steps",
		longText + "{% for i in range(100000) %}{% if s is lower %}{% endif %}{% endfor %}":                                   "steps",
		longText + "{% for i in range(100000) %}{% set x = s|length %}{% endfor %}":                                           "steps",
		"{{ modules.itertools.count()|select('none')|first }}":                                                                "steps",
		"{{ modules.itertools.repeat(1)|reject('eq', 1)|list }}":                                                              "steps",
		"{{ 'x' in modules.itertools.count() }}":                                                                              "steps",
		"{{ modules.itertools.filterfalse(none, modules.itertools.repeat(1))|first }}":                                        "steps",
		"{{ modules.itertools.islice(modules.itertools.count(), 1000000000000, none)|first }}":                                "steps",
		"{{ modules.itertools.chain.from_iterable(modules.itertools.repeat([]))|first }}":                                     "steps",
		"{% for x in modules.itertools.cycle([1]) if x == 2 %}{% endfor %}":                                                   "iterations",
		"{% for x in modules.itertools.count() %}{% endfor %}":                                                                "iterations",
	} {
		t.Run(text, func(t *testing.T) {
			r := template.NewRenderer(t.Context(), g, template.Options{Limits: template.Limits{Steps: 2_000_000, Iterations: 100_000}})
			_, err := r.Render(parse(t, text))
			var reached *template.LimitError
			require.ErrorAs(t, err, &reached)
			require.Equal(t, limit, reached.Limit)
			var failure *template.Error
			require.ErrorAs(t, err, &failure)
			require.True(t, failure.Diagnostic.Span.Known())
			require.Equal(t, "jinja-limit", failure.Diagnostic.Code)
		})
	}
}

// TestMemoryIsBounded by what may be alive at once, not by what is made.
func TestMemoryIsBounded(t *testing.T) {
	const limit = 64 << 20
	for _, text := range []string{
		"{% set l = [] %}{% for i in range(100000) %}{% do l.append('x' * 1000000 ~ i) %}{% endfor %}",
		"{% set l = [] %}{% for i in range(100000) %}{% do l.append([i] * 100000) %}{% endfor %}",
		"{% set ns = namespace(d={}) %}{% for i in range(100000) %}{% set ns.d = {i: ns.d, 't': (i,) * 100000} %}{% endfor %}",
		"{% set s %}{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}{% endset %}{% set l = [] %}{% for i in range(1000) %}{% do l.append(s|upper ~ i) %}{% endfor %}",
	} {
		t.Run(text, func(t *testing.T) {
			runtime.GC()
			_, err := template.NewRenderer(t.Context(), nil, template.Options{Limits: template.Limits{Memory: limit}}).Render(parse(t, text))
			var reached *template.LimitError
			require.ErrorAs(t, err, &reached)
			require.Equal(t, "memory", reached.Limit)
		})
	}
	t.Run("garbage", func(t *testing.T) {
		text := "{% for i in range(300) %}{% set x = 'x' * 1000000 ~ i %}{% endfor %}done"
		out, err := template.NewRenderer(t.Context(), nil, template.Options{Limits: template.Limits{Memory: limit}}).Render(parse(t, text))
		require.NoError(t, err)
		require.Equal(t, "done", out.Text)
	})
}

// TestCancelStops what a template is at, soon.
func TestCancelStops(t *testing.T) {
	g := globals{"modules": modules()}
	for _, text := range []string{
		"{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
		"{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}",
		"{{ modules.itertools.count()|select('none')|first }}",
		"{{ 'x' in modules.itertools.count() }}",
		longList + "{% for i in range(100000) %}{% if 7 in l %}{% endif %}{% endfor %}",
		"{% for i in range(1000) %}{% set x = range(100000)|list|sort|map('string')|list|unique|list|tojson|pprint %}{% endfor %}",
	} {
		t.Run(text, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := template.NewRenderer(ctx, g, template.Options{}).Render(parse(t, text))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Less(t, time.Since(start), 20*time.Second)
		})
	}
}

// TestLargeWorkPasses: limits are for what nobody means.
func TestLargeWorkPasses(t *testing.T) {
	for text, want := range map[string]string{
		"{% set ns = namespace(n=0) %}{% for i in range(100) %}{% for j in range(10000) %}{% set ns.n = ns.n + 1 %}{% endfor %}{% endfor %}{{ ns.n }}": "1000000",
		"{% set ns = namespace(s='') %}{% for i in range(3000) %}{% set ns.s = ns.s ~ 'a line of text\n' %}{% endfor %}{{ ns.s|length }}":              "45000",
		longList + "{{ (l|sort)[0] }}{{ l|sum }}{{ l|unique|list|length }}{{ l|map('string')|join|length }}":                                           "1199998399999",
	} {
		out, err := template.NewRenderer(t.Context(), nil, template.Options{}).Render(parse(t, text))
		require.NoError(t, err)
		require.Equal(t, want, out.Text)
	}
}

// TestFiltersOfLongTexts answer or refuse, and are not slow in either.
func TestFiltersOfLongTexts(t *testing.T) {
	text := "{% set s = 'ab c<d> http://e.f/g \\n' * 2000 %}"
	for _, filter := range strings.Fields("capitalize center count e first float forceescape indent int last length lower pprint replace('b','cd') " +
		"reverse string striptags title tojson trim truncate upper urlencode urlize wordcount wordwrap wordwrap(1) wordwrap(5,false) list|length " +
		"batch(3)|list|length slice(3)|list|length unique|list|length sort|length join('-') filesizeformat xmlattr items dictsort sum max min " +
		"select|list|length map('upper')|list|length groupby(0)|length indent(5,true,true) truncate(100000) format(1) default('x') random round abs attr('x')") {
		start := time.Now()
		_, err := template.NewRenderer(t.Context(), nil, template.Options{}).Render(parse(t, text+"{{ (s|"+filter+")|string|length }}"))
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		require.Less(t, time.Since(start), 20*time.Second, filter)
		t.Log(filter, time.Since(start))
	}
}
