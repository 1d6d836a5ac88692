package jinjadiff_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/template/jinjadiff"
)

// python is the interpreter that make has installed. Where tests must be
// complete it is missing only for a reason that make has found.
func python(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../../.tools/jinja2/bin/python")
	require.NoError(t, err)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	reason := os.Getenv("CHMOD_SKIP_JINJA")
	if reason == "" && os.Getenv("CI") == "true" {
		t.Fatal("there is no Python with Jinja2: make jinja-diff installs it")
	}
	t.Skip("there is no Python with Jinja2, which make jinja-diff installs. ", reason)
	return ""
}

func options(t *testing.T) jinjadiff.Options {
	return jinjadiff.Options{Python: python(t), Context: "../testdata/context.json", Workers: 2, Shrink: true}
}

// generated is how many templates a test run makes up; make jinja-diff does
// more.
const generated = 2500

func TestTemplatesAnswerAsJinja2Does(t *testing.T) {
	corpus, err := jinjadiff.Corpus("../testdata/corpus")
	require.NoError(t, err)
	require.Greater(t, len(corpus), 2000)
	report, err := jinjadiff.All(t.Context(), options(t), func(yield func(jinjadiff.Ask) bool) {
		for _, ask := range corpus {
			if !yield(ask) {
				return
			}
		}
		jinjadiff.Generated(1, 0, generated)(yield)
	})
	require.NoError(t, err)
	t.Log(report)
	require.NoError(t, report.Err(), "%s", report)
}

func TestProjectsAnswerAsInJinja2(t *testing.T) {
	found, err := jinjadiff.Projects("../../../examples")
	require.NoError(t, err)
	require.Greater(t, found.Files, 20)
	o := options(t)
	o.Packages = found.Packages
	report, err := jinjadiff.All(t.Context(), o, func(yield func(jinjadiff.Ask) bool) {
		for _, ask := range found.Asks {
			if !yield(ask) {
				return
			}
		}
	})
	require.NoError(t, err)
	t.Log(report)
	require.NoError(t, report.Err(), "%s", report)
}

// A difference that is there must be found, made small and told.
func TestDifferencesAreFound(t *testing.T) {
	o := options(t)
	o.Context = filepath.Join(t.TempDir(), "context.json")
	require.NoError(t, os.WriteFile(o.Context, []byte(`{"s": "\ud800"}`), 0o600)) // half of a character, which is a character to Python alone
	report, err := jinjadiff.All(t.Context(), o, func(yield func(jinjadiff.Ask) bool) {
		yield(jinjadiff.Ask{From: "test:1", Template: "{% for x in [1, 2] %}some text {{ x }}{% endfor %}{% if s == '\ufffd' %}b{% else %}a{% endif %}"})
	})
	require.NoError(t, err)
	require.Equal(t, 1, report.Fresh, "%s", report)
	require.ErrorContains(t, report.Err(), "1 differences")
	require.Less(t, len(report.New[0].Ask.Template), 45)
	require.Contains(t, report.String(), "text / text")
}

func TestGeneratedTemplatesDependOnTheSeedAlone(t *testing.T) {
	list := func(seed uint64) []string {
		var texts []string
		for ask := range jinjadiff.Generated(seed, 0, 50) {
			texts = append(texts, ask.Template)
		}
		return texts
	}
	once, again := list(7), list(7)
	require.Equal(t, once, again)
	require.NotEqual(t, list(7), list(8))
}

func TestKnownDifferencesHaveReasonsAndAreThere(t *testing.T) {
	names := map[string]bool{}
	for _, k := range jinjadiff.Table() {
		require.False(t, names[k.Name], k.Name)
		names[k.Name] = true
		require.Regexp(t, `^[A-Z].{30,}\.$`, k.Why, k.Name)
	}
	report, err := jinjadiff.All(t.Context(), options(t), func(yield func(jinjadiff.Ask) bool) {
		for _, k := range jinjadiff.Table() {
			if !yield(k.Example) {
				return
			}
		}
	})
	require.NoError(t, err)
	require.NoError(t, report.Err(), "%s", report)
	for name := range names {
		require.Regexp(t, `known +1  `+regexp.QuoteMeta(name), report.String())
	}
}

func TestThePageTellsTheDifferences(t *testing.T) {
	page, err := os.ReadFile("../../../docs/jinja.md")
	require.NoError(t, err)
	for _, k := range jinjadiff.Table() {
		require.Contains(t, string(page), "| "+k.Name+" | "+k.Why+" |")
	}
}
