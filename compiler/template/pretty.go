package template

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/chmod-sql/chmod/compiler/value"
)

// pretty is Python's pprint.pformat: dicts in the order of their keys, and one
// item a line when a line has no room for all.
func pretty(v value.Value) (string, error) {
	p := &prettyPrinter{sorted: map[value.Value]value.Value{}}
	p.format(v, 0, 0, 0)
	if p.b.Len() > maxPretty {
		return "", value.Errorf("MemoryError", "the text of pprint is too large")
	}
	return p.b.String(), nil
}

// maxPretty is how long a text for people to read may be.
const maxPretty = 4 << 20

type prettyPrinter struct {
	b strings.Builder
	// sorted are lists and dicts with all keys in order, each made once: they
	// may hold each other many times over.
	sorted map[value.Value]value.Value
}

const prettyWidth = 80

// format writes v at a column, leaving room behind it.
func (p *prettyPrinter) format(v value.Value, indent, room, depth int) {
	if p.b.Len() > maxPretty {
		return
	}
	v = p.sortedKeys(v, 0)
	flat, all := value.ReprWithin(v, 4*prettyWidth)
	if all && utf8.RuneCountInString(flat) <= prettyWidth-indent-room {
		p.b.WriteString(flat)
		return
	}
	if depth > 100 {
		p.b.WriteString(value.Repr(v))
		return
	}
	switch v := v.(type) {
	case *value.List:
		p.items("[", v.Elems, "]", indent, room, depth)
	case *value.Tuple:
		end := ")"
		if len(v.Elems) == 1 {
			end = ",)"
		}
		p.items("(", v.Elems, end, indent, room, depth)
	case *value.Set:
		p.items("{", v.Elems(), "}", indent, room, depth)
	case *value.Dict:
		p.b.WriteString("{")
		i := 0
		for k, item := range v.All() {
			if i > 0 {
				p.b.WriteString(",\n" + strings.Repeat(" ", indent+1))
			}
			i++
			key := value.Repr(k) + ": "
			p.b.WriteString(key)
			after := 1
			if i == v.Len() {
				after = room + 1
			}
			p.format(item, indent+1+utf8.RuneCountInString(key), after, depth+1)
		}
		p.b.WriteString("}")
	case string:
		p.text(v, indent, room, depth)
	default:
		p.b.WriteString(value.Repr(v))
	}
}

func (p *prettyPrinter) items(begin string, items []value.Value, end string, indent, room, depth int) {
	p.b.WriteString(begin)
	for i, item := range items {
		if i > 0 {
			p.b.WriteString(",\n" + strings.Repeat(" ", indent+1))
		}
		after := 1
		if i == len(items)-1 {
			after = room + len(end)
		}
		p.format(item, indent+1, after, depth+1)
	}
	p.b.WriteString(end)
}

// text breaks a long string into several side by side, at blanks.
func (p *prettyPrinter) text(s string, indent, room, depth int) {
	if depth == 0 {
		indent++
		room++
	}
	width := prettyWidth - indent
	var chunks []string
	lines := strings.SplitAfter(s, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for i, line := range lines {
		limit := width
		if i == len(lines)-1 {
			limit -= room
		}
		if repr := value.Repr(line); utf8.RuneCountInString(repr) <= limit {
			chunks = append(chunks, repr)
			continue
		}
		words := wordsWithBlanks(line)
		now := ""
		for k, word := range words {
			limit := width
			if k == len(words)-1 && i == len(lines)-1 {
				limit -= room
			}
			if candidate := now + word; utf8.RuneCountInString(value.Repr(candidate)) > limit {
				if now != "" {
					chunks = append(chunks, value.Repr(now))
				}
				now = word
			} else {
				now = candidate
			}
		}
		if now != "" {
			chunks = append(chunks, value.Repr(now))
		}
	}
	if len(chunks) == 1 {
		p.b.WriteString(chunks[0])
		return
	}
	joined := strings.Join(chunks, "\n"+strings.Repeat(" ", indent))
	if depth == 0 {
		joined = "(" + joined + ")"
	}
	p.b.WriteString(joined)
}

func wordsWithBlanks(s string) []string {
	var words []string
	for len(s) > 0 {
		i := strings.IndexFunc(s, isSpace)
		if i < 0 {
			return append(words, s)
		}
		rest := strings.TrimLeftFunc(s[i:], isSpace)
		words, s = append(words, s[:len(s)-len(rest)]), rest
	}
	return words
}

// sortedKeys is v with the keys of dicts in order, as far as they have one.
func (p *prettyPrinter) sortedKeys(v value.Value, depth int) value.Value {
	switch v.(type) {
	case *value.Dict, *value.List, *value.Tuple:
	default:
		return v
	}
	if done, ok := p.sorted[v]; ok {
		return done
	}
	if depth > 100 {
		return v
	}
	p.sorted[v] = v // one that holds itself stays as it is
	done := p.sort(v, depth)
	p.sorted[v], p.sorted[done] = done, done
	return done
}

func (p *prettyPrinter) sort(v value.Value, depth int) value.Value {
	switch v := v.(type) {
	case *value.Dict:
		keys := v.Keys()
		byKey := slices.Clone(keys)
		if value.Sort(byKey, nil, false) == nil {
			keys = byKey
		}
		d := value.NewDict()
		for _, k := range keys {
			item, _ := v.Get(k)
			if d.Set(k, p.sortedKeys(item, depth+1)) != nil {
				return v // cannot be: k was a key already
			}
		}
		return d
	case *value.List:
		return value.NewList(p.sortedItems(v.Elems, depth)...)
	case *value.Tuple:
		return value.NewTuple(p.sortedItems(v.Elems, depth)...)
	}
	return v
}

func (p *prettyPrinter) sortedItems(items []value.Value, depth int) []value.Value {
	list := make([]value.Value, len(items))
	for i, item := range items {
		list[i] = p.sortedKeys(item, depth+1)
	}
	return list
}
