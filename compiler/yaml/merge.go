package yaml

import (
	"slices"
	"strings"

	lib "go.yaml.in/yaml/v3"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// mapping reads the entries. Merged entries come before the mapping's own,
// which win; of two own entries with one key, the last wins.
func (p *parser) mapping(out *Node, in *lib.Node, depth int) {
	var merged []Entry
	own := make([]Entry, 0, len(in.Content)/2)
	for i := 0; i+1 < len(in.Content); i += 2 {
		k := in.Content[i]
		key := p.node(k, depth+1)
		val := p.node(in.Content[i+1], depth+1)
		out.size += key.size + val.size
		if key.Kind != Scalar {
			p.unhashable(key)
			continue
		}
		if k.Kind == lib.ScalarNode && k.Value == "<<" && k.Style&^lib.TaggedStyle == 0 && (k.Tag == "!!merge") {
			merged = append(merged, p.merge(val)...)
			continue
		}
		own = append(own, Entry{key, val})
	}
	p.close(out, in, '}')
	all := p.settle(own)
	if len(merged) > 0 {
		all = overlay(merged, all)
	}
	out.Entries = all
}

// merge gives the entries that << brings in. Of several mappings the first
// wins, so that it comes last.
func (p *parser) merge(val *Node) []Entry {
	if val.Kind == Mapping {
		return val.Entries
	}
	var out []Entry
	if val.Kind == Sequence {
		for _, item := range slices.Backward(val.Items()) {
			if item.Kind != Mapping {
				p.bad(item.Span, "<< merges mappings, and this is "+item.What(), "", "name anchors of mappings: <<: [*a, *b]")
				return nil
			}
			out = append(out, item.Entries...)
		}
		return out
	}
	p.bad(val.Span, "<< merges mappings, and this is "+val.What(), "", "name an anchor of a mapping: <<: *a")
	return nil
}

// settle keeps the last of the entries with one key, at the first's position,
// and warns.
func (p *parser) settle(entries []Entry) []Entry {
	if plainlyDistinct(entries) {
		return entries
	}
	seen := make(map[any]int, len(entries))
	out := entries[:0]
	for _, e := range entries {
		h, err := value.Key(e.Key.Scalar())
		if err != nil {
			p.unhashable(e.Key)
			continue
		}
		i, ok := seen[h]
		if !ok {
			seen[h] = len(out)
			out = append(out, e)
			continue
		}
		p.list.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "duplicate-key", Span: e.Key.Span,
			What:  `the key "` + e.Key.Text + `" is set twice`,
			Why:   "the last one is used",
			Fix:   "remove one of them",
			Notes: []diag.Note{{Span: out[i].Key.Span, Text: "first set here"}},
		})
		if out[i].Key.Text != e.Key.Text {
			e.Key = out[i].Key // 1 and true are one key to Python, and it stays the first
		}
		out[i] = e
	}
	return out
}

// plainlyDistinct reports whether a mapping has few keys, all strings and no
// two the same, as nearly all have: it saves a map for each.
func plainlyDistinct(entries []Entry) bool {
	if len(entries) > 12 {
		return false
	}
	for i, e := range entries {
		if !e.Key.isText {
			return false
		}
		for _, earlier := range entries[:i] {
			if earlier.Key.Text == e.Key.Text {
				return false
			}
		}
	}
	return true
}

// overlay puts entries over others, without a warning.
func overlay(below, above []Entry) []Entry {
	seen := make(map[any]int, len(below)+len(above))
	var out []Entry
	for _, entries := range [2][]Entry{below, above} {
		for _, e := range entries {
			h, err := value.Key(e.Key.Scalar())
			if err != nil {
				continue // reported when its mapping was read
			}
			if i, ok := seen[h]; ok {
				out[i] = e
				continue
			}
			seen[h] = len(out)
			out = append(out, e)
		}
	}
	return out
}

// unhashable reports a key that is a mapping or a list; it nearly always is
// a template without quotes.
func (p *parser) unhashable(key *Node) {
	at := key.Span
	if key.Kind == Mapping && key.Span.Start > 0 && strings.HasPrefix(p.file.Text[key.Span.Start-1:], "{{") {
		at.Start--
		at.End = min(at.End+1, len(p.file.Text))
		p.bad(at, "the template has no quotes", "a { at the start of a value begins a mapping in YAML", `quote it: "`+unquoted(at.Text())+`"`)
		return
	}
	p.bad(at, key.What()+" cannot be a key", "", "quote it if it is text")
}

// unquoted is a template fit to be shown in double quotes.
func unquoted(template string) string {
	if strings.ContainsAny(template, "\n") || !strings.HasSuffix(template, "}}") {
		return "{{ ... }}"
	}
	return strings.ReplaceAll(template, `"`, `'`)
}
