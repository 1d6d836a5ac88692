package materialize

import (
	"maps"
	"strconv"
	"strings"
	"unicode"

	"github.com/chmod-sql/chmod/adapters"
)

// Preview is the query for the first rows of some SQL; a negative limit means
// all of them. The limit goes beside the SQL where the server takes one there:
// the SQL then needs no wrapping, and may be any statement that returns rows.
func Preview(sql string, limit int, settings map[string]any, v adapters.Version, comment string) Step {
	body := withoutEnd(sql)
	s := Step{Number: 1, Purpose: "read the first rows", Scope: ScopeNode, Kind: KindExec}
	s.Statement = adapters.Statement{SQL: body, Comment: comment, Settings: maps.Clone(settings)}
	before := ""
	switch {
	case limit < 0:
	case v.Has(adapters.LimitSetting):
		if s.Statement.Settings == nil {
			s.Statement.Settings = map[string]any{}
		}
		s.Statement.Settings["limit"] = strconv.Itoa(limit)
	case selects(body):
		before = "SELECT * FROM (\n"
		s.Statement.SQL = before + body + "\n) LIMIT " + strconv.Itoa(limit)
	}
	s.Origin = Origin{Kind: OriginSQL, Start: len(before), End: len(before) + len(body)}
	return s
}

// selects reports whether some SQL is a SELECT, by its first word.
func selects(sql string) bool {
	for sql != "" {
		size, blank := token(sql)
		if !blank && sql[0] != '(' {
			break
		}
		sql = sql[size:]
	}
	word := sql
	if end := strings.IndexFunc(sql, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = sql[:end]
	}
	return strings.EqualFold(word, "SELECT") || strings.EqualFold(word, "WITH")
}
