package resolve

import (
	"regexp"
	"slices"

	scope "github.com/chmod-sql/chmod/compiler/context"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// missed notes names that the template asked for more than their text: a
// call, an attribute or an item of what does not exist fails when the node is
// built, although reading the project forgives it.
func (d *draft) missed(in *scope.Rendering) {
	if d.failed {
		return
	}
	var names []string
	for _, name := range in.Missed() {
		if slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		at, ok := used(d.at, name)
		if !ok {
			continue
		}
		d.deferred = append(d.deferred, in.Unknown(diag.Diagnostic{Span: at}, name))
	}
}

// used finds a name that is called or looked into in a template's tags.
func used(in source.Span, name string) (source.Span, bool) {
	pattern, err := regexp.Compile(`(?:^|[^A-Za-z0-9_.'"])(` + regexp.QuoteMeta(name) + `)\s*([(.\[])`)
	if err != nil {
		return source.Span{}, false
	}
	text := in.Text()
	for _, t := range tags(text) {
		m := pattern.FindStringSubmatchIndex(text[t.start:t.end])
		if m == nil {
			continue
		}
		start, end := t.start+m[2], t.start+m[3]
		if text[t.start+m[4]] != '[' {
			end = t.start + m[5]
		}
		return source.Span{File: in.File, Start: in.Start + start, End: in.Start + end}, true
	}
	return source.Span{}, false
}
