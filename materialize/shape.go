package materialize

import (
	"fmt"
	"strings"
)

// shape is what a CREATE statement says, read so that two of them can be
// compared: with spaces, quotes and spellings of types that do not matter out
// of the way.
type shape struct {
	kind    string // TABLE, VIEW, MATERIALIZED VIEW, DICTIONARY
	columns []shapeColumn
	// entries are indexes, projections and constraints by kind and name.
	entries map[string]string
	// written are entries and clauses as they stand in the statement, by the
	// same keys; entries from their name on.
	written  map[string]string
	engine   string
	args     []string
	clauses  map[string]string // by keyword: ORDER BY
	settings map[string]string
	comment  string // as it is written, in quotes
	query    string
	// rest is where in the statement that begins which follows the relation's
	// name, arguments where the engine's arguments stand.
	rest      int
	arguments [][2]int
}

type shapeColumn struct {
	name, kind, preset, codec, comment, ttl string
	// codecText and ttlText are these as they stand in the statement.
	codecText, ttlText string
}

// clauseWords begin what follows the engine, as servers print it.
var clauseWords = [][]string{
	{"PARTITION", "BY"}, {"PRIMARY", "KEY"}, {"ORDER", "BY"}, {"SAMPLE", "BY"}, {"TTL"}, {"SETTINGS"}, {"COMMENT"}, {"AS"},
	{"ENGINE"}, {"TO"}, {"EMPTY"}, {"POPULATE"}, {"REFRESH"}, {"DEFINER"}, {"SQL", "SECURITY"},
	{"SOURCE"}, {"LAYOUT"}, {"LIFETIME"}, {"RANGE"},
}

// readShape reads a CREATE statement of a server or of our own.
func readShape(sql string) (shape, error) {
	s := shape{entries: map[string]string{}, written: map[string]string{}, clauses: map[string]string{}, settings: map[string]string{}}
	all := lexemes(sql)
	i := 0
	for ; i < len(all) && all[i].is("CREATE", "ATTACH", "OR", "REPLACE"); i++ {
	}
	for ; i < len(all) && all[i].is("TEMPORARY", "TABLE", "MATERIALIZED", "VIEW", "DICTIONARY", "LIVE", "WINDOW"); i++ {
		if !all[i].is("TEMPORARY") {
			s.kind = strings.TrimSpace(s.kind + " " + strings.ToUpper(all[i].text))
		}
	}
	if s.kind == "" {
		return s, fmt.Errorf("no CREATE of a table or view: %.60s", sql)
	}
	for ; i < len(all) && all[i].is("IF", "NOT", "EXISTS"); i++ {
	}
	if i >= len(all) || !all[i].word {
		return s, fmt.Errorf("a CREATE without a name: %.60s", sql)
	}
	i++
	if i+1 < len(all) && all[i].text == "." {
		i += 2
	}
	s.rest = len(sql)
	if i+1 < len(all) && all[i].is("UUID") && all[i+1].quoted {
		i += 2
	}
	if i < len(all) {
		s.rest = all[i].start
	}
	if i < len(all) && all[i].text == "(" {
		end := closedAt(all, i)
		for _, element := range commas(all[i+1 : min(end, len(all))]) {
			s.element(sql, element)
		}
		i = min(end+1, len(all))
	}
	s.tail(sql, all[i:])
	return s, nil
}

// engineShape reads an engine with what follows it, as servers print it.
func engineShape(full string) (shape, error) { return readShape("CREATE TABLE t ENGINE = " + full) }

