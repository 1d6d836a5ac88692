package materialize

import (
	"fmt"
	"math"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// Chunking is what has been found out about a build in chunks while it was at
// work.
type Chunking struct {
	// Bounds are nil until they have been read.
	Bounds *Bounds
	// Chunks, when there are any, are those to build, in the place of the grid's.
	Chunks []Chunk
	// Fresh says that nothing of an interrupted build is taken over.
	Fresh bool
}

// ChunkStep is what a step has to do with a chunk.
type ChunkStep struct {
	Chunk Chunk
	// All are the chunks of the build, and Number says which one of them it is,
	// from 1.
	All    []Chunk
	Number int
	// Clear takes out what a broken step has inserted of it; nil when that
	// cannot be done, and the table has to be made anew.
	Clear *Step
	// piece is what the ledger is told once it is done.
	piece Piece
}

// fillInChunks creates the staging table, or takes over that of a build that
// was interrupted, and fills it chunk by chunk.
func (p *planner) fillInChunks(by chunkBy, columns []column, settings map[string]any) {
	if columns == nil {
		p.chunksUnknown(by, columns, settings)
		return
	}
	a, ok := p.axis(&by)
	if !ok {
		return
	}
	bounds, known := p.given(by, a)
	if p.diags.Err() != nil {
		return
	}
	if !known {
		p.readBounds(by, a, settings)
		if p.in.Chunking.Bounds == nil {
			p.chunksPlanned(by, a, columns, settings)
			return
		}
		bounds = *p.in.Chunking.Bounds
	}
	work := p.work(by, columns)
	done := p.takeOver(work, a)
	chunks := p.in.Chunking.Chunks
	if chunks == nil {
		var err error
		if chunks, err = by.after(done.chunks, a, bounds); err != nil {
			p.wrongChunks("there are too many: "+err.Error(), "take a bigger size")
			return
		}
	}
	if len(done.chunks) == 0 {
		p.createStaging(p.staging, columns, settings)
		p.plan.Steps[len(p.plan.Steps)-1].Keeps = true
	} else {
		p.rest(done, a)
	}
	if p.clearable(a) {
		p.note("built in %s, one after the other; what is done is taken over by the next run, should this one be broken off", by.unit())
	} else {
		p.note("built in %s, one after the other; a run that is broken off begins anew, since this server or engine %s cannot take out a part of a chunk", by.unit(), p.engineName())
	}
	if len(chunks) > 0 {
		first, last := p.spread(func(into adapters.Relation) (int, int) {
			return p.insertChunks(into, a, chunks, work, columns, settings, len(done.chunks))
		})
		p.settleReplicas()
		p.checkRows(first, last, "the chunks wrote")
		p.plan.Steps[len(p.plan.Steps)-1].addBefore(done.rows)
	} else {
		p.settleReplicas()
	}
	p.checkWhole(bounds, chunks, done)
}

// addBefore makes a check of rows count those that were there before.
func (s *Step) addBefore(rows uint64) {
	if s.Kind == KindCheck && s.Check.WrittenBy > 0 {
		s.Check.Before = rows
	}
}

// readBounds reads which values the chunks' column has.
func (p *planner) readBounds(by chunkBy, a axis, settings map[string]any) {
	column := adapters.QuoteIdent(a.column)
	sql, origin := p.around("SELECT toUInt64(count()), toUInt64(count("+column+")), "+a.edge("min")+", "+a.edge("max")+" FROM (\n", "\n)")
	p.add(Step{
		Purpose: "read from where to where there are rows, by " + by.column, Kind: KindBounds, Origin: origin,
		Statement: adapters.Statement{SQL: sql, Settings: p.spared(settings)},
	})
}

// chunksPlanned shows what is done for each chunk, while the bounds are not
// known.
func (p *planner) chunksPlanned(by chunkBy, a axis, columns []column, settings map[string]any) {
	p.createStaging(p.staging, columns, settings)
	column := adapters.QuoteIdent(a.column)
	condition := column + " >= " + a.parameter("begin") + " AND " + column + " < " + a.parameter("end")
	p.note("built in %s, one after the other: this plan shows one of them", by.unit())
	first, last := p.spread(func(into adapters.Relation) (int, int) {
		n := p.insertWhere(into, condition, columns, settings)
		p.plan.Steps[n-1].Purpose = "fill it, " + by.unit() + ": the first one has all rows before it, too, and the last one all after it"
		return n, n
	})
	p.settleReplicas()
	p.checkRows(first, last, "the chunks wrote")
}

// chunksUnknown is the plan as long as nobody knows the columns of the SQL.
func (p *planner) chunksUnknown(by chunkBy, columns []column, settings map[string]any) {
	p.note("built in chunks by %s, one after the other, once the columns of the SQL are known", by.column)
	p.createStaging(p.staging, columns, settings)
	first, last := p.spread(func(into adapters.Relation) (int, int) { return p.fill(into, columns, settings) })
	p.settleReplicas()
	p.checkRows(first, last, "the SQL wrote")
}

// insertChunks appends a step for each chunk.
func (p *planner) insertChunks(into adapters.Relation, a axis, chunks []Chunk, work string, columns []column, settings map[string]any, before int) (first, last int) {
	for i, c := range chunks {
		last = p.insertWhere(into, c.where(a), columns, settings)
		if first == 0 {
			first = last
		}
		step := &p.plan.Steps[last-1]
		step.Purpose = fmt.Sprintf("fill it: chunk %d of %d, %s", i+1, len(chunks), c.label(a))
		step.Chunk = &ChunkStep{Chunk: c, All: chunks, Number: i + 1, Clear: p.clear(c, a), piece: Piece{
			Kind: PieceChunk, Node: p.in.Node.UniqueID, Relation: p.data, Work: work, Staging: p.staging.Name, Number: before + i + 1, Text: c.text(),
		}}
	}
	return first, last
}

// insertWhere fills a table from those rows of the SQL that a condition is for.
func (p *planner) insertWhere(into adapters.Relation, condition string, columns []column, settings map[string]any) int {
	if condition == "" {
		return p.insert(into, columns, settings)
	}
	head, tail := "INSERT INTO "+into.String()+" ("+adapters.QuoteIdents(columnNames(columns))+")\n", "\n)\nWHERE "+condition
	if p.selects(columns) {
		// Within: the condition is about what the SQL returns.
		head += "SELECT " + selectList(columns) + " FROM (\nSELECT * FROM (\n"
		tail += "\n)"
	} else {
		head += "SELECT * FROM (\n"
	}
	sql, origin := p.around(head, tail)
	with := p.insertSettings(settings)
	p.foreground(with)
	return p.add(Step{Purpose: "fill it", Kind: KindInsert, Origin: origin, Statement: adapters.Statement{SQL: sql, Settings: with}})
}

// clearable reports whether the rows of a chunk can be told from others in the
// staging table, which then has all that is needed to go on.
func (p *planner) clearable(a axis) bool {
	if c := p.in.Node.Column(a.column); p.in.Node.Contract.Enforced && c != nil && c.DataType != p.typeOf(a.column) {
		return false // the table holds other values than the SQL returns
	}
	return p.clears()
}

// clears reports whether some rows of the staging table can be taken out again.
func (p *planner) clears() bool {
	switch familyName(p.engineName()) {
	case "MergeTree", "ReplacingMergeTree":
		return p.ddl.server.Version.AtLeast(20, 1)
	}
	return false // rows of one insert may be merged with those of another
}

func (p *planner) typeOf(column string) string {
	for _, c := range p.in.Columns {
		if c.Name == column {
			return c.Type
		}
	}
	return ""
}

// clear is the step that takes out what there is of a chunk; nil when it cannot
// be told from the rest.
func (p *planner) clear(c Chunk, a axis) *Step {
	if !p.clearable(a) {
		return nil
	}
	condition := c.where(a)
	if condition == "" {
		condition = "1"
	}
	s := p.takingOut(condition)
	return &s
}

// takingOut takes rows out of the staging table.
func (p *planner) takingOut(condition string) Step {
	settings := map[string]any{"mutations_sync": 1, "allow_nondeterministic_mutations": 1}
	s := Step{
		Purpose: "take out what a step that was broken off has inserted", Kind: KindExec, Scope: ScopeNode,
		Statement: adapters.Statement{
			SQL: "ALTER TABLE " + p.staging.String() + " DELETE WHERE " + condition, Settings: settings, Comment: p.in.Comment,
		},
	}
	if p.onCluster() {
		s.Scope, s.Hosts, s.all = ScopeShard, p.active(), p.hosts
		if !p.replicated() {
			s.Scope = ScopeHosts
		}
	}
	return s
}

// checkWhole compares the chunks with what the SQL returns as a whole, where
// that was counted.
func (p *planner) checkWhole(b Bounds, chunks []Chunk, done taken) {
	if !b.Counted || len(chunks) == 0 || p.sharded() || !p.in.Server.Version.AtLeast(20, 1) {
		return
	}
	var steps []int
	for _, s := range p.plan.Steps {
		if s.Chunk != nil {
			steps = append(steps, s.Number)
		}
	}
	sql, origin := p.around("SELECT toUInt64(count()) FROM (\n", "\n)")
	p.add(Step{
		Purpose: "check that the chunks have all rows of the SQL", Kind: KindCheck, Origin: origin,
		Check:     &Check{WrittenBy: steps[len(steps)-1], Since: steps[0], Before: done.rows, Whole: &b.Rows},
		Statement: adapters.Statement{SQL: sql, Settings: p.querySettings()},
	})
}

// taken is what a build takes over from one that was interrupted.
type taken struct {
	chunks []Chunk
	rows   uint64
	pieces []Piece
	from   leftover
}

// rest names a staging table that is taken over as the build's own, and takes
// out what is in it of chunks that were not done.
func (p *planner) rest(done taken, a axis) {
	own := make([]Piece, len(done.pieces))
	for i, piece := range done.pieces {
		piece.Staging = p.staging.Name
		own[i] = piece
	}
	p.note("a run of %s that was broken off has done %d of the chunks, with %d rows: they are taken over", done.from.stamp.began(), len(done.chunks), done.rows)
	p.change(Step{
		Purpose: "take over the table that a run which was broken off has begun to fill", Keeps: true, Inherits: own,
		Undo:   &adapters.Statement{Settings: p.dropSettings(math.MaxUint64)},
		Effect: &Effect{There: []adapters.Relation{p.staging}, Gone: []adapters.Relation{done.from.Relation}},
	}, func(d ddl) string { return d.rename([2]adapters.Relation{done.from.Relation, p.staging}) },
		func(d ddl) string { return d.drop(p.staging, true) })
	condition, _ := others(done.chunks, a)
	step := p.takingOut(condition)
	step.Purpose = "take out what it has of chunks that were not done"
	p.add(step)
	p.settleReplicas()
	if !p.keepsRows() || p.sharded() {
		return
	}
	check := Step{
		Purpose: "check that it holds the rows of the chunks that were", Kind: KindCheck, Check: &Check{Rows: &done.rows},
		Statement: adapters.Statement{SQL: "SELECT count() FROM " + p.staging.String()},
	}
	if p.replicated() && p.onCluster() {
		check.Scope, check.Check.Hosts = ScopeHosts, up(p.hosts)
		check.Hosts = hostNames(check.Check.Hosts)
	}
	p.add(check)
}

// work is what a build in chunks is known by: its SQL, its table and how it is
// cut.
func (p *planner) work(by chunkBy, columns []column) string {
	neutral := adapters.Relation{Database: p.data.Database, Name: p.data.Name}
	d := ddl{server: p.ddl.server, scope: ScopeNode}
	t := p.definition(neutral, columns)
	t.uuid, t.told = "", false
	return fingerprint(p.in.SQL, p.in.Node.Config.String("sql_header"), d.createTable(t), selectList(columns), strings.Join([]string{by.column, by.size, fmt.Sprint(by.width, by.buckets)}, " "))
}
