package jinjadiff

import (
	"fmt"
	"regexp"
	"strings"
)

// Difference is a question that the two answer differently.
type Difference struct {
	Ask          Ask
	Python, Ours Answer
	// Known is the name of the entry in the table; empty for a mistake.
	Known string
}

// Kind tells the differences of one sort from those of others: what each side
// made of it.
func (d Difference) Kind() string {
	python, ours := d.Python.class(), d.Ours.class()
	if python != "text" && python != "TemplateSyntaxError" && d.Python.Line == 0 {
		python += " before the start" // constants are worked out while Jinja2 compiles
	}
	if python == ours && ours != "text" {
		return fmt.Sprintf("%s, on another line", python)
	}
	return fmt.Sprintf("%s / %s", python, ours)
}

// String shows it to a person.
func (d Difference) String() string {
	var mode []string
	if d.Ask.From != "" {
		mode = append(mode, d.Ask.From)
	}
	if d.Ask.Undefined != "" {
		mode = append(mode, d.Ask.Undefined)
	}
	if d.Ask.Native {
		mode = append(mode, "native")
	}
	if d.Ask.Execute {
		mode = append(mode, "execute")
	}
	text := d.Ask.Template
	if len(text) > 2000 {
		text = text[:2000] + " ..."
	}
	python, ours := d.Python.describe(), d.Ours.describe()
	if d.Python.Want != nil && d.Ours.Want != nil {
		python, ours = apart(*d.Python.Want, *d.Ours.Want)
	}
	return fmt.Sprintf("%s (%s)\n  %q\n  python: %s\n  chmod:  %s", d.Kind(), strings.Join(mode, ", "), text, python, ours)
}

func (a Answer) describe() string {
	if a.Want != nil {
		text := *a.Want
		if len(text) > 300 {
			text = text[:300] + " ..."
		}
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%s, line %d: %s", a.Error, a.Line, a.Message)
}

// apart shows two texts from shortly before they differ.
func apart(a, b string) (string, string) {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string {
		start, end := max(0, i-40), min(len(s), i+200)
		return fmt.Sprintf("%q", s[start:end])
	}
	return cut(a), cut(b)
}

// differs compares two answers.
func differs(python, ours Answer) bool {
	if python.Want != nil || ours.Want != nil {
		return python.Want == nil || ours.Want == nil || *python.Want != *ours.Want
	}
	if python.Error != ours.Error {
		return true
	}
	if python.Error == "RecursionError" || python.Error == "MemoryError" {
		return false // each has its own measure of how deep is too deep
	}
	for _, t := range ours.Told {
		if sameLine(t.text, python.Line, t.line) {
			return false
		}
	}
	return true
}

var tag = regexp.MustCompile(`(?s)\{\{(?:"[^"]*"|'[^']*'|.)*?\}\}|\{%(?:"[^"]*"|'[^']*'|.)*?%\}`)

// sameLine reports whether two lines are the same or of one tag: Jinja2 knows
// where a statement starts, we know the place in it.
func sameLine(template string, python, ours int) bool {
	if python == ours || python == 0 {
		return true
	}
	template = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(template)
	for _, at := range tag.FindAllStringIndex(template, -1) {
		first := 1 + strings.Count(template[:at[0]], "\n")
		last := first + strings.Count(template[at[0]:at[1]], "\n")
		if first <= min(python, ours) && max(python, ours) <= last {
			return true
		}
	}
	return false
}
