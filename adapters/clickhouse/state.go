package clickhouse

import (
	"slices"
	"strings"
)

// state is what a session has told its connection to remember.
type state struct {
	// replay are the statements that bring a new connection to this state.
	replay []string
	// set are the settings that a SET changed.
	set map[string]bool
	// temporary is true once the session made a temporary table: no replay
	// brings that back.
	temporary bool
}

// effect is what a statement does to the session's state when it succeeds.
type effect uint8

const (
	effectNone effect = iota
	effectSet
	effectUse
	effectTemporary
)

func effectOf(sql string) effect {
	l := lexer{sql: sql}
	first, ok := l.next()
	if !ok || first.kind != wordToken {
		return effectNone
	}
	second, _ := l.next()
	switch {
	case l.is(first, "SET"):
		return effectSet
	case l.is(first, "USE"):
		return effectUse
	case l.is(first, "CREATE") || l.is(first, "REPLACE"):
		if l.is(second, "OR") { // OR REPLACE
			l.next()
			second, _ = l.next()
		}
		if l.is(second, "TEMPORARY") {
			return effectTemporary
		}
	}
	return effectNone
}

// apply remembers that sql, of that effect, has succeeded.
func (s *state) apply(sql string, e effect) {
	switch e {
	case effectSet:
		s.replay = append(s.replay, sql)
		if s.set == nil {
			s.set = map[string]bool{}
		}
		for _, name := range settingNames(sql) {
			s.set[name] = true
		}
	case effectUse:
		s.replay = append(s.replay, sql)
	case effectTemporary:
		s.temporary = true
	}
}

// settingNames are the names that SET a = 1, b = 2 sets.
func settingNames(sql string) []string {
	l := lexer{sql: sql}
	var names []string
	var before token
	for t, ok := l.next(); ok; t, ok = l.next() {
		if t.kind == punctToken && l.text(t) == "=" && (before.kind == wordToken || before.kind == quotedToken) {
			names = append(names, strings.Trim(l.text(before), "`\""))
		}
		before = t
	}
	slices.Sort(names)
	return slices.Compact(names)
}
