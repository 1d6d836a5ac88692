package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// States of a claim.
const (
	claimed  = "claimed"  // it may have the lock, or not
	held     = "held"     // it has
	released = "released" // it has not
)

// Held is a lock that another invocation has.
type Held struct {
	Relation string
	By       Life
}

// lockDays is how far back claims are read.
const lockDays = 30

// Pauses of those who have claimed the same at once: of the one that goes first,
// and the longest of the others.
const (
	patience = 5 * time.Millisecond
	retreat  = 200 * time.Millisecond
)

// Lock takes what can be had of the locks on relations, for as long as the
// invocation lives, and returns those that others hold. With all it takes all of
// them or none.
//
// There is no compare-and-set that all servers have. Instead, everyone first
// writes a claim and then looks for those of others, on every host: of two that
// claim at once at least one sees the other. Only who sees none holds the lock.
// Of those who see each other, all but the first one by stamp take their claims
// back, and look before they claim again; so the first one is soon alone. A claim
// counts as long as its invocation is alive: there is nothing to clean up after
// the dead.
//
// Where hosts are left out, others may have claimed on those: then a host that is
// asked must first have read on as far as Keeper knows. Unsure tells when none has.
func (j *Journal) Lock(ctx context.Context, relations []string, all bool) (others []Held, err error) {
	relations = slices.Compact(slices.Sorted(slices.Values(relations)))
	mine, alone := false, j.startsAlone()
	for len(relations) > 0 && err == nil {
		var found []claim
		if !alone {
			found, err = j.rivals(ctx, relations)
		}
		if alone = false; err != nil {
			break
		}
		busy, before := map[string]bool{}, false
		for _, c := range found {
			if c.state == held && !busy[c.Relation] {
				busy[c.Relation] = true
				others = append(others, c.Held)
			}
			before = before || c.state == claimed && (!mine || c.By.Stamp < j.self.Stamp())
		}
		switch {
		case len(busy) > 0 && all:
			if mine {
				err = j.claim(ctx, relations, released)
			}
			return others, err
		case len(busy) > 0:
			lost := slices.DeleteFunc(slices.Clone(relations), func(r string) bool { return !busy[r] })
			relations = slices.DeleteFunc(relations, func(r string) bool { return busy[r] })
			if mine {
				err = j.claim(ctx, lost, released)
			}
		case mine && len(found) == 0:
			return others, j.claim(ctx, relations, held)
		case before:
			if mine {
				mine, err = false, j.claim(ctx, relations, released)
			}
			err = errors.Join(err, pause(ctx, rand.N(retreat)))
		case mine:
			err = pause(ctx, patience)
		default:
			mine = true
			if err = j.claim(ctx, relations, claimed); err == nil {
				j.catchUp(ctx)
			}
		}
	}
	if err != nil && mine {
		err = errors.Join(err, j.claim(context.WithoutCancel(ctx), relations, released))
	}
	return others, err
}

// Seen tells which invocations there were a moment ago. When none of them was
// alive, the first Lock claims without looking before; it looks afterwards, as
// ever.
func (j *Journal) Seen(lives map[string]Life) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.seen, j.alone = lives, true
	for _, l := range lives {
		j.alone = j.alone && l.Dead()
	}
}

// startsAlone is whether nobody else was alive, once.
func (j *Journal) startsAlone() bool {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	alone := j.alone
	j.alone = false
	return alone
}

// Moved reports whether others have held locks that Lock gave, and were at work
// when Seen told who there was or began after that: what there is may be other
// than it was then.
func (j *Journal) Moved() bool {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.moved
}

// others is what Seen told.
func (j *Journal) others() map[string]Life {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.seen
}

// Unsure is why others may hold locks that were given nevertheless; nil when they
// do not.
func (j *Journal) Unsure() error {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.unsure
}

