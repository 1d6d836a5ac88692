package watch

import (
	"fmt"

	"github.com/chmod-sql/chmod/adapters"
)

// Rows is how many a whole generation has.
const Rows = 1000

// SQL is a query of a generation's rows.
func SQL(generation uint64) string {
	return fmt.Sprintf("SELECT number AS id, toUInt64(%d) AS generation FROM system.numbers LIMIT %d", generation, Rows)
}

// Slice is which rows of a generation a node has: those whose id leaves Rest
// when it is divided by Of. The zero Slice is all of them.
type Slice struct{ Of, Rest uint64 }

// Sum is what a reader asks of a table: enough to tell one whole generation
// from anything else.
type Sum struct{ Count, Low, High, Check uint64 }

// SumOf is the query of a table's Sum.
func SumOf(table string) string {
	return fmt.Sprintf("SELECT count(), min(generation), max(generation), sum(bitXor(id * %d, generation * %d)) FROM %s", byID, byGeneration, table)
}

const byID, byGeneration = 2654435761, 97

// Sum is that of a whole generation.
func (s Slice) Sum(generation uint64) Sum {
	sum := Sum{Low: generation, High: generation}
	for id := range uint64(Rows) {
		if s.Of > 1 && id%s.Of != s.Rest {
			continue
		}
		sum.Count++
		sum.Check += id*byID ^ generation*byGeneration
	}
	return sum
}

func sumIn(t *adapters.Table) (Sum, error) {
	if len(t.Rows) != 1 || len(t.Rows[0]) != 4 {
		return Sum{}, fmt.Errorf("%d rows instead of one of four numbers", len(t.Rows))
	}
	var numbers [4]uint64
	for i, v := range t.Rows[0] {
		n, ok := v.(uint64)
		if !ok {
			return Sum{}, fmt.Errorf("a %T instead of a number", v)
		}
		numbers[i] = n
	}
	return Sum{numbers[0], numbers[1], numbers[2], numbers[3]}, nil
}
