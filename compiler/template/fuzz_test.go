package template_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
)

func addCorpus(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/corpus/*.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		for _, c := range readCorpus(f, path) {
			f.Add(c.Template)
		}
	}
	f.Add("{% macro m(a: int) %}{{ return(a) }}{% endmacro %}{% test t(x) %}{% endtest %}{% docs d %}x{% enddocs %}{% snapshot s %}{{ x }}{% endsnapshot %}")
	f.Add("{% materialization m, adapter='x', supported_languages=['sql'] %}{% endmaterialization %}")
}

// FuzzParse proves that no text makes the parser panic or hang, and that what
// it reports lies in the file.
func FuzzParse(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, text string) {
		file := source.New("t", "", text)
		_, err := template.Parse(file)
		if err != nil && told(err) == "" {
			t.Fatal("an error without a diagnostic")
		}
		if _, err := template.ParseDocs(file); err != nil && told(err) == "" {
			t.Fatal("an error without a diagnostic")
		}
	})
}

// FuzzRender proves the same of rendering, within limits.
func FuzzRender(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, err := template.Parse(source.New("t", "", text))
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		opts := template.Options{Limits: template.Limits{Depth: 50, Iterations: 10_000, Bytes: 1 << 20}}
		out, err := template.NewRenderer(ctx, corpusContext(t), opts).Render(tmpl)
		if ctx.Err() != nil {
			t.Fatal("too slow")
		}
		if err == nil {
			for i := 0; i <= len(out.Text); i += 1 + len(out.Text)/20 {
				out.OriginStack(i)
			}
		}
		if _, err := template.NewRenderer(ctx, corpusContext(t), opts).Native(tmpl); err != nil && told(err) == "" {
			t.Fatal("an error without a diagnostic")
		}
	})
}
