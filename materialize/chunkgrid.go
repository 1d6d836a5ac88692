package materialize

import (
	"fmt"
	"time"
)

// Bounds are what the rows of a model have in the column of its chunks.
type Bounds struct {
	// Rows is how many there are, and Known how many of them have a value.
	Rows, Known uint64
	// Min and Max are in the units of the column's axis.
	Min, Max int64
	// Counted says that Rows is known.
	Counted bool
}

// mostChunks bounds the chunks of a build.
const mostChunks = 10_000

// grid cuts the rows within bounds: all of the same size, the first one open
// below and the last one above.
func (by chunkBy) grid(a axis, b Bounds) ([]Chunk, error) {
	if by.buckets > 0 {
		chunks := make([]Chunk, by.buckets)
		for i := range chunks {
			chunks[i] = Chunk{Modulus: uint64(by.buckets), Rest: uint64(i)}
		}
		return chunks, nil
	}
	if b.Known == 0 || b.Max < b.Min {
		return []Chunk{whole()}, nil
	}
	var chunks []Chunk
	start := by.floor(a, b.Min)
	for {
		next := by.next(a, start)
		if next <= start { // beyond all numbers
			next = b.Max
		}
		chunks = append(chunks, Chunk{From: start, To: next})
		if next > b.Max || next <= start {
			break
		}
		if len(chunks) == mostChunks {
			return nil, fmt.Errorf("from %s to %s there are more than %d", a.show(b.Min), a.show(b.Max), mostChunks)
		}
		start = next
	}
	// What there is decides where a chunk is cut in two.
	first, last := &chunks[0], &chunks[len(chunks)-1]
	first.OpenBelow, first.From = true, b.Min
	last.OpenAbove, last.To = true, max(b.Max, b.Max+1)
	return chunks, nil
}

// after is the grid of what is left when some chunks are done.
func (by chunkBy) after(done []Chunk, a axis, b Bounds) ([]Chunk, error) {
	if len(done) == 0 {
		return by.grid(a, b)
	}
	if by.buckets > 0 {
		all, err := by.grid(a, b)
		if err != nil {
			return nil, err
		}
		return lacking(all, done), nil
	}
	last := done[len(done)-1]
	if last.OpenAbove {
		return nil, nil
	}
	b.Known, b.Min, b.Max = 1, last.To, max(b.Max, last.To)
	rest, err := by.grid(a, b)
	if err != nil {
		return nil, err
	}
	rest[0].OpenBelow = false
	return rest, nil
}

// lacking are the chunks by hash that are not done, cut where a part of them is.
func lacking(all, done []Chunk) []Chunk {
	var left []Chunk
	for _, c := range all {
		is, within := false, false
		for _, d := range done {
			is = is || d.Modulus == c.Modulus && d.Rest == c.Rest
			within = within || d.Modulus > c.Modulus && d.Rest%c.Modulus == c.Rest
		}
		halves, ok := c.halves()
		switch {
		case is:
		case within && ok:
			left = append(left, lacking(halves, done)...)
		default:
			left = append(left, c)
		}
	}
	return left
}

// floor is where the chunk of a value begins, and next where the one after it
// does.
func (by chunkBy) floor(a axis, v int64) int64 {
	if by.width > 0 {
		return floor(v, by.width) * by.width
	}
	return a.value(beginning(a.time(v), by.size, 0))
}

func (by chunkBy) next(a axis, v int64) int64 {
	if by.width > 0 {
		return v + by.width
	}
	size := by.size
	if size == "hour" && a.kind != axisTime && a.kind != axisTime64 {
		size = "day"
	}
	return a.value(beginning(a.time(v), size, 1))
}

// beginning is the start of the unit of time, so many after that of a time.
func beginning(t time.Time, size string, by int) time.Time {
	y, m, d := t.Date()
	switch size {
	case "week":
		return time.Date(y, m, d-(int(t.Weekday())+6)%7+7*by, 0, 0, 0, 0, time.UTC)
	case "quarter":
		return time.Date(y, (m-1)/3*3+1+time.Month(3*by), 1, 0, 0, 0, 0, time.UTC)
	}
	return offset(t, size, by)
}
