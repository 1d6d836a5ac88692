package materialize

import (
	"time"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Input is all that a plan depends on.
type Input struct {
	Node *manifest.Node
	// SQL is the compiled SQL with ephemeral parents in it; empty for seeds.
	SQL string
	// Columns are those of the SQL, when they are known already. Applying a
	// plan reads them in any case, in the node's own session, after its hooks.
	Columns []adapters.Column
	// State is what the server holds; see Observe. It may be older than the
	// node's turn, as long as nothing else builds the node's relation.
	State  *State
	Server adapters.Server
	// Topology is which servers the target consists of.
	Topology   Topology
	Invocation Invocation
	// Turn is when the run got its turn, after others that built the same; zero
	// where there are no locks. What a snapshot finds happens then: later than
	// what the others have found, whichever of them began first.
	Turn time.Time
	// PreHooks and PostHooks are rendered, in the order in which to run.
	PreHooks, PostHooks []Hook
	// Batches are those of a microbatch model, oldest first; SQL is then the
	// first one's. Several are put in place together; see InBatches.
	Batches []Batch
	// Follows says that an earlier plan of the same run has been carried out for
	// the node: what others had left behind is gone, and the table's definition
	// is the config's.
	Follows bool
	// Adds says that the rows are added to the table that is there in any case.
	Adds bool
	// InLine says that hosts which lack the node's table, or have one of another
	// build, are brought in line before the plan is carried out.
	InLine bool
	// FullRefresh asks for incremental models to be built from nothing.
	FullRefresh bool
	// Target is what TargetOf asks for; without it, New only looks at the
	// config of such a node.
	Target *Target
	// Former is what FormerOf asks for; nil when there is none.
	Former *Former
	// Own are the incremental strategies of the project; nil for none.
	Own *OwnStrategies
	// Seed is set for seeds only.
	Seed *Seed
	// Within bounds the new rows of an incremental model: a backfill's. They are
	// added to its table in any case.
	Within *Within
	// Pieces are what interrupted runs have finished of the node's table, by the
	// ledger.
	Pieces []Piece
	// Chunking is what has been found out while a build in chunks was at work.
	Chunking Chunking
	// Sparing are settings that answer a lack of memory.
	Sparing map[string]any
	// Grants are those on the relation now; used only when NeedsGrants.
	Grants []Grant
	// Comment goes to the server's query_log with each statement.
	Comment string
	// NoExchange says that this server cannot exchange tables although its
	// version could: a file system without an atomic exchange.
	NoExchange bool
	// DefaultNullable says that the target's own settings make types nullable
	// that do not say what they are.
	DefaultNullable bool
}

// Invocation is the run of the program that the plan is for.
type Invocation struct {
	ID        uuid.UUID
	StartedAt time.Time
	// Host tells machines apart, and process id namespaces on them: two
	// processes with the same Host and PID must not be alive at once.
	Host string
	PID  int
}

// Hook is one entry of pre_hook or post_hook. It may hold several statements.
type Hook struct {
	SQL string
	// Transaction is dbt's transaction key. ClickHouse has none; it only
	// decides the order: pre-hooks outside of one come first, post-hooks last.
	Transaction bool
	Span        source.Span
}

// Seed is a file of rows whose columns are known.
type Seed struct {
	Columns []SeedColumn
	// Open starts reading the rows from the first one.
	Open func() (SeedRows, error)
}

// SeedColumn is one column of a seed.
type SeedColumn struct {
	adapters.Column
	// Text says that the rows carry this column as text, for the server to
	// cast.
	Text bool
	// Nullable says that a text column may be nil.
	Nullable bool
	// Defaults says that empty text becomes the type's default value.
	Defaults bool
}

// SeedRows gives the rows of a seed. Part is as adapters.Parts.
type SeedRows interface {
	Part() (func() ([]any, error), error)
	Close() error
}