// element reads one entry of the list of columns.
func (s *shape) element(sql string, all []lexeme) {
	if len(all) == 0 {
		return
	}
	if len(all) > 1 && !all[0].quoted && all[0].is("INDEX", "PROJECTION", "CONSTRAINT") && all[1].word {
		key := strings.ToUpper(all[0].text) + " " + all[1].text
		s.entries[key], s.written[key] = plain(all[2:]), textOf(sql, all[1:])
		return
	}
	c := shapeColumn{name: all[0].text}
	all = all[1:]
	// next is where the next of the words begins that follow a type.
	next := func(from int) int {
		for i := from; i < len(all); i++ {
			if all[i].text == "(" {
				i = closedAt(all, i)
				continue
			}
			if all[i].is("DEFAULT", "MATERIALIZED", "EPHEMERAL", "ALIAS", "CODEC", "COMMENT", "TTL", "STATISTICS", "SETTINGS") {
				return i
			}
		}
		return len(all)
	}
	n := next(0)
	c.kind = NormalType(plain(all[:n]))
	for all = all[n:]; len(all) > 0; all = all[n:] {
		n = next(1)
		part := all[:n]
		switch {
		case part[0].is("CODEC"):
			c.codec, c.codecText = codecText(bare(part[1:])), textOf(sql, part)
		case part[0].is("COMMENT"):
			c.comment = plain(part[1:])
		case part[0].is("TTL"):
			c.ttl, c.ttlText = plain(part[1:]), textOf(sql, part)
		case part[0].is("DEFAULT", "MATERIALIZED", "EPHEMERAL", "ALIAS"):
			c.preset = strings.ToUpper(part[0].text) + " " + plain(part[1:])
		}
	}
	s.columns = append(s.columns, c)
}

// textOf is what lexemes were read from.
func textOf(sql string, all []lexeme) string {
	if len(all) == 0 {
		return ""
	}
	return sql[all[0].start:all[len(all)-1].end]
}

// codecText is a chain of codecs by their names in one case.
func codecText(all []lexeme) string {
	var parts []string
	for _, part := range commas(all) {
		parts = append(parts, strings.ToUpper(plain(part)))
	}
	return strings.Join(parts, ", ")
}

// clause reports which clause begins at i, and how many words that takes.
func clause(all []lexeme, i int) (string, int) {
	for _, words := range clauseWords {
		if i+len(words) > len(all) {
			continue
		}
		found := true
		for k, w := range words {
			found = found && all[i+k].is(w)
		}
		if found {
			return strings.Join(words, " "), len(words)
		}
	}
	return "", 0
}

// tail reads what follows the columns.
func (s *shape) tail(sql string, all []lexeme) {
	for i := 0; i < len(all); {
		name, size := clause(all, i)
		if name == "" {
			i++
			continue
		}
		start := i + size
		if name == "AS" && s.kind == "TABLE" { // AS other_table
			i = start
			continue
		}
		if name == "AS" {
			s.asQuery(all[start:])
			return
		}
		end := start
		for ; end < len(all); end++ {
			if all[end].text == "(" && !all[end].quoted {
				end = closedAt(all, end)
				continue
			}
			// TTL may go on with words that begin clauses elsewhere.
			if n, _ := clause(all, end); n != "" && !(name == "TTL" && (n == "TO" || n == "AS")) && !(name == "SETTINGS" && n == "TO") {
				break
			}
		}
		s.clause(sql, name, all[start:min(end, len(all))])
		i = end
	}
}

func (s *shape) clause(sql, name string, all []lexeme) {
	switch name {
	case "ENGINE":
		s.engineOf(all)
	case "SETTINGS":
		for _, part := range commas(all) {
			if len(part) > 2 && part[1].text == "=" {
				s.settings[part[0].text] = strings.Trim(plain(part[2:]), "'")
			}
		}
	case "COMMENT":
		s.comment = plain(all)
	default:
		s.clauses[name], s.written[name] = plain(bare(all)), textOf(sql, all)
	}
}

func (s *shape) engineOf(all []lexeme) {
	for len(all) > 0 && all[0].text == "=" {
		all = all[1:]
	}
	if len(all) == 0 {
		return
	}
	s.engine = all[0].text
	if len(all) < 2 || all[1].text != "(" {
		return
	}
	for _, arg := range commas(all[2:min(closedAt(all, 1), len(all))]) {
		if len(arg) == 0 {
			continue
		}
		s.args = append(s.args, plain(arg))
		s.arguments = append(s.arguments, [2]int{arg[0].start, arg[len(arg)-1].end})
	}
}

// asQuery reads a view's query, which old servers print before the comment.
func (s *shape) asQuery(all []lexeme) {
	if n := len(all); n > 2 && all[n-2].is("COMMENT") && strings.HasPrefix(all[n-1].text, "'") {
		s.comment, all = all[n-1].text, all[:n-2]
	}
	s.query = plain(bare(all))
}
