package template_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// corpusCase is a template and what Python's Jinja2 made of it.
type corpusCase struct {
	Template  string  `json:"t"`
	Undefined string  `json:"undefined"`
	Native    bool    `json:"native"` // the value's repr is wanted
	Want      *string `json:"want"`
	Error     string  `json:"error"`
	Line      int     `json:"line"`
}

func readCorpus(t testing.TB, path string) []corpusCase {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var cases []corpusCase
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c corpusCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		cases = append(cases, c)
	}
	require.NoError(t, lines.Err())
	return cases
}

func corpusContext(t testing.TB) globals {
	t.Helper()
	data, err := os.ReadFile("testdata/context.json")
	require.NoError(t, err)
	v, err := value.FromJSON(string(data))
	require.NoError(t, err)
	g := globals{}
	for k, item := range v.(*value.Dict).All() {
		g[k.(string)] = item
	}
	return g
}

// outcome is what comes of a case: the text, or the class of the error and the
// line it is on.
func outcome(c corpusCase, g globals) (text, class string, line int) {
	lenient := map[string]value.Leniency{"chainable": value.Chainable, "strict": value.Strict}[c.Undefined]
	tmpl, err := template.Parse(source.New("t", "", c.Template))
	if err != nil {
		var all *diag.Failure
		if errors.As(err, &all) {
			return all.Error(), "TemplateSyntaxError", all.Diagnostics[0].Span.Begin().Line
		}
		return err.Error(), "?", 0
	}
	r := template.NewRenderer(context.Background(), g, template.Options{Undefined: lenient})
	if c.Native {
		var v value.Value
		if v, err = r.Native(tmpl); err == nil {
			return value.Repr(v), "", 0
		}
	} else {
		var out *template.Output
		if out, err = r.Render(tmpl); err == nil {
			return out.Text, "", 0
		}
	}
	class = fmt.Sprintf("%T", err)
	var raised *value.Error
	if errors.As(err, &raised) {
		class = raised.Class
	}
	var limit *template.LimitError
	if errors.As(err, &limit) && limit.Limit == "depth" {
		class = "RecursionError"
	}
	var d diag.Diagnostic
	if errors.As(err, &d) {
		line = d.Span.Begin().Line
	}
	return err.Error(), class, line
}

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/*.jsonl")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			for _, c := range readCorpus(t, path) {
				text, class, line := outcome(c, corpusContext(t))
				if c.Want != nil {
					if class != "" || text != *c.Want {
						t.Errorf("%s %s\n got %s %q\nwant %q", c.Template, c.Undefined, class, text, *c.Want)
					}
					continue
				}
				if class != c.Error || c.Line != 0 && line != c.Line {
					t.Errorf("%s %s\n got %s line %d: %s\nwant %s line %d", c.Template, c.Undefined, class, line, text, c.Error, c.Line)
				}
			}
		})
	}
}
