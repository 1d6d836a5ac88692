package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// chunkBy is the config of that name: how a build is cut into chunks.
type chunkBy struct {
	column string
	// size is a unit of time, or width that of whole numbers, or else buckets is
	// how many there are by hash.
	size    string
	width   int64
	buckets int
	// begin and end, when they are given, spare the query for them.
	begin, end value.Value
}

// chunkSizes are the units of time of a chunk.
var chunkSizes = []string{"hour", "day", "week", "month", "quarter", "year"}

// defaultBuckets is how many chunks there are where nothing is said and the
// column is no time.
const defaultBuckets = 16

// InChunks reports whether a node asks for a build in chunks.
func InChunks(in Input) bool {
	return in.Node.Config.Value("chunk_by") != nil && !Microbatch(in.Node)
}

// chunkBy reads the config; false when there is none or it makes no sense.
func (p *planner) chunkBy() (chunkBy, bool) {
	by := chunkBy{}
	if !InChunks(p.in) {
		return by, false
	}
	switch v := p.in.Node.Config.Value("chunk_by").(type) {
	case *value.Dict:
		return by, p.readChunkBy(v, &by)
	default:
		by.column = strings.TrimSpace(p.in.Node.Config.String("chunk_by"))
	}
	if by.column == "" {
		p.wrongChunks("it names no column", "write chunk_by: created_at, or chunk_by: {column: created_at, size: month}")
		return by, false
	}
	return by, true
}

func (p *planner) readChunkBy(d *value.Dict, by *chunkBy) bool {
	for key, v := range d.All() {
		text, _ := v.(string)
		text = strings.TrimSpace(text)
		number, isNumber := v.(int64)
		switch name := value.Str(key); {
		case name == "column" && text != "":
			by.column = text
		case name == "size" && isNumber && number > 0:
			by.width = number
		case name == "size" && slices.Contains(chunkSizes, strings.ToLower(text)):
			by.size = strings.ToLower(text)
		case name == "size":
			fix := diag.DidYouMean(text, chunkSizes)
			if fix == "" {
				fix = "use one of " + strings.Join(chunkSizes, ", ") + ", or a whole number for a column of numbers"
			}
			p.wrongChunks(fmt.Sprintf("%s is no size", value.Repr(v)), fix)
			return false
		case name == "chunks" && isNumber && number > 0 && number <= mostChunks:
			by.buckets = int(number)
		case name == "chunks":
			p.wrongChunks("chunks: is no number of chunks", fmt.Sprintf("write a whole number from 1 to %d", mostChunks))
			return false
		case name == "begin":
			by.begin = v
		case name == "end":
			by.end = v
		default:
			fix := diag.DidYouMean(name, []string{"column", "size", "chunks", "begin", "end"})
			if fix == "" {
				fix = "it takes column, size, chunks, begin and end"
			}
			p.wrongChunks(fmt.Sprintf("%q has no meaning there", name), fix)
			return false
		}
	}
	switch {
	case by.column == "":
		p.wrongChunks("it names no column", "add column: the one whose ranges are built one by one")
	case by.buckets > 0 && (by.size != "" || by.width > 0 || by.begin != nil || by.end != nil):
		p.wrongChunks("chunks: cuts by hash, and size, begin and end are about ranges", "take one or the other")
	default:
		return true
	}
	return false
}

func (p *planner) wrongChunks(why, fix string) {
	p.wrong("chunk_by", "wrong-config-value", p.in.Node.Name+": chunk_by makes no sense", why, fix)
}

