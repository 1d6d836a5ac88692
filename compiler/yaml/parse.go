package yaml

import (
	"errors"
	"fmt"
	"io"
	"strings"

	lib "go.yaml.in/yaml/v3"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

const (
	maxDepth = 400     // of nodes in nodes
	maxNodes = 5 << 20 // of a file, each alias counted with all it stands for
)

// Parse reads a file of one document. The node is nil for a file that is
// empty or holds an error; warnings come with a node.
func Parse(f *source.File) (*Node, diag.List) { return parse(f, f.Text) }

// ParseFile is Parse of a file as dbt reads those of a project: without the
// blanks at its end, so that a block of text that ends it has no line end.
func ParseFile(f *source.File) (*Node, diag.List) {
	return parse(f, strings.TrimRight(f.Text, " \t\r\n"))
}

func parse(f *source.File, text string) (*Node, diag.List) {
	p := &parser{file: f}
	if n, ok := p.parseSimple(text); ok {
		return n, p.list
	}
	return parseAny(f, text)
}

// parseAny reads all there is, by the library.
func parseAny(f *source.File, text string) (*Node, diag.List) {
	p := &parser{
		file:   f,
		places: places{text: f.Text, lines: lineStarts(f.Text)},
		shared: map[*lib.Node]*Node{},
	}
	root, err := decode(text)
	if err != nil {
		p.list.Add(mistake(f, err.Error()))
		return nil, p.list
	}
	if root == nil {
		return nil, p.list
	}
	n := p.node(root, 0)
	if p.list.HasErrors() {
		return nil, p.list
	}
	return n, p.list
}

// decode gives the only document's content, or nil when there is none. The
// library reports some mistakes by panicking.
func decode(text string) (root *lib.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("%v", r)
		}
	}()
	var first, second lib.Node
	d := lib.NewDecoder(strings.NewReader(text))
	switch err := d.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := d.Decode(&second); {
	case err == nil:
		return nil, fmt.Errorf("line %d: %s", max(second.Line, 1), secondDocument)
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	if len(first.Content) == 0 {
		return nil, nil
	}
	return first.Content[0], nil
}

type parser struct {
	file   *source.File
	places places
	// shared are the nodes of anchors; nil while one is being made.
	shared map[*lib.Node]*Node
	total  int
	list   diag.List
}

func (p *parser) node(in *lib.Node, depth int) *Node {
	if in.Kind == lib.AliasNode {
		n := p.shared[in.Alias]
		start := p.places.at(in.Line, in.Column)
		span := source.Span{File: p.file, Start: start, End: start + 1 + len(in.Value)}
		if n == nil {
			p.bad(span, fmt.Sprintf("the anchor %q contains itself", in.Value), "", "remove the alias")
			return &Node{Span: span}
		}
		if !p.count(int(n.size), span) {
			return &Node{Span: span}
		}
		return n
	}
	out := &Node{size: 1}
	out.Span = source.Span{File: p.file, Start: p.places.start(in)}
	if in.Anchor != "" {
		p.shared[in] = nil
		defer func() { p.shared[in] = out }()
	}
	if !p.count(1, out.Span) {
		return out
	}
	if depth > maxDepth {
		p.bad(out.Span, "the YAML is nested too deeply", fmt.Sprintf("at most %d levels are read", maxDepth), "")
		return out
	}
	if in.Kind != lib.ScalarNode && in.Style&lib.TaggedStyle != 0 && in.Tag != "!!map" && in.Tag != "!!seq" {
		p.bad(out.Span, "the tag "+in.Tag+" is not known", "", "remove it")
	}
	switch in.Kind {
	case lib.MappingNode:
		out.Kind = Mapping
		p.mapping(out, in, depth)
	case lib.SequenceNode:
		out.Kind = Sequence
		items := make([]*Node, 0, len(in.Content))
		for _, item := range in.Content {
			child := p.node(item, depth+1)
			items, out.size = append(items, child), out.size+child.size
		}
		if len(items) > 0 {
			out.items = &items
		}
		p.close(out, in, ']')
	default:
		p.scalar(out, in)
	}
	return out
}

// close ends the span of a mapping or sequence with that of its last child,
// or with the bracket.
func (p *parser) close(out *Node, in *lib.Node, bracket byte) {
	end := out.Span.Start
	if len(in.Content) > 0 {
		end = max(end, p.places.last)
	}
	if in.Style&lib.FlowStyle != 0 {
		end = p.places.bracket(end, out.Span.Start, bracket)
		p.places.last = max(p.places.last, end)
	}
	out.Span.End = end
}

func (p *parser) scalar(out *Node, in *lib.Node) {
	out.Text = in.Value
	switch {
	case in.Style&lib.DoubleQuotedStyle != 0:
		out.Style = DoubleQuoted
	case in.Style&lib.SingleQuotedStyle != 0:
		out.Style = SingleQuoted
	case in.Style&lib.LiteralStyle != 0:
		out.Style = Literal
	case in.Style&lib.FoldedStyle != 0:
		out.Style = Folded
	}
	out.Span.End = end(p.file.Text, out.Span.Start, out.Style, out.Text)
	p.places.last = max(p.places.last, out.Span.End)
	tag := ""
	if in.Style&lib.TaggedStyle != 0 {
		tag = in.Tag
	}
	v, err := resolve(out.Text, tag, out.Style != Plain)
	if err != nil {
		p.bad(out.Span, err.Error(), "", "quote it if it is text")
	}
	out.set(v)
}

// count keeps a small file from standing for a huge tree; false once it does.
func (p *parser) count(n int, at source.Span) bool {
	before := p.total
	p.total += n
	if p.total > maxNodes && before <= maxNodes {
		p.bad(at, "the YAML is too large", fmt.Sprintf("with its aliases it stands for more than %d values", maxNodes), "use fewer aliases")
	}
	return p.total <= maxNodes
}

func (p *parser) bad(at source.Span, what, why, fix string) {
	p.list.Add(diag.Diagnostic{Code: "bad-yaml", Span: at, What: what, Why: why, Fix: fix})
}
