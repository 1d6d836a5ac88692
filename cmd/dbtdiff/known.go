package main

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// class is a kind of difference that we stand by.
type class struct {
	// name and why are what docs/dbt.md says of it.
	name, why string
	// kind is which differences it is about.
	kind *regexp.Regexp
	// holds says whether one of them is of this class; nil for all.
	holds func(d difference) bool
	// example is one.
	example difference
}

// classes are all differences that are meant.
func classes() []class {
	of := func(name, kind, why string, holds func(d difference) bool, example difference) class {
		return class{name: name, why: why, kind: regexp.MustCompile(`^(?:` + kind + `)$`), holds: holds, example: example}
	}
	return []class{
		of("white space of built-in macros", `(nodes|disabled) \w+\.(compiled_code|extra_ctes)`,
			"Compiled SQL differs in blanks and line breaks that macros of dbt's leave around what they write; they mean nothing.",
			alike(withoutSpace),
			difference{kind: "nodes model.compiled_code", dbt: "select\n\n 1", chmod: "select 1"}),
		of("the order of tags", `(nodes|disabled) \w+\.((unrendered_)?config\.)?tags`,
			"Tags come in another order, or one of them once instead of twice; nobody can tell by selecting.",
			alike(bag),
			difference{kind: "nodes model.config.tags", dbt: []any{"b", "a", "a"}, chmod: []any{"a", "b"}}),
		of("hooks in YAML", `(nodes|disabled) \w+\.(unrendered_)?config\.(pre|post)-hook`,
			"dbt renders hooks spelled pre-hook and post-hook in property files while it reads them; chmod renders all hooks when they run, as dbt does with pre_hook and post_hook.",
			func(d difference) bool { return strings.Contains(text(d.chmod), "{") },
			difference{kind: "nodes model.config.pre-hook", dbt: []any{"x"}, chmod: []any{"{{ 'x' }}"}}),
		of("sources in the project's file", `sources source\.((unrendered_)?config\.)?(tags|loaded_at_field)`,
			"dbt forgets tags and loaded_at_field that dbt_project.yml sets below sources, or takes such tags in place of those that stand at the source, and one tag letter by letter; chmod keeps all.",
			func(d difference) bool {
				return d.dbt == nil || d.dbt == absent || within(d.dbt, d.chmod) || letterByLetter(d)
			},
			difference{kind: "sources source.tags", dbt: []any{"a"}, chmod: []any{"a", "b"}}),
		of("one tag", `(exposures exposure|(nodes|disabled) model)\.((unrendered_)?config\.)?tags`,
			"dbt takes tags that are one string letter by letter where dbt_project.yml says it of exposures, and where a version adds tags to it; chmod takes one tag.",
			letterByLetter,
			difference{kind: "exposures exposure.tags", dbt: []any{"1", "e"}, chmod: []any{"e1"}}),
		of("the config of groups", `groups group\.config\..*`,
			"dbt gives groups what dbt_project.yml says of models, and has no other use for it.",
			func(d difference) bool { return d.chmod == absent },
			difference{kind: "groups group.config.materialized", dbt: "table", chmod: absent}),
		of("what a unit test is made of", `(unit_tests|disabled) unit_test.*|disabled: only dbt has it`,
			"chmod reads unit tests and does not run them yet, so their checksums and the defaults of their rows are not filled in, and disabled ones are not kept.",
			func(d difference) bool { return strings.HasPrefix(d.id, "unit_test.") },
			difference{kind: "unit_tests unit_test.checksum", id: "unit_test.p.a.b", dbt: "335b", chmod: nil}),
		of("hooks of the project", `nodes operation\.(compiled_code|index)`,
			"dbt numbers on-run-start and on-run-end from 0 in a manifest and from 1 when they run, and compiles them before the run is known; chmod knows schemas and results as empty then.",
			nil,
			difference{kind: "nodes operation.index", dbt: 0, chmod: 1}),
		of("macros that call themselves", `macros macro\.depends_on\.macros`,
			"dbt takes any mention of a macro's own name in it, such as builtins.ref in ref, for a call of itself.",
			func(d difference) bool {
				return reflect.DeepEqual(d.chmod, without(d.dbt, d.id))
			},
			difference{kind: "macros macro.depends_on.macros", id: "macro.p.ref", dbt: []any{"macro.p.ref"}, chmod: []any{}}),
		of("hooks in YAML that dbt cannot render", `only dbt refuses it|another file is blamed`,
			"dbt renders hooks spelled pre-hook and post-hook in property files before this, model and macros are there; chmod renders them when they run.",
			said(`(?s)^CompilationError: Compilation Error\s+Could not render .*is undefined`),
			difference{kind: "only dbt refuses it", dbt: "CompilationError: Compilation Error\n  Could not render {{ this }}: 'this' is undefined"}),
		of("two tests of one name", `only dbt refuses it|another file is blamed`,
			"dbt refuses two tests that would keep their rows in one table even where they keep none, as a test with a name does on a model with two versions; chmod lets what is never written stand.",
			said(`(?s)^AmbiguousAliasError: .* - test\..* - test\.`),
			difference{kind: "only dbt refuses it", dbt: "AmbiguousAliasError: two\n - test.p.a.1 (a.yml)\n - test.p.a.2 (a.yml)"}),
		of("keys of the project's file", `only dbt refuses it`,
			"A key of dbt_project.yml that is not known is a warning, with what was perhaps meant: a newer key must not stop a project that it changes nothing for.",
			said(`(?s)^ProjectContractError.*Additional properties are not allowed`),
			difference{kind: "only dbt refuses it", dbt: "ProjectContractError: Runtime Error at path []: Additional properties are not allowed"}),
		of("arguments of tests", `only chmod refuses it`,
			"An argument that a test does not take is refused by dbt when the project is read, but with unique and not_null only when the test runs; chmod refuses all when the project is read.",
			func(d difference) bool { return strings.Contains(text(d.chmod), "[test-arguments]") },
			difference{kind: "only chmod refuses it", dbt: "{}", chmod: "[test-arguments] m.yml:1:1: the test not_null has no argument x"}),
		of("tests that nobody defines", `only chmod refuses it`,
			"A generic test that no package defines fails in dbt when it runs; chmod says so when the project is read, with the name that was perhaps meant.",
			func(d difference) bool { return strings.HasPrefix(text(d.chmod), "[undefined-test]") },
			difference{kind: "only chmod refuses it", dbt: "{}", chmod: "[undefined-test] m.yml:1:1: there is no generic test named x"}),
		of("words of configs", `only chmod refuses it`,
			"A word that a config cannot have, such as on_schema_change: nonsense, fails in dbt when the node runs, if it has a use for it then; chmod says so when the project is read.",
			func(d difference) bool {
				s := text(d.chmod)
				return strings.HasPrefix(s, "[config-type]") && strings.Contains(s, "it is one of")
			},
			difference{kind: "only chmod refuses it", dbt: "{}", chmod: "[config-type] m.sql:1:1: the config x cannot be 1: it is one of a, b"}),
		of("two ways to write a test", `only dbt warns: (PropertyMovedToConfig|MissingArgumentsPropertyInGenericTest)Deprecation`,
			"dbt wants arguments of tests below arguments and configs below config; chmod takes both ways for good and warns of neither.",
			nil,
			difference{kind: "only dbt warns: PropertyMovedToConfigDeprecation"}),
		of("names of tests", `only dbt warns: DuplicateNameDistinctNodeTypesDeprecation`,
			"dbt warns of two nodes of one name in one package, which can only be tests where chmod does not refuse them; unique ids tell tests apart.",
			nil,
			difference{kind: "only dbt warns: DuplicateNameDistinctNodeTypesDeprecation"}),
		of("freshness that nobody can tell", `only dbt warns: FreshnessConfigProblem`,
			"dbt warns of sources with freshness and no loaded_at_field; chmod has no command that asks how fresh sources are.",
			nil,
			difference{kind: "only dbt warns: FreshnessConfigProblem"}),
		of("keys that nothing reads", `only chmod warns: unknown-key`,
			"dbt warns of unknown keys in property files with some adapters, and not with ClickHouse's; chmod warns of them always.",
			nil,
			difference{kind: "only chmod warns: unknown-key"}),
		of("configs of what is disabled", `only chmod warns: unused-config-path`,
			"Once anything in a package is disabled, dbt takes all paths to it as used, whatever they configure; chmod goes by the type.",
			nil,
			difference{kind: "only chmod warns: unused-config-path"}),
	}
}

