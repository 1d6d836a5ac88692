package adapters

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// QuoteIdent quotes an identifier. It is the only place that does.
func QuoteIdent(name string) string {
	return "`" + identEscapes.Replace(name) + "`"
}

var identEscapes = strings.NewReplacer("\\", "\\\\", "`", "\\`", "\x00", "\\0", "\n", "\\n", "\r", "\\r", "\t", "\\t")

// QuoteIdents quotes each name and joins them with commas.
func QuoteIdents(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = QuoteIdent(n)
	}
	return strings.Join(quoted, ", ")
}

// Literal writes a value as a SQL literal. It is the only place that does.
// Types it does not know are written as the string they print as.
func Literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + literalEscapes.Replace(v) + "'"
	case bool:
		if v {
			return "1"
		}
		return "0"
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v)
	case float32:
		return float(float64(v))
	case float64:
		return float(v)
	case time.Time:
		return "'" + v.UTC().Format("2006-01-02 15:04:05.999999") + "'"
	case []string:
		list := make([]string, len(v))
		for i, e := range v {
			list[i] = Literal(e)
		}
		return "[" + strings.Join(list, ", ") + "]"
	case []any:
		list := make([]string, len(v))
		for i, e := range v {
			list[i] = Literal(e)
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	return Literal(fmt.Sprint(v))
}

var literalEscapes = strings.NewReplacer("\\", "\\\\", "'", "\\'", "\x00", "\\0", "\n", "\\n", "\r", "\\r", "\t", "\\t")

func float(v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}