// catchUp waits until claims that were written on hosts that are not asked are
// known. Once that was in vain, it is not tried again.
func (j *Journal) catchUp(ctx context.Context) {
	if j.Unsure() == nil {
		err := j.book.catchUp(ctx)
		j.mutex.Lock()
		defer j.mutex.Unlock()
		j.unsure = err
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// rivals are the claims of others that count. Who has fallen silent is written
// to be dead before its claims are passed over: should it wake up, it must find
// that it has lost its locks.
func (j *Journal) rivals(ctx context.Context, relations []string) ([]claim, error) {
	found, left, err := j.book.claims(ctx, relations, j.self.Stamp(), j.others())
	if err == nil && len(left.silent) > 0 {
		var buried map[string]bool
		if buried, err = j.book.Bury(ctx, left.silent); err == nil && len(buried) < len(left.silent) {
			found, _, err = j.book.claims(ctx, relations, j.self.Stamp(), j.others()) // it is awake
		}
	}
	if err != nil {
		return nil, fmt.Errorf("see who holds locks: %w", err)
	}
	j.mutex.Lock()
	j.moved = j.moved || left.ended || len(left.silent) > 0
	j.mutex.Unlock()
	return found, nil
}

// claim writes a claim's state, and returns when it is on the server.
func (j *Journal) claim(ctx context.Context, relations []string, state string) error {
	s, err := j.book.sessions.Session(ctx)
	if err != nil {
		return err
	}
	columns := []adapters.Column{
		{Name: "relation", Type: "String"}, {Name: "invocation", Type: "String"}, {Name: "stamp", Type: "String"},
		{Name: "number", Type: "UInt64"}, {Name: "time", Type: "DateTime"}, {Name: "state", Type: "String"},
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	j.mutex.Lock()
	j.claims++
	number := j.claims
	j.mutex.Unlock()
	at := 0
	_, err = s.Insert(ctx, adapters.Statement{
		SQL: "INSERT INTO " + j.book.table(materialize.LocksTable).String() + " (" + adapters.QuoteIdents(names) + ")", Comment: j.book.comment,
	}, columns, func() ([]any, error) {
		if at == len(relations) {
			return nil, io.EOF
		}
		at++
		return []any{relations[at-1], j.self.ID.String(), j.self.Stamp(), number, time.Now(), state}, nil
	})
	return errors.Join(err, s.Close())
}

// claim is one that counts.
type claim struct {
	Held
	state string
	// fresh says that it is of the days that lives are read of.
	fresh bool
}

// over reports whether the claim's invocation is known not to be alive: who has
// finished stays so, and who is not among the lives of the last days has not
// lived for long.
func (c claim) over(seen map[string]Life) bool {
	life, ok := seen[c.By.Stamp]
	return ok && life.Finished || !ok && seen != nil && !c.fresh
}

// past are invocations whose claims do not count.
type past struct {
	// silent are those that have not said that they are over.
	silent []Life
	// ended says that others have held locks, and were not seen to be over.
	ended bool
}

// claims are those of living invocations other than one, on some relations or,
// with none, on all; and the others' that do not count. Who is alive is only asked
// for when what was seen before does not tell: seen is nil when nothing was.
func (b *Book) claims(ctx context.Context, relations []string, but string, seen map[string]Life) (found []claim, left past, err error) {
	where := fmt.Sprintf("time > now() - %d", lockDays*24*60*60)
	if len(relations) > 0 {
		literals := make([]string, len(relations))
		for i, r := range relations {
			literals[i] = adapters.Literal(r)
		}
		where += " AND relation IN (" + strings.Join(literals, ", ") + ")"
	}
	tables, err := b.ask(ctx, fmt.Sprintf("SELECT relation, stamp, argMax(state, number), max(number), toUInt8(max(time) > now() - %d) FROM %s WHERE %s GROUP BY relation, stamp",
		(days-1)*24*60*60, b.table(materialize.LocksTable), where))
	if err != nil {
		return nil, past{}, err
	}
	newest := map[[2]string]claim{}
	numbers := map[[2]string]uint64{}
	for _, t := range tables {
		for _, row := range t.Rows {
			number, ok := row[3].(uint64)
			fresh, also := row[4].(uint8)
			if !ok || !also {
				return nil, past{}, fmt.Errorf("a claim came with a %T and a %T", row[3], row[4])
			}
			key := [2]string{fmt.Sprint(row[0]), fmt.Sprint(row[1])}
			if key[1] == but || number < numbers[key] {
				continue
			}
			numbers[key] = number
			newest[key] = claim{Held: Held{Relation: key[0], By: Life{Stamp: key[1]}}, state: fmt.Sprint(row[2]), fresh: fresh != 0}
		}
	}
	maps.DeleteFunc(newest, func(_ [2]string, c claim) bool { return c.state == released || c.over(seen) })
	if len(newest) == 0 {
		return nil, past{}, nil
	}
	lives, err := b.Lives(ctx)
	if err != nil {
		return nil, past{}, err
	}
	for key, c := range newest {
		life, known := lives[key[1]]
		if !known || life.Finished {
			left.ended = left.ended || known && c.state == held
			continue
		}
		if life.Dead() || b.gone != nil && b.gone(key[1]) {
			if !slices.ContainsFunc(left.silent, func(l Life) bool { return l.Stamp == life.Stamp }) {
				left.silent = append(left.silent, life)
			}
			continue
		}
		c.By = life
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b claim) int { return strings.Compare(a.Relation+a.By.Stamp, b.Relation+b.By.Stamp) })
	return found, left, nil
}

// Locks are all that are held, or about to be.
func (b *Book) Locks(ctx context.Context) ([]Held, error) {
	found, _, err := b.claims(ctx, nil, "", nil)
	if err != nil {
		return nil, fmt.Errorf("see who holds locks: %w", err)
	}
	locks := make([]Held, len(found))
	for i, c := range found {
		locks[i] = c.Held
	}
	return locks, nil
}
