package context

import (
	"errors"
	"regexp"
	"strings"

	"github.com/chmod-sql/chmod/compiler/builtin"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/template"
)

// undefinedName matches the engine's words for a name without a value.
var undefinedName = regexp.MustCompile(`^'([A-Za-z_][A-Za-z0-9_]*)' is undefined`)

// undefinedAttr matches them for an attribute.
var undefinedAttr = regexp.MustCompile(`^'?(.+?)'? has no attribute '([A-Za-z_][A-Za-z0-9_]*)'`)

// explain adds to an error what only the context knows: which names there are.
func (r *Rendering) explain(err error) error {
	var located *template.Error
	if !errors.As(err, &located) {
		return err
	}
	var query *QueryError
	if errors.As(err, &query) {
		fromQuery(&located.Diagnostic, query)
		return err
	}
	if located.Diagnostic.Code != "jinja-undefined" {
		return err
	}
	d := &located.Diagnostic
	if m := undefinedName.FindStringSubmatch(d.What); m != nil {
		*d = r.Unknown(*d, m[1])
		return err
	}
	if m := undefinedAttr.FindStringSubmatch(d.What); m != nil && strings.HasPrefix(m[1], "MacroNamespace") {
		pkg := packageBefore(d.Span.Text(), m[2])
		*d = r.Unknown(*d, pkg+"."+m[2])
	}
	return err
}

// fromQuery makes a diagnostic say that the warehouse refused a query. It
// stands where the user's own files ask for it.
func fromQuery(d *diag.Diagnostic, q *QueryError) {
	d.Code, d.What, d.Why = "query-failed", "the warehouse refused a query of this template", q.Err.Error()
	for len(d.Notes) > 0 && d.Span.Known() && strings.HasPrefix(d.Span.File.Path, builtin.Root) {
		d.Span, d.Notes = d.Notes[0].Span, d.Notes[1:]
	}
	q.Span = d.Span
}

// Unknown makes a diagnostic say that a name, or an attribute of one, is not
// there.
func (r *Rendering) Unknown(d diag.Diagnostic, name string) diag.Diagnostic {
	d.Code, d.What = "undefined-name", "there is no "+name+" here"
	owner, attr, dotted := strings.Cut(name, ".")
	switch {
	case dotted && owner == "adapter":
		d.What = "the adapter has no " + attr
		d.Fix = diag.DidYouMean(attr, adapterMethods(r))
		return d
	case dotted:
		d.Code, d.What = "undefined-macro", "the package "+owner+" has no macro "+attr
		d.Fix = diag.DidYouMean(attr, r.Macros.Names(owner))
		return d
	case strings.Contains(d.Span.Text(), name+"."):
		d.Fix = firstOf(diag.DidYouMean(name, r.Names()), `if it is a package, add it to packages.yml and run "dbt deps"`)
		return d
	case strings.Contains(d.Span.Text(), name+"("):
		d.Code, d.What = "undefined-macro", "there is no macro "+name
	}
	d.Fix = diag.DidYouMean(name, r.Names())
	if d.Fix == "" && r.Macros != nil {
		for _, pkg := range r.Macros.Packages() {
			if r.Macros.In(pkg, name) != nil {
				d.Fix = "macros of a package are called with its name: " + pkg + "." + name
			}
		}
	}
	if d.Fix == "" {
		d.Fix = "define the macro, or install the package that has it"
	}
	return d
}

func packageBefore(text, macro string) string {
	before, _, _ := strings.Cut(text, "."+macro)
	i := strings.LastIndexFunc(before, func(c rune) bool {
		return c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
	return before[i+1:]
}
