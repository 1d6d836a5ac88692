package materialize

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// generationOf is what all replicas and shards of one build of a table have in
// common: the table's path in Keeper before macros, or its UUID. It is empty
// where a table has neither.
func generationOf(h adapters.Holding, s shape) string {
	if strings.HasPrefix(s.engine, "Replicated") && len(s.args) > 1 && strings.HasPrefix(s.args[0], "'") {
		return strings.ReplaceAll(strings.Trim(s.args[0], "'"), "{uuid}", h.UUID)
	}
	return h.UUID
}

// builtAt is when the build of a generation began, where its path tells.
func builtAt(generation string) (time.Time, bool) {
	for word := range strings.SplitSeq(generation, "/") {
		if _, stamp, ok := ParseStaging(word); ok {
			return stamp.StartedAt, true
		}
	}
	return time.Time{}, false
}

// verdict is which of several generations of a table is the right one.
type verdict struct {
	right string
	// how it was found, for people; empty when there is only one.
	how string
	// undecided says why it could not be.
	undecided string
}

// decide finds the right generation: the one that prefer has; else coming, which a
// build had begun to put in place when it was broken off, and which was complete
// then; else the one that more than half of the hosts have; else the newest, where their paths tell;
// else the one that most hosts have. It must be on a host of every shard, under
// its own name or one of a build, which on has by host.
func decide(hosts []Host, have map[string]string, rows map[string]uint64, elsewhere map[string][]string, coming, prefer string) verdict {
	count, most := map[string][]string{}, 0
	for _, h := range hosts {
		if g, ok := have[h.Name]; ok {
			count[g] = append(count[g], h.Name)
		}
	}
	if len(count) == 1 {
		for g := range count {
			return verdict{right: g}
		}
	}
	if prefer != "" {
		g, ok := have[prefer]
		if !ok {
			return verdict{undecided: prefer + " does not have it"}
		}
		return verdict{right: g, how: prefer + " has it, which was named"}
	}
	generations := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		ta, _ := builtAt(a)
		tb, _ := builtAt(b)
		return cmp.Or(cmp.Compare(len(count[b]), len(count[a])), tb.Compare(ta), cmp.Compare(a, b))
	})
	right, v := generations[0], verdict{}
	most = len(count[right])
	switch {
	case len(count[coming]) > 0:
		right, v.how = coming, "a build that was broken off had begun to put it in place"
	case 2*most > len(hosts):
		v.how = fmt.Sprintf("%d of %d hosts have it", most, len(hosts))
	default:
		slices.SortStableFunc(generations, func(a, b string) int {
			ta, _ := builtAt(a)
			tb, _ := builtAt(b)
			return tb.Compare(ta)
		})
		newest, known := builtAt(generations[0])
		all := !slices.ContainsFunc(generations, func(g string) bool { _, ok := builtAt(g); return !ok })
		switch {
		case known && all:
			right = generations[0]
			v.how = fmt.Sprintf("no more than half of the hosts have the same one, and it is the newest, of %s UTC", newest.Format("2006-01-02 15:04:05"))
		case most > len(count[generations[len(generations)-1]]) && most > secondMost(count, right):
			v.how = fmt.Sprintf("%d of %d hosts have it, more than any other", most, len(hosts))
		default:
			return verdict{undecided: "as many hosts have one as the other: " + sides(count)}
		}
	}
	for shard, names := range byShard(hosts) {
		if !slices.ContainsFunc(names, func(n string) bool { return have[n] == right || slices.Contains(elsewhere[n], right) }) {
			return verdict{undecided: fmt.Sprintf("no host of shard %d has the one that most hosts have: %s", shard, sides(count))}
		}
	}
	var held uint64
	for _, n := range count[right] {
		held = max(held, rows[n])
	}
	for _, h := range hosts {
		if g, ok := have[h.Name]; ok && g != right && held == 0 && rows[h.Name] > 0 {
			return verdict{undecided: fmt.Sprintf("the one that most hosts have is empty, and %s has rows: %s", h.Name, sides(count))}
		}
	}
	v.right = right
	return v
}

func secondMost(count map[string][]string, first string) int {
	most := 0
	for g, hosts := range count {
		if g != first {
			most = max(most, len(hosts))
		}
	}
	return most
}

// sides tells which hosts agree with which.
func sides(count map[string][]string) string {
	var all []string
	for _, hosts := range count {
		all = append(all, list(hosts))
	}
	slices.Sort(all)
	return strings.Join(all, " against ")
}

func byShard(hosts []Host) map[int][]string {
	shards := map[int][]string{}
	for _, h := range hosts {
		shards[h.Shard] = append(shards[h.Shard], h.Name)
	}
	return shards
}
