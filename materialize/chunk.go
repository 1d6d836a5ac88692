package materialize

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// Chunk is a part of the rows of a model: those with a column within a range,
// or those whose hash of it leaves a certain rest. The chunks of a build have
// each row once, whatever is in the column.
type Chunk struct {
	// From and To bound a range; To is not in it. A range that is open below
	// has all smaller values and those that are no value, one that is open
	// above all others.
	From      int64 `json:"from,omitempty"`
	To        int64 `json:"to,omitempty"`
	OpenBelow bool  `json:"open_below,omitempty"`
	OpenAbove bool  `json:"open_above,omitempty"`
	// Modulus is not 0 for a chunk by hash.
	Modulus uint64 `json:"modulus,omitempty"`
	Rest    uint64 `json:"rest,omitempty"`
	// Cuts is how often it was cut in two.
	Cuts int `json:"cuts,omitempty"`
}

// mostCuts bounds how often a chunk that is too big is cut in two.
const mostCuts = 6

// whole has all rows.
func whole() Chunk { return Chunk{OpenBelow: true, OpenAbove: true} }

// text is the chunk as the ledger keeps it.
func (c Chunk) text() string {
	b, err := json.Marshal(c)
	if err != nil {
		return "" // numbers and booleans can be written
	}
	return string(b)
}

func parseChunk(text string) (Chunk, bool) {
	var c Chunk
	return c, json.Unmarshal([]byte(text), &c) == nil
}

// halves are two chunks that have the rows of one; false when it cannot be cut.
func (c Chunk) halves() ([]Chunk, bool) {
	if c.Cuts >= mostCuts {
		return nil, false
	}
	a, b := c, c
	a.Cuts, b.Cuts = c.Cuts+1, c.Cuts+1
	if c.Modulus > 0 {
		a.Modulus, b.Modulus, b.Rest = 2*c.Modulus, 2*c.Modulus, c.Rest+c.Modulus
		return []Chunk{a, b}, true
	}
	// Half of the way, without the overflow of a sum.
	middle := c.From + int64(uint64(c.To-c.From)/2)
	if c.To <= c.From || middle <= c.From {
		return nil, false
	}
	a.To, a.OpenAbove = middle, false
	b.From, b.OpenBelow = middle, false
	return []Chunk{a, b}, true
}

// where is the condition for the chunk's rows; empty for all rows.
func (c Chunk) where(a axis) string {
	column := adapters.QuoteIdent(a.column)
	if c.Modulus > 0 {
		return fmt.Sprintf("ifNull(cityHash64(%s) %% %d, 0) = %d", column, c.Modulus, c.Rest)
	}
	below := column + " < " + a.literal(c.To)
	switch {
	case c.OpenBelow && c.OpenAbove:
		return ""
	case c.OpenBelow && a.nullable:
		return "(" + below + " OR " + column + " IS NULL)"
	case c.OpenBelow:
		return below
	case c.OpenAbove:
		return column + " >= " + a.literal(c.From)
	}
	return column + " >= " + a.literal(c.From) + " AND " + below
}

// label says which rows it has, for people.
func (c Chunk) label(a axis) string {
	switch {
	case c.Modulus > 0:
		return fmt.Sprintf("%s by hash, %d of %d", a.column, c.Rest+1, c.Modulus)
	case c.OpenBelow && c.OpenAbove:
		return "all rows"
	case c.OpenBelow:
		return a.column + " before " + a.show(c.To)
	case c.OpenAbove:
		return a.column + " from " + a.show(c.From)
	}
	return a.column + " from " + a.show(c.From) + " to " + a.show(c.To)
}

// others is the condition for the rows of no chunk among those that are done;
// false when it cannot be told.
func others(done []Chunk, a axis) (string, bool) {
	if len(done) == 0 {
		return "", false
	}
	if done[0].Modulus == 0 {
		for i, c := range done {
			if c.Modulus > 0 || c.OpenBelow != (i == 0) || i > 0 && done[i-1].To != c.From || i > 0 && done[i-1].OpenAbove {
				return "", false
			}
		}
		last := done[len(done)-1]
		if last.OpenAbove {
			return "0", true
		}
		return adapters.QuoteIdent(a.column) + " >= " + a.literal(last.To), true
	}
	conditions := make([]string, len(done))
	for i, c := range done {
		if c.Modulus == 0 {
			return "", false
		}
		conditions[i] = c.where(a)
	}
	return "NOT (" + strings.Join(conditions, " OR ") + ")", true
}
