package compiler

import "github.com/chmod-sql/chmod/compiler/context"

// Warehouse is what templates may ask a server. Its methods must be safe for
// concurrent use. Query runs one statement, of any kind. Relations lists a
// schema, a missing one being empty, and may be as old as the caller likes
// is_incremental() to be. A nil Warehouse answers nothing: templates that ask
// fail with a diagnostic.
type Warehouse = context.Warehouse

// QueryResult is what a statement gave: rows of plain Go values as a driver
// scans them.
type QueryResult = context.Result

// QueryColumn is a column of a result.
type QueryColumn = context.ResultColumn

// Relation is a table or view that exists. Its Kind is table, view,
// materialized_view or dictionary.
type Relation = context.Listed

// QueryError is what a server answered to a query of a template.
type QueryError = context.QueryError
