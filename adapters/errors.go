package adapters

import (
	"errors"
	"fmt"
)

// Class says what kind of failure an error is, for those who answer it.
type Class string

const (
	ClassSyntax      Class = "syntax"      // the SQL is wrong, for parser or analyzer
	ClassMissing     Class = "missing"     // a table, database or column is not there
	ClassExists      Class = "exists"      // a table or database is already there
	ClassAccess      Class = "access"      // wrong user, password or missing grant
	ClassMemory      Class = "memory"      // a memory limit was hit
	ClassTimeout     Class = "timeout"     // the server gave up waiting
	ClassOverload    Class = "overload"    // too many queries or parts
	ClassReadOnly    Class = "readonly"    // table or Keeper not writable now
	ClassCancelled   Class = "cancelled"   // killed or cancelled
	ClassNetwork     Class = "network"     // connection lost or refused; outcome unknown
	ClassUnsupported Class = "unsupported" // this server cannot do that
	ClassOther       Class = "other"
)

// ServerError is what ClickHouse answered instead of a result.
type ServerError struct {
	Class Class
	Code  int    // ClickHouse's number, 0 for network errors
	Name  string // ClickHouse's word for the code: UNKNOWN_TABLE
	// Message is the server's text without version, stack and the SQL.
	Message string
	QueryID string
	// Line and Column are where in the statement the server saw the mistake: the
	// first of several places that it could mean by a name; 0 when it did not say.
	Line, Column int
	// Unsent is true for a network error before the statement was sent: no
	// server has seen it.
	Unsent bool
	// Over is true for a network error after which the statement was seen to
	// run no more.
	Over bool
	Err  error
}

func (e *ServerError) Error() string {
	if e.Code == 0 {
		return e.Message
	}
	if e.Name == "" { // servers do not always say it
		return fmt.Sprintf("ClickHouse error %d: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("ClickHouse error %d (%s): %s", e.Code, e.Name, e.Message)
}

func (e *ServerError) Unwrap() error { return e.Err }

// ClassOf is the class of the ServerError in err's chain, or ClassOther.
func ClassOf(err error) Class {
	var s *ServerError
	if errors.As(err, &s) {
		return s.Class
	}
	return ClassOther
}
