// Package selection picks nodes of a project: dbt's node selection language,
// selectors.yml included.
//
// Its main type is Selector, which answers a Request with the ids that it
// means. It reads no files: what a state: or result: method compares with is
// handed in.
package selection

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/dag"
)

// expression is a parsed selection: what it holds, and which tests only might
// belong to it.
type expression interface {
	// evaluate returns the ids that are in, and the tests that are in only if
	// all their parents turn out to be.
	evaluate(s *search) (in, maybe dag.Set, err error)
}

// criterion is one term: a method with its argument and graph operators.
type criterion struct {
	written  string
	at       source.Span
	method   string // fqn, tag ...
	options  []string
	argument string
	// closure is the @ operator: descendants, and all that those need.
	closure           bool
	parents, children int // depth, 0 is none, dag.Unlimited is all
	indirect          Indirect
}

type union []expression

type intersection []expression

type difference struct{ from, without expression }

var criterionShape = regexp.MustCompile(`(?s)\A(@)?(?:(\d*)(\+))?(?:([\w.]+):)?(.*?)(?:(\+)(\d*))?\z`)

// parse reads the words of --select or --exclude: words are a union, commas
// within a word an intersection.
func parse(words written, indirect Indirect) (union, error) {
	var u union
	for _, term := range words.cut(unicode.IsSpace, false) {
		var terms intersection
		for _, part := range term.cut(func(r rune) bool { return r == ',' }, true) {
			c, err := parseCriterion(part.text, indirect)
			if err != nil {
				return nil, placed(err, part.at)
			}
			c.at = part.at
			terms = append(terms, c)
		}
		if len(terms) == 1 {
			u = append(u, terms[0])
			continue
		}
		u = append(u, terms)
	}
	return u, nil
}

// parseCriterion reads one; its diagnostics have no place.
func parseCriterion(text string, indirect Indirect) (*criterion, error) {
	m := criterionShape.FindStringSubmatch(text)
	c := &criterion{written: text, closure: m[1] != "", argument: m[5], indirect: indirect}
	var err error
	if m[3] != "" {
		if c.parents, err = depth(m[2]); err != nil {
			return nil, wrong(text, err.Error(), "")
		}
	}
	if m[6] != "" {
		if c.children, err = depth(m[7]); err != nil {
			return nil, wrong(text, err.Error(), "")
		}
	}
	if c.closure && c.children != 0 {
		return nil, wrong(text, "@ already takes the descendants", "leave the + at the end out")
	}
	if c.argument == "" {
		return nil, wrong(text, "there is no name or value in it", `write for instance "+orders" or "tag:daily"`)
	}
	name, options := m[4], []string(nil)
	if name == "" {
		name = defaultMethod(c.argument)
	} else if parts := strings.Split(name, "."); len(parts) > 1 {
		name, options = parts[0], parts[1:]
	}
	if methodNamed(name) == nil {
		fix := diag.DidYouMean(name, methodNames())
		if fix == "" {
			fix = "the methods are " + strings.Join(methodNames(), ", ")
		}
		return nil, wrong(text, `there is no method "`+name+`"`, fix)
	}
	c.method, c.options = name, options
	return c, nil
}

func depth(digits string) (int, error) {
	if digits == "" {
		return dag.Unlimited, nil
	}
	return strconv.Atoi(digits)
}

// defaultMethod is what a word without a method means.
func defaultMethod(argument string) string {
	switch {
	case strings.ContainsAny(argument, `/\`):
		return "path"
	case slices.ContainsFunc([]string{".sql", ".py", ".csv"}, func(end string) bool {
		return strings.HasSuffix(strings.ToLower(argument), end)
	}):
		return "file"
	}
	return "fqn"
}

func wrong(text, why, fix string) diag.Diagnostic {
	return diag.Diagnostic{Code: "bad-selection", What: `cannot read the selection "` + text + `"`, Why: why, Fix: fix}
}
