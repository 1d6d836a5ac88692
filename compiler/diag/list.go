package diag

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// List collects diagnostics. The zero List is ready; it is not safe for
// concurrent use.
type List struct {
	items []Diagnostic
}

// Add puts diagnostics on the list.
func (l *List) Add(d ...Diagnostic) { l.items = append(l.items, d...) }

// AddError puts the diagnostics an error carries on the list and returns nil,
// or returns the error when it carries none.
func (l *List) AddError(err error) error {
	if err == nil {
		return nil
	}
	var all *Failure
	if errors.As(err, &all) {
		l.Add(all.Diagnostics...)
		return nil
	}
	var one Diagnostic
	if errors.As(err, &one) {
		l.Add(one)
		return nil
	}
	return err
}

// Join puts all of another list on this one.
func (l *List) Join(o List) { l.items = append(l.items, o.items...) }

// Len is how many there are.
func (l *List) Len() int { return len(l.items) }

// HasErrors reports whether any of them is an error.
func (l *List) HasErrors() bool {
	return slices.ContainsFunc(l.items, func(d Diagnostic) bool { return d.Severity == Error })
}

// All returns them by file and place, each once; those in no file come first.
func (l *List) All() []Diagnostic {
	sorted := slices.Clone(l.items)
	slices.SortStableFunc(sorted, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(path(a), path(b)), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return slices.CompactFunc(sorted, func(a, b Diagnostic) bool {
		return a.Code == b.Code && a.Span == b.Span && a.What == b.What
	})
}

// Err is nil without errors, else a *Failure with everything on the list.
func (l *List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	return &Failure{Diagnostics: l.All()}
}

// Failure is the error of a project that cannot be used as it is written.
type Failure struct {
	Diagnostics []Diagnostic
}

// Error tells the first mistake and how many more there are.
func (f *Failure) Error() string {
	var count int
	var first string
	for _, d := range f.Diagnostics {
		if d.Severity != Error {
			continue
		}
		if count == 0 {
			first = d.Error()
		}
		count++
	}
	if count > 1 {
		return fmt.Sprintf("%s (and %d more)", first, count-1)
	}
	return first
}

func path(d Diagnostic) string {
	if d.Span.File == nil {
		return ""
	}
	return d.Span.File.Path
}
