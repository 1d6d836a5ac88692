package template

import (
	"sort"

	"github.com/chmod-sql/chmod/compiler/source"
)

// Output is rendered text and the map from it to the files it was made of.
type Output struct {
	Text string
	segs []segment
}

// Origin is where the character at an offset of the text was made: its own
// place when it stands in a template as it is, else the expression that printed
// it. Inside of a macro's text that is a place in the macro.
func (o *Output) Origin(offset int) source.Span {
	if stack := o.OriginStack(offset); len(stack) > 0 {
		return stack[0]
	}
	return source.Span{}
}

// OriginStack is Origin followed by the calls it happened in, innermost first.
// The last one lies in the template that was rendered.
func (o *Output) OriginStack(offset int) []source.Span {
	if len(o.segs) == 0 {
		return nil
	}
	i := sort.Search(len(o.segs), func(i int) bool { return o.segs[i].start > offset })
	if i > 0 {
		i--
	}
	s := o.segs[i]
	at := s.span
	if s.text {
		at = within(at, offset-s.start)
	}
	stack := []source.Span{at}
	for call := s.site; call != nil; call = call.up {
		stack = append(stack, call.span)
	}
	return stack
}

// within is the place of the n-th byte of a text that a file has as it is, but
// for its line ends.
func within(at source.Span, n int) source.Span {
	if at.File == nil {
		return at
	}
	text := at.Text()
	i := 0
	for ; n > 0 && i < len(text); n-- {
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		i++
	}
	start := min(at.Start+i, at.End)
	return source.Span{File: at.File, Start: start, End: min(start+1, at.End)}
}
