// Package adapters is the contract between chmod and a ClickHouse server:
// statements, relations, what a server holds and can do, and how it fails.
//
// Its main type is Adapter. The package and those below it know no model, no
// manifest and no template, and never decide what to run.
package adapters

import "context"

// Adapter is one target: a server, or the embedded engine behind its port.
// All methods may be called concurrently.
type Adapter interface {
	// Server tells what was found out when connecting. It costs nothing.
	Server() Server
	// Session opens a session: statements sent through it run one after the
	// other on one connection, so that SET and temporary tables hold. Sessions
	// are cheap; connections are reused.
	Session(ctx context.Context) (Session, error)
	// Catalog reads the tables of the given databases in one round trip,
	// whatever their number. Databases that do not exist are left out.
	Catalog(ctx context.Context, databases []string) (*Catalog, error)
	// Kill ends the queries with these ids on the server and waits for them to
	// be gone. Ids that are not running are no error.
	Kill(ctx context.Context, queryIDs []string) error
	// Close ends all sessions. It is idempotent.
	Close() error
}

// Session runs statements one after the other. It is not safe for concurrent
// use. A statement that ends with ctx is also ended on the server.
type Session interface {
	// Exec runs a statement and drops what it returns.
	Exec(ctx context.Context, s Statement) (Summary, error)
	// Query runs a statement and returns all its rows. It is meant for small
	// results: introspection, tests, previews. With an error come the rows that
	// the server sent before it, or no table.
	Query(ctx context.Context, s Statement) (*Table, Summary, error)
	// Insert streams rows into s, an INSERT with a column list and no VALUES,
	// in native batches of bounded size. next returns io.EOF after the last
	// row; any other error of next abandons the insert and is returned.
	Insert(ctx context.Context, s Statement, columns []Column, next func() ([]any, error)) (Summary, error)
	// InsertParts is Insert of rows that come in parts. Those of several parts
	// are asked for at the same time, and sent in the order of the parts. Of
	// several errors that of the first row counts.
	InsertParts(ctx context.Context, s Statement, columns []Column, parts Parts) (Summary, error)
	// Close gives the connection back. A session that changed settings is not
	// reused for another.
	Close() error
}

// Server is what a target is and can do.
type Server struct {
	Version  Version
	Timezone string
	// Embedded is true for chmod's own engine.
	Embedded bool
	// User is who we are on the server.
	User string
}

// Parts returns the next part of some rows, and io.EOF after the last: a
// function that returns the part's rows one after the other, and io.EOF after
// them. A row is valid until the next one of its part is asked for.
type Parts func() (rows func() ([]any, error), err error)
