package template

import (
	"github.com/chmod-sql/chmod/compiler/source"
)

// writer collects rendered text, and where it came from when it is mapped.
type writer struct {
	r      *Renderer
	buf    []byte
	mapped bool
	deaf   bool // nothing is kept
	segs   []segment
	site   *site // the calls that what is written now lies in
	// wrong is the first thing printed that was no text. As in Jinja2 that is a
	// mistake only once the output is joined, which a return() forestalls.
	wrong error
}

// segment is a stretch of output up to the next one's start.
type segment struct {
	start int
	// text is set for text of the template itself, which is in the file as it
	// is; else the stretch is what the expression at span printed.
	text bool
	span source.Span
	site *site
}

// site is a call in a template whose output is spliced in.
type site struct {
	span source.Span
	up   *site
}

func (w *writer) write(s string, span source.Span, text bool) error {
	if s == "" {
		return nil
	}
	w.r.bytes += len(s)
	if w.r.bytes > w.r.limits.Bytes {
		return locate(&LimitError{"bytes", w.r.limits.Bytes}, span)
	}
	if w.deaf {
		return nil
	}
	if w.mapped {
		w.segs = append(w.segs, segment{len(w.buf), text, span, w.site})
	}
	w.buf = append(w.buf, s...)
	return nil
}

// mark is a state of the writer to go back to.
type mark struct{ bytes, segs int }

func (w *writer) mark() mark { return mark{len(w.buf), len(w.segs)} }

func (w *writer) back(m mark) {
	w.buf, w.segs = w.buf[:m.bytes], w.segs[:m.segs]
}
