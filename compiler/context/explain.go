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

// noneUsed matches the engine's words for none that is used as something else,
// and asksWarehouse what gives none while the project is read.
var (
	noneUsed      = regexp.MustCompile(`'None(Type)?'`)
	asksWarehouse = regexp.MustCompile(`\b(run_query|statement|load_result)\b`)
)

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
	d := &located.Diagnostic
	if d.Code == "no-introspection" {
		leaveBuiltIn(d)
	}
	if d.Fix == "" && !r.Execute && noneUsed.MatchString(d.What) && d.Span.Known() && asksWarehouse.MatchString(d.Span.File.Text) {
		d.Fix = "nothing is asked of the warehouse while the project is read, and a query gives none: use its result within {% if execute %}"
	}
	if d.Code != "jinja-undefined" {
		return err
	}
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
	leaveBuiltIn(d)
	q.Span = d.Span
}

// leaveBuiltIn moves a diagnostic to where the user's own files call what
// chmod itself brings.
func leaveBuiltIn(d *diag.Diagnostic) {
	for len(d.Notes) > 0 && d.Span.Known() && strings.HasPrefix(d.Span.File.Path, builtin.Root) {
		d.Span, d.Notes = d.Notes[0].Span, d.Notes[1:]
	}
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
	case (name == "ref" || name == "source") && strings.Contains(d.Span.Text(), name+"("):
		d.Code, d.What = name+"-not-here", name+"() cannot be used here"
		d.Why, d.Fix = "this is read before the project's nodes are", "write the name of what is meant"
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