// axis is the column of the chunks as the SQL returns it, and what of the
// config it decides; false when it cannot be cut so.
func (p *planner) axis(by *chunkBy) (axis, bool) {
	at := slices.IndexFunc(p.in.Columns, func(c adapters.Column) bool { return c.Name == by.column })
	if at < 0 {
		names := make([]string, len(p.in.Columns))
		for i, c := range p.in.Columns {
			names[i] = c.Name
		}
		fix := diag.DidYouMean(by.column, names)
		if fix == "" {
			fix = "name a column that the SQL returns"
		}
		p.wrongChunks(fmt.Sprintf("the SQL returns no column %q", by.column), fix)
		return axis{}, false
	}
	a := axisOf(p.in.Columns[at])
	kind := p.in.Columns[at].Type
	switch {
	case by.buckets == 0 && by.size == "" && by.width == 0 && a.calendar():
		by.size = "month"
	case by.buckets == 0 && by.size == "" && by.width == 0:
		if by.begin != nil || by.end != nil {
			p.wrongChunks("ranges from begin to end need a size", "add size")
			return a, false
		}
		by.buckets = defaultBuckets
	case by.size != "" && !a.calendar():
		p.wrongChunks(fmt.Sprintf("%s is %s, which has no %ss", by.column, kind, by.size), "write chunks: 16, or for whole numbers a size like 1000000")
		return a, false
	case by.width > 0 && a.kind == axisOther:
		p.wrongChunks(fmt.Sprintf("%s is %s, which has no ranges of whole numbers", by.column, kind), "write chunks: 16 in the place of size")
		return a, false
	case by.width > 0 && a.calendar():
		p.wrongChunks(fmt.Sprintf("%s is %s, and its size is a unit of time", by.column, kind), "use one of "+strings.Join(chunkSizes, ", "))
		return a, false
	}
	return a, true
}

// given are the bounds that the config says; false when they have to be read.
func (p *planner) given(by chunkBy, a axis) (Bounds, bool) {
	if by.buckets > 0 {
		return Bounds{}, true
	}
	if by.begin == nil && by.end == nil {
		return Bounds{}, false
	}
	b := Bounds{Known: 1}
	for _, edge := range []struct {
		key  string
		v    value.Value
		into *int64
	}{{"begin", by.begin, &b.Min}, {"end", by.end, &b.Max}} {
		if edge.v == nil {
			p.wrongChunks("begin and end come together", "add the other one, or take it out: they are read from the rows then")
			return b, true
		}
		if n, ok := edge.v.(int64); ok && !a.calendar() {
			*edge.into = n
			continue
		}
		t, ok := timeOf(edge.v)
		if !ok || !a.calendar() {
			p.wrongChunks(fmt.Sprintf("%s is no %s of %s", value.Repr(edge.v), edge.key, by.column), "write a time like 2026-01-31, or a whole number for a column of numbers")
			return b, true
		}
		*edge.into = a.value(t)
	}
	if b.Max <= b.Min {
		p.wrongChunks("it ends before it begins", "")
		return b, true
	}
	b.Max-- // end is not in it
	return b, true
}

// unit is what chunks are, for people.
func (by chunkBy) unit() string {
	switch {
	case by.buckets > 0:
		return fmt.Sprintf("%d chunks by the hash of %s", by.buckets, by.column)
	case by.width > 0:
		return fmt.Sprintf("chunks of %d by %s", by.width, by.column)
	}
	return "a chunk for each " + by.size + " of " + by.column
}

// readBounds reads the bounds that a server tells.
func readBounds(t *adapters.Table) (Bounds, error) {
	if len(t.Rows) != 1 || len(t.Rows[0]) != 4 {
		return Bounds{}, fmt.Errorf("the bounds came as %d rows instead of one of four numbers", len(t.Rows))
	}
	b := Bounds{Counted: true}
	row := t.Rows[0]
	var ok [4]bool
	b.Rows, ok[0] = row[0].(uint64)
	b.Known, ok[1] = row[1].(uint64)
	b.Min, ok[2] = row[2].(int64)
	b.Max, ok[3] = row[3].(int64)
	if slices.Contains(ok[:], false) {
		return b, fmt.Errorf("the bounds came as %T, %T, %T and %T", row[0], row[1], row[2], row[3])
	}
	return b, nil
}

// DataOf is the table that holds a node's rows on a host.
func DataOf(in Input) adapters.Relation { return newPlanner(in).data }
