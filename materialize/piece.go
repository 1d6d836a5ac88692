package materialize

import (
	"context"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// PieceKind says what a piece is a part of.
type PieceKind string

const (
	PieceChunk    PieceKind = "chunk"    // of a build in chunks
	PieceBackfill PieceKind = "backfill" // of a backfill
)

// Piece is a finished part of work that may be broken off and taken up again.
type Piece struct {
	Kind     PieceKind
	Node     string
	Relation adapters.Relation
	// Work tells which work it is a part of: what else had to be done, and how,
	// is the same wherever this is the same.
	Work string
	// Staging is the table that holds the piece, empty when it is in its place.
	Staging string
	// Number counts the pieces from 1, and Text says which part it is.
	Number int
	Text   string
	// Last says that the work is done with it.
	Last        bool
	Rows, Bytes uint64
	Elapsed     time.Duration
	// At is when it was finished, as far as that was read.
	At time.Time
}

// Ledger keeps pieces of work for whoever takes it up. It may be used
// concurrently.
type Ledger interface {
	// Enter writes pieces; they are on the server when it returns without an
	// error.
	Enter(ctx context.Context, pieces []Piece) error
}
