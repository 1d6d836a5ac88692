package yaml

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Renderer renders the template that a string holds. Native gives Python's
// native result: a template that is one expression keeps its type. The error
// is a diagnostic, or a failure of the world. n.At turns places in the
// template into places in the file.
type Renderer interface {
	Native(n *Node) (value.Value, error)
}

// Render gives the tree with every string rendered, but for the subtrees that
// raw names by the path of keys that leads to them (positions in lists are
// "[]"); a nil raw renders all. Keys are not rendered. What holds no template
// is shared with the tree given. Strings that cannot be rendered stay as they
// are, with an error on the list.
func Render(n *Node, r Renderer, raw func(path []string) bool) (*Node, diag.List, error) {
	w := rendering{with: r, raw: raw}
	out := w.node(n)
	return out, w.list, w.err
}

type rendering struct {
	with Renderer
	raw  func(path []string) bool
	path []string
	list diag.List
	err  error
}

func (w *rendering) node(n *Node) *Node {
	if n == nil || w.err != nil || w.raw != nil && len(w.path) > 0 && w.raw(w.path) {
		return n
	}
	switch n.Kind {
	case Mapping:
		var fresh []Entry
		for i, e := range n.Entries {
			w.path = append(w.path, e.Key.Text)
			v := w.node(e.Value)
			w.path = w.path[:len(w.path)-1]
			if v != e.Value && fresh == nil {
				fresh = append(make([]Entry, 0, len(n.Entries)), n.Entries[:i]...)
			}
			if fresh != nil {
				fresh = append(fresh, Entry{e.Key, v})
			}
		}
		return n.with(fresh, nil)
	case Sequence:
		var fresh []*Node
		w.path = append(w.path, "[]")
		for i, item := range n.Items() {
			v := w.node(item)
			if v != item && fresh == nil {
				fresh = append(make([]*Node, 0, len(n.Items())), n.Items()[:i]...)
			}
			if fresh != nil {
				fresh = append(fresh, v)
			}
		}
		w.path = w.path[:len(w.path)-1]
		return n.with(nil, fresh)
	}
	return w.scalar(n)
}

// with is the node with other children, or itself without.
func (n *Node) with(entries []Entry, items []*Node) *Node {
	if entries == nil && items == nil {
		return n
	}
	c := *n
	c.Entries, c.items = entries, nil
	if items != nil {
		c.items = &items
	}
	return &c
}

func (w *rendering) scalar(n *Node) *Node {
	text, ok := n.Str()
	if !ok {
		return n
	}
	if !HasTemplate(text) {
		// Jinja drops one line break at the end.
		cut := strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
		if len(cut) == len(text) || !strings.HasSuffix(text, "\n") {
			return n
		}
		c := *n
		c.Text = cut
		return &c
	}
	v, err := w.with.Native(n)
	if err != nil {
		w.err = w.list.AddError(err)
		return n
	}
	return Of(v, n.Span)
}

// HasTemplate reports whether Jinja would find anything in the text.
func HasTemplate(text string) bool {
	return strings.Contains(text, "{{") || strings.Contains(text, "{%") || strings.Contains(text, "{#")
}

// Of makes a node of a value that is in no file; it and all below it stand
// where span says. Sequences become lists, keys keep their types.
func Of(v value.Value, span source.Span) *Node { return made(v, span, 0) }

// made stops where a list holds itself.
func made(v value.Value, span source.Span, depth int) *Node {
	n := &Node{Span: span, derived: true, size: 1}
	if depth > maxDepth {
		return n
	}
	switch v := v.(type) {
	case *value.Dict:
		n.Kind = Mapping
		for k, e := range v.All() {
			key := made(k, span, depth+1)
			n.Entries = append(n.Entries, Entry{key, made(e, span, depth+1)})
		}
	case *value.List:
		n.Kind = Sequence
		n.items = madeItems(v.Elems, span, depth)
	case *value.Tuple:
		n.Kind = Sequence
		n.items = madeItems(v.Elems, span, depth)
	default:
		n.Text = value.Str(v)
		n.set(v)
	}
	return n
}

func madeItems(elems []value.Value, span source.Span, depth int) *[]*Node {
	items := make([]*Node, len(elems))
	for i, e := range elems {
		items[i] = made(e, span, depth+1)
	}
	return &items
}
