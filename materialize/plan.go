// Package materialize turns a node into the statements that build it, and
// applies them.
//
// Its main type is Plan. New makes one without any I/O, from the node, its
// compiled SQL, what the server holds and what the server can do; Apply runs
// that very value. The package reads no project files, schedules nothing and
// prints nothing. Only ddl.go writes DDL.
package materialize

import (
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// Plan is everything that will be done to build one node, in order. It is
// immutable once New has returned it.
type Plan struct {
	NodeID       string
	Materialized string // view, table, seed, ephemeral, operation, schema
	Relation     adapters.Relation
	Steps        []Step
	// Notes say what a reader can see meanwhile and what cannot be promised.
	Notes []string
	// DDLWait is how long a distributed statement is waited for.
	DDLWait time.Duration
	// Warnings are what the node's config asks for and does not get.
	Warnings []diag.Diagnostic

	// invocation is whose plan it is; its queries' ids tell.
	invocation Invocation
	// server is the connected one, oldest the lowest version among all hosts.
	server adapters.Server
	oldest adapters.Version
	// columns are those that the plan was made for, nil for unknown ones; bind
	// plans again for others. bind is nil when the plan reads no columns.
	columns []adapters.Column
	bind    func([]adapters.Column) (*Plan, error)
	// rebind plans again with a changed input.
	rebind func(change func(*Input)) (*Plan, error)
	// target is the node's table, where it is one that is added to, as the plan
	// leaves it but for its rows.
	target *Target
	// before is what has to be done, or known, before the plan may be carried out;
	// nil when nothing is.
	before error
	// unread says that the plan is only a check of the node's config: what it
	// depends on has not been read.
	unread bool
}

// Scope is where a statement has to take effect.
type Scope string

const (
	ScopeNode     Scope = "node"     // the connected server only
	ScopeShard    Scope = "shard"    // one replica of every shard
	ScopeCluster  Scope = "cluster"  // every host
	ScopeDatabase Scope = "database" // left to a Replicated database
	ScopeHosts    Scope = "hosts"    // Step.Hosts, each asked directly
)

// Kind is how a step is carried out.
type Kind string

const (
	KindExec     Kind = "exec"     // run the statement
	KindDescribe Kind = "describe" // read the columns of the SQL; later steps use them
	KindInsert   Kind = "insert"   // run the statement and count the rows it writes
	KindSeed     Kind = "seed"     // stream rows into the statement
	KindCheck    Kind = "check"    // run the statement and compare
	KindReplicas Kind = "replicas" // run the statement on each host, then compare the parts they have
	KindVerify   Kind = "verify"   // run the statement on each host: which table has the name
	KindAltered  Kind = "altered"  // run the statement on each host until Altered is so
	// KindPartitions runs the statement, which names partitions, and Step.Each
	// for each of them.
	KindPartitions Kind = "partitions"
	KindBounds     Kind = "bounds" // read which values the column of the chunks has
)

// Step is one statement of a plan.
type Step struct {
	Number    int // from 1
	Purpose   string
	Scope     Scope
	Kind      Kind
	Statement adapters.Statement
	// Undo is run, newest first, when this step or a later one fails. It is
	// harmless when there is nothing to undo.
	Undo *adapters.Statement
	// Gone is run instead when the relation that the statement replaces is no
	// longer there: a hook or another client has dropped it since.
	Gone *adapters.Statement
	// Hosts are those that the statement is sent to, by Topology's names, when
	// Scope is ScopeHosts.
	Hosts []string
	// Direct is the statement as one host takes it, and UndoDirect the undo,
	// when Scope is ScopeCluster or ScopeHosts.
	Direct, UndoDirect string
	// Effect is how to see on a host whether the statement was carried out.
	Effect *Effect
	// Swap says that the statement must not be sent to a host that cannot be
	// seen to have the new table's rows.
	Swap bool
	// Durable says that what the statement does cannot be told afterwards from
	// what is on the server: the journal has its intent before it is run.
	Durable bool
	// Late says that the statement only takes away what nobody looks for any
	// more, and may wait for those who still read it.
	Late bool
	// Told says that replicas tell each other of the statement: any host of a
	// shard may carry it out, and a later step looks at all that are up. Again
	// says that it may be carried out twice.
	Told, Again bool
	// InTurn says that Hosts must be told one after the other.
	InTurn bool
	// Turn says that from here on no other plan may change the node's table.
	Turn bool
	// Commit says that from here on the work is finished and not undone, by the
	// next run if need be.
	Commit bool
	// Counts says that the rows it writes are needed by a check.
	Counts bool
	// Ended says that after this step nothing of that is left to do.
	Ended bool
	// Chunk is set for a step that fills a table with a chunk.
	Chunk *ChunkStep
	// Batch is set for a step that fills a table with one of several batches.
	Batch *BatchStep
	// Keeps says that what it has made is not undone once a chunk is in it.
	Keeps bool
	// Inherits are chunks of another build that it takes over: the ledger has
	// them as this one's before.
	Inherits []Piece
	// Each is set for KindPartitions only.
	Each *Each
	// Check is set for checks, Altered for KindAltered, Seed for seeds, and
	// Replicas for KindReplicas and KindVerify only.
	Check    *Check
	Altered  *Altered
	Seed     *Seed
	Replicas *Replicas
	// cluster and all are what ON CLUSTER reaches.
	cluster string
	all     []Host
	// Origin tells which of the user's texts the statement holds.
	Origin Origin
}

// Check is what a check step expects of the single number it reads.
type Check struct {
	// WrittenBy is the step whose rows must all be there; with Since, those of
	// all steps from that one on.
	WrittenBy, Since int
	// Before are rows that were there before.
	Before uint64
	// Rows, when set, is how many rows there must be, whatever wrote them.
	Rows *uint64
	// Whole, when set, is how many rows the SQL returned before it was carried
	// out in chunks: they must have all of them, or as many as it returns now.
	Whole *uint64
	// Zero says that the number must be 0, on each host; Why says what it is
	// otherwise.
	Zero bool
	Why  string
	// Await says that it is waited for until the number is 0.
	Await bool
	// Copy, when set, is a step that was to insert all rows of those that
	// WrittenBy and Since name: when it has written as many, nothing is read.
	Copy int
	// Uncounted says that nobody knows how many rows the step wrote: what is
	// there is what is told.
	Uncounted bool
	// Hosts are the hosts that are asked, each for the rows of its shard; none
	// on one server.
	Hosts []Host
}

// Each is a statement about one partition.
type Each struct {
	// Before and After stand around the partition's id.
	Before, After string
	Settings      map[string]any
}

// SQL is the statement for a partition.
func (e Each) SQL(partition string) string {
	return e.Before + adapters.Literal(partition) + e.After
}

// Effect is what a statement leaves on a host once it was carried out.
type Effect struct {
	There, Gone []adapters.Relation
	// Database is one that is there.
	Database string
	// New is a relation that is now the table seen by the last replicas step.
	New adapters.Relation
}

// Replicas is what a step expects of a table on each host.
type Replicas struct {
	Table adapters.Relation
	Hosts []Host
	// Parts asks for all parts of the table on every host; without it the
	// table only has to be there.
	Parts   bool
	Require Require
	// Wait bounds the waiting.
	Wait time.Duration
	// Gone, when set, must not be there.
	Gone adapters.Relation
	// Of, when set, is the table whose parts on the hosts Donors are asked for.
	Of     adapters.Relation
	Donors []string
}

// OriginKind says whose text is in a statement.
type OriginKind string

const (
	OriginNone     OriginKind = ""
	OriginSQL      OriginKind = "sql"        // Input.SQL
	OriginHeader   OriginKind = "sql_header" // the config of that name
	OriginPreHook  OriginKind = "pre_hook"   // Input.PreHooks[Index]
	OriginPostHook OriginKind = "post_hook"  // Input.PostHooks[Index]
)

// Origin says where in a statement the user's text stands, so that a server's
// complaint can be shown in the user's file.
type Origin struct {
	Kind  OriginKind
	Index int
	// Start and End bound the text within the statement; TextStart is the
	// offset of that stretch in the user's text.
	Start, End int
	TextStart  int
}

// UserOffset turns a line and a column of the statement, from 1 and in
// characters as servers count, into an offset in the user's text. It is false
// for places outside of it.
func (s Step) UserOffset(line, column int) (int, bool) {
	if s.Origin.Kind == OriginNone || line < 1 || column < 1 {
		return 0, false
	}
	offset := source.New("", "", s.Statement.SQL).Offset(line, column)
	if offset < s.Origin.Start || offset > s.Origin.End {
		return 0, false
	}
	return offset - s.Origin.Start + s.Origin.TextStart, true
}
