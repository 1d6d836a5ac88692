package watch

import (
	"errors"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// Seen is what the reader of one node saw.
type Seen struct {
	// Polls are all of them, whatever came of each.
	Polls int
	// Generations are the whole ones seen, in order, each once in a row.
	Generations []uint64
	// Missing counts the polls that found no table.
	Missing int
	// Away counts the polls that the node did not answer, or that ended with
	// a node which it was asking for another shard.
	Away int
	// Mixed counts the answers with all rows, but of two generations, through
	// a table that reads several shards.
	Mixed int
	// Wrong is everything else: parts of a generation, two at once, an older
	// one than was announced or seen before, an error.
	Wrong []string
}

// judge files one answer. due is the generation that was announced before it
// was asked for.
func (s *Seen) judge(answer *adapters.Table, err error, due uint64, node Node) {
	s.Polls++
	switch class := adapters.ClassOf(err); {
	case err == nil:
		s.count(answer, due, node)
	case class == adapters.ClassMissing:
		s.Missing++
	case class == adapters.ClassNetwork, node.Spread && lost(err):
		s.Away++
	default:
		s.wrong("%v", err)
	}
}

// lost reports whether a node was asking another one that went away. What a
// killed host was answering cannot be finished.
func lost(err error) bool {
	// ATTEMPT_TO_READ_AFTER_EOF, SOCKET_TIMEOUT, NETWORK_ERROR, ALL_CONNECTION_TRIES_FAILED
	away := []int{32, 209, 210, 279}
	var server *adapters.ServerError
	return errors.As(err, &server) && slices.Contains(away, server.Code)
}

func (s *Seen) count(answer *adapters.Table, due uint64, node Node) {
	sum, err := sumIn(answer)
	if err != nil {
		s.wrong("%v", err)
		return
	}
	whole := node.Slice.Sum(sum.Low)
	switch {
	case node.Spread && sum.Count == whole.Count && sum.Low != sum.High:
		s.Mixed++
		return
	case sum != whole:
		s.wrong("%d rows of the generations %d to %d", sum.Count, sum.Low, sum.High)
		return
	case node.Spread:
		// Which replica answers for a shard changes from poll to poll.
	case sum.Low < due:
		s.wrong("generation %d after %d was announced", sum.Low, due)
		return
	case len(s.Generations) > 0 && sum.Low < s.Generations[len(s.Generations)-1]:
		s.wrong("generation %d after %d was read", sum.Low, s.Generations[len(s.Generations)-1])
		return
	}
	if last := len(s.Generations) - 1; last < 0 || s.Generations[last] != sum.Low {
		s.Generations = append(s.Generations, sum.Low)
	}
}

func (s *Seen) wrong(format string, args ...any) {
	s.Wrong = append(s.Wrong, fmt.Sprintf(format, args...))
}
