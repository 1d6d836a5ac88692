package jinjadiff

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/template"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Chmod answers with compiler/template. It is not safe for concurrent use.
type Chmod struct {
	corpus   string
	packages map[string]map[string]PackageMacro
	macros   map[string]*template.Macro // by text
}

// NewChmod makes one; corpus is the JSON of the corpus's values.
func NewChmod(corpus string) *Chmod {
	return &Chmod{corpus: corpus, macros: map[string]*template.Macro{}}
}

// Packages tells of the macros there are.
func (c *Chmod) Packages(packages map[string][]PackageMacro) {
	c.packages = map[string]map[string]PackageMacro{}
	for name, macros := range packages {
		c.packages[name] = map[string]PackageMacro{}
		for _, m := range macros {
			c.packages[name][m.Name] = m
		}
	}
}

// names are the globals of a rendering.
type names map[string]value.Value

func (n names) Lookup(name string) (value.Value, bool) { v, ok := n[name]; return v, ok }

// address is what differs from one run of Python to the next.
var address = regexp.MustCompile(` at 0x[0-9a-f]+`)

// slow is how long a template may take us at most.
const slow = 60 * time.Second

// Ask answers one question.
func (c *Chmod) Ask(ctx context.Context, a Ask) Answer {
	tmpl, err := template.Parse(source.New("t", "", a.Template))
	if err != nil {
		return failed(err)
	}
	if a.Parse {
		return said("")
	}
	ctx, cancel := context.WithTimeout(ctx, slow)
	defer cancel()
	lenient := map[string]value.Leniency{"chainable": value.Chainable, "strict": value.Strict}[a.Undefined]
	options := template.Options{Undefined: lenient}
	var r *template.Renderer
	if a.World == worldProject {
		r = c.project(ctx, a, options)
	} else {
		globals := names{}
		if err := c.values(globals); err != nil {
			return failed(err)
		}
		r = template.NewRenderer(ctx, globals, options)
	}
	if a.Native {
		v, err := r.Native(tmpl)
		if err != nil {
			return failed(err)
		}
		return said(address.ReplaceAllString(value.Repr(v), ""))
	}
	out, err := r.Render(tmpl)
	if err != nil {
		return failed(err)
	}
	return said(address.ReplaceAllString(out.Text, ""))
}

func (c *Chmod) values(globals names) error {
	v, err := value.FromJSON(c.corpus)
	if err != nil {
		return err
	}
	d, ok := v.(*value.Dict)
	if !ok {
		return errors.New("the values of the corpus are no object")
	}
	for k, item := range d.All() {
		globals[value.Str(k)] = item
	}
	return nil
}

func said(text string) Answer { return Answer{Want: &text} }

func failed(err error) Answer {
	a := Answer{Error: fmt.Sprintf("%T", err), Message: err.Error()}
	var all *diag.Failure
	var d diag.Diagnostic
	var raised *value.Error
	var limit *template.LimitError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.Error = "no end"
		return a
	case errors.As(err, &limit):
		a.Error = "MemoryError"
		if limit.Limit == "depth" {
			a.Error = "RecursionError"
		}
	case errors.As(err, &raised):
		a.Error = raised.Class
	case errors.As(err, &all):
		a.Error, d = "TemplateSyntaxError", all.Diagnostics[0]
	}
	if d.Code == "" && !errors.As(err, &d) {
		return a
	}
	a.Line = d.Span.Begin().Line
	if all == nil {
		all = &diag.Failure{Diagnostics: []diag.Diagnostic{d}}
	}
	for _, d := range all.Diagnostics {
		a.tell(d.Span)
		for _, n := range d.Notes {
			if a.Error == "TemplateSyntaxError" {
				a.tell(n.Span)
			}
		}
	}
	return a
}

func (a *Answer) tell(at source.Span) {
	if at.Known() {
		a.Told = append(a.Told, told{at.Begin().Line, at.File.Text})
	}
}
