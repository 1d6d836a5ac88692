package clickhouse

import "github.com/chmod-sql/chmod/adapters"

// Codes that the adapter itself answers to.
const (
	codeSessionNotFound = 372
	codeSessionLocked   = 373
	codeCannotKill      = 380
)

// code is what one of ClickHouse's error numbers means to us.
type code struct {
	name  string
	class adapters.Class
}

// describe is the meaning of a number; numbers not known to us get the name
// that the server sent, if any.
func describe(number int) code {
	name, class := adapters.CodeMeaning(number)
	return code{name, class}
}