// knownAs is the class of a difference; empty for one that nobody explained.
func knownAs(d difference) string {
	for _, c := range classes() {
		if c.kind.MatchString(d.kind) && (c.holds == nil || c.holds(d)) {
			return c.name
		}
	}
	return ""
}

// alike is for what only differs until it is levelled.
func alike(level func(any) any) func(difference) bool {
	return func(d difference) bool { return reflect.DeepEqual(level(d.dbt), level(d.chmod)) }
}

// said is for what dbt says.
func said(pattern string) func(difference) bool {
	re := regexp.MustCompile(pattern)
	return func(d difference) bool {
		s, ok := d.dbt.(string)
		return ok && re.MatchString(s)
	}
}

// bag is a list of strings, or one of them, without order, each once.
func bag(v any) any {
	out := words(v)
	slices.Sort(out)
	return slices.Compact(out)
}

func words(v any) []string {
	if s, ok := v.(string); ok && s != absent {
		return []string{s}
	}
	out := []string{}
	l, _ := v.([]any)
	for _, e := range l {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// within reports whether all words of a are in b.
func within(a, b any) bool {
	all := words(b)
	return !slices.ContainsFunc(words(a), func(s string) bool { return !slices.Contains(all, s) })
}

// without is a list without one string.
func without(v any, s string) any {
	l, ok := v.([]any)
	if !ok {
		return v
	}
	return slices.DeleteFunc(slices.Clone(l), func(e any) bool { return e == s })
}

// letterByLetter reports whether dbt has the letters of some of our words.
func letterByLetter(d difference) bool {
	var letters []string
	for _, w := range words(d.chmod) {
		letters = append(letters, w)
		letters = append(letters, strings.Split(w, "")...)
	}
	for _, w := range words(d.dbt) {
		if !slices.Contains(letters, w) {
			return false
		}
	}
	return true
}

var space = regexp.MustCompile(`\s+`)

func withoutSpace(v any) any {
	switch v := v.(type) {
	case string:
		return space.ReplaceAllString(v, "")
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withoutSpace(e)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = withoutSpace(e)
		}
		return out
	}
	return v
}
