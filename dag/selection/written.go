package selection

import (
	"errors"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// written is a text of criteria and the place where the user wrote it.
type written struct {
	text string
	at   source.Span
}

// onLine is what a flag was given, as if it were a file of the flag's name.
func onLine(flag string, words ...string) written {
	text := strings.Join(words, " ")
	return written{text: text, at: source.Given(flag, text)}
}

// within is a text of a definition in selectors.yml, whose place is not known
// any closer.
func within(definition source.Span, text string) written {
	if i := strings.Index(definition.Text(), text); i >= 0 && text != "" {
		start := definition.Start + i
		definition = source.Span{File: definition.File, Start: start, End: start + len(text)}
	}
	return written{text: text, at: definition}
}

// part is a stretch of the text, with its place.
func (w written) part(from, to int) written {
	p := written{text: w.text[from:to], at: w.at}
	if w.at.Text() == w.text && w.at.Known() {
		p.at.Start, p.at.End = w.at.Start+from, w.at.Start+to
	}
	return p
}

// cut are the parts between separators, without empty ones when what separates
// is white space.
func (w written) cut(between func(rune) bool, empty bool) []written {
	var parts []written
	start := 0
	for i, r := range w.text + " " {
		if i < len(w.text) && !between(r) {
			continue
		}
		if i > start || empty {
			parts = append(parts, w.part(start, i))
		}
		start = i + len(string(r))
		if i >= len(w.text) {
			break
		}
	}
	return parts
}

// placed gives a diagnostic without a place the one of the criterion that it is
// about.
func placed(err error, at source.Span) error {
	var d diag.Diagnostic
	if !errors.As(err, &d) || d.Span.Known() {
		return err
	}
	d.Span = at
	return d
}
