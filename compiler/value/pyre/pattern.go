// Package pyre is Python's re module as templates use it.
//
// Its main types are Pattern and Match. Patterns are translated for an engine
// that knows lookarounds and backreferences; a match that takes longer than
// two seconds is an error instead of a hang. Both types are safe for
// concurrent use.
package pyre

import (
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Python's flags.
const (
	flagIgnoreCase int64 = 2
	flagLocale     int64 = 4
	flagMultiline  int64 = 8
	flagDotAll     int64 = 16
	flagUnicode    int64 = 32
	flagVerbose    int64 = 64
	flagASCII      int64 = 256
)

func flagOf(letter rune) int64 {
	switch letter {
	case 'i':
		return flagIgnoreCase
	case 'm':
		return flagMultiline
	case 's':
		return flagDotAll
	}
	return flagVerbose
}

const (
	matchTimeout = 2 * time.Second
	maxResult    = 64 << 20 // bytes of text that one call may make
	maxMatches   = 8 << 20
)

// Pattern is a compiled pattern.
type Pattern struct {
	source string
	*translated
	compiled [modes]func() (*regexp2.Regexp, error)
}

// mode is where a match may lie.
type mode int

const (
	anywhere  mode = iota
	here           // at the start of the search
	exactly        // from the start of the search to the end
	advancing      // anywhere, but not empty at the start of the search
	modes
)

// Compile reads a pattern. The error is a Python error of class error.
func Compile(pattern string, flags int64) (*Pattern, error) {
	t, err := translate(pattern, flags)
	if err != nil {
		return nil, err
	}
	p := &Pattern{source: pattern, translated: t}
	for m := range modes {
		p.compiled[m] = sync.OnceValues(func() (*regexp2.Regexp, error) { return p.compile(m) })
	}
	_, err = p.compiled[anywhere]()
	return p, err
}

func (p *Pattern) compile(m mode) (*regexp2.Regexp, error) {
	text := p.text
	if p.flags&flagVerbose != 0 {
		text += "\n" // ends a comment that would hide what follows
	}
	switch m {
	case here:
		text = `\G(?:` + text + `)`
	case exactly:
		text = `\G(?:` + text + `)\z`
	case advancing:
		text = `(?:` + text + `)(?!\G)`
	}
	var options regexp2.RegexOptions
	for flag, option := range map[int64]regexp2.RegexOptions{
		flagIgnoreCase: regexp2.IgnoreCase, flagMultiline: regexp2.Multiline, flagDotAll: regexp2.Singleline, flagVerbose: regexp2.IgnorePatternWhitespace,
	} {
		if p.flags&flag != 0 {
			options |= option
		}
	}
	compiled, err := regexp2.Compile(text, options)
	if err != nil {
		reason := err.Error()
		if i := strings.LastIndex(reason, ": "); i > 0 {
			reason = reason[i+2:]
		}
		return nil, value.Errorf("error", "cannot read the pattern %s: %s", value.Repr(p.source), reason)
	}
	compiled.MatchTimeout = matchTimeout
	return compiled, nil
}

// find is the first match from a position on; nil when there is none.
func (p *Pattern) find(m mode, text *subjectText, from int) (*Match, error) {
	compiled, err := p.compiled[m]()
	if err != nil {
		return nil, err
	}
	if from > len(text.runes) {
		return nil, nil
	}
	found, err := compiled.FindRunesMatchStartingAt(text.runes, from)
	if err != nil {
		return nil, p.tooSlow()
	}
	if found == nil {
		return nil, nil
	}
	match := &Match{pattern: p, text: text, spans: make([][2]int, p.groups+1)}
	for i := range match.spans {
		match.spans[i] = [2]int{-1, -1}
		if g := found.GroupByNumber(i); g != nil && len(g.Captures) > 0 {
			match.spans[i] = [2]int{g.Index, g.Index + g.Length}
		}
	}
	return match, nil
}

func (p *Pattern) tooSlow() error {
	return value.Errorf("TimeoutError", "the pattern %s takes too long to match", value.Repr(p.source))
}

// each calls visit with all matches in order, until it says no.
func (p *Pattern) each(text *subjectText, from int, visit func(*Match) (bool, error)) error {
	m, count := anywhere, 0
	deadline := time.Now().Add(matchTimeout)
	for {
		match, err := p.find(m, text, from)
		if err != nil || match == nil {
			return err
		}
		if count++; count%64 == 0 && time.Now().After(deadline) {
			return p.tooSlow()
		}
		if count > maxMatches {
			return value.Errorf("MemoryError", "too many matches")
		}
		more, err := visit(match)
		if err != nil || !more {
			return err
		}
		// An empty match may follow one that is not, but not itself.
		m, from = anywhere, match.spans[0][1]
		if match.spans[0][0] == match.spans[0][1] {
			m = advancing
		}
	}
}

// subjectText is what is searched. Positions count characters.
type subjectText struct {
	text  string
	runes []rune
	pos   int
}

func (s *subjectText) slice(span [2]int) value.Value {
	if span[0] < 0 {
		return nil
	}
	return string(s.runes[span[0]:span[1]])
}

func subject(v value.Value) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", value.Errorf("TypeError", "expected string or bytes-like object, got '%s'", value.TypeName(v))
	}
	return s, nil
}
