package pyre

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// window reads the text and the optional pos and endpos of a search.
func window(text, pos, endpos value.Value) (*subjectText, error) {
	s, err := subject(text)
	if err != nil {
		return nil, err
	}
	runes := []rune(s)
	bound := func(v value.Value, absent int) (int, error) {
		if v == nil {
			return absent, nil
		}
		n, ok := value.AsInt(v)
		if !ok {
			return 0, value.Errorf("TypeError", "'%s' object cannot be interpreted as an integer", value.TypeName(v))
		}
		return int(min(max(n, 0), int64(len(runes)))), nil
	}
	from, err := bound(pos, 0)
	if err != nil {
		return nil, err
	}
	to, err := bound(endpos, len(runes))
	if err != nil {
		return nil, err
	}
	return &subjectText{text: s, runes: runes[:max(to, from)], pos: from}, nil
}

func (p *Pattern) first(m mode, text *subjectText) (value.Value, error) {
	match, err := p.find(m, text, text.pos)
	if err != nil || match == nil {
		return nil, err
	}
	return match, nil
}

func (p *Pattern) findAll(text *subjectText) (value.Value, error) {
	all := value.NewList()
	err := p.each(text, text.pos, func(m *Match) (bool, error) {
		var item value.Value
		switch p.groups {
		case 0:
			item = text.slice(m.spans[0])
		case 1:
			item = m.groups("").Elems[0]
		default:
			item = m.groups("")
		}
		all.Elems = append(all.Elems, item)
		return true, nil
	})
	return all, err
}

func (p *Pattern) findIter(text *subjectText) (value.Value, error) {
	m, from := anywhere, text.pos
	done := false
	return value.NewIterator("callable_iterator", func() (value.Value, bool, error) {
		if done {
			return nil, false, nil
		}
		match, err := p.find(m, text, from)
		if err != nil || match == nil {
			done = true
			return nil, false, err
		}
		m, from = anywhere, match.spans[0][1]
		if match.spans[0][0] == match.spans[0][1] {
			m = advancing
		}
		return match, true, nil
	}), nil
}

func (p *Pattern) split(text *subjectText, limit int64) (value.Value, error) {
	parts := value.NewList()
	last := 0
	err := p.each(text, 0, func(m *Match) (bool, error) {
		if limit > 0 && int64(len(parts.Elems)/(p.groups+1)) >= limit {
			return false, nil
		}
		parts.Elems = append(parts.Elems, text.slice([2]int{last, m.spans[0][0]}))
		parts.Elems = append(parts.Elems, m.groups(nil).Elems...)
		last = m.spans[0][1]
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	parts.Elems = append(parts.Elems, text.slice([2]int{last, len(text.runes)}))
	return parts, nil
}

// substitute replaces matches, at most limit when it is not 0, by a template
// or by what a function makes of them.
func (p *Pattern) substitute(c *value.Call, with value.Value, text *subjectText, limit int64) (string, int64, error) {
	replace := func(m *Match) (string, error) {
		v, err := c.With(with, m)
		if err != nil {
			return "", err
		}
		s, ok := v.(string)
		if !ok && v != nil {
			return "", value.Errorf("TypeError", "sequence item 0: expected str instance, %s found", value.TypeName(v))
		}
		return s, nil
	}
	if template, ok := with.(string); ok {
		t, err := readReplacement(template, p)
		if err != nil {
			return "", 0, err
		}
		replace = func(m *Match) (string, error) { return t.expand(m), nil }
	} else if !value.IsCallable(with) {
		return "", 0, value.Errorf("TypeError", "decoding to str: need a bytes-like object, %s found", value.TypeName(with))
	}
	var b strings.Builder
	var count int64
	last := 0
	err := p.each(text, 0, func(m *Match) (bool, error) {
		b.WriteString(string(text.runes[last:m.spans[0][0]]))
		s, err := replace(m)
		if err != nil {
			return false, err
		}
		if b.Len()+len(s) > maxResult {
			return false, value.Errorf("MemoryError", "the string is too large")
		}
		b.WriteString(s)
		last = m.spans[0][1]
		count++
		return limit <= 0 || count < limit, nil
	})
	if err != nil {
		return "", 0, err
	}
	b.WriteString(string(text.runes[last:]))
	return b.String(), count, nil
}
