package invocation

import (
	"regexp"
	"slices"
	"strings"
)

// brief is what a server says without what it says at length: all that might
// have come instead, columns that are the server's own, and the whole query where
// there is more of that than a line.
func brief(message string) string {
	message = available.ReplaceAllStringFunc(message, func(list string) string {
		columns := slices.DeleteFunc(quotedName.FindAllString(list, -1), func(c string) bool { return strings.HasPrefix(c, "'_") })
		slices.Sort(columns)
		return "available columns: " + strings.Join(columns, " ")
	})
	message = expected.ReplaceAllStringFunc(message, func(list string) string {
		if strings.Count(list, ",") < fewExpected {
			return list
		}
		return ""
	})
	at := queried.FindStringIndex(message)
	if at == nil || len(message)-at[1] <= longestScope {
		return message
	}
	end := at[1] + longestScope
	for end > at[1] && message[end]&0xC0 == 0x80 {
		end--
	}
	return message[:end] + " ..."
}

const (
	fewExpected  = 8
	longestScope = 240
)

var (
	available  = regexp.MustCompile(`available columns: '[^']*'(?:,? '[^']*')*`)
	quotedName = regexp.MustCompile(`'[^']*'`)
	expected   = regexp.MustCompile(`(?s)\. Expected one of: .*`)
	queried    = regexp.MustCompile(`\b(?:[Ii]n scope|[Ii]n query) `)
)
