package invocation

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/materialize"
)

func (d *depot) draw() (action, policy string) {
	action = sequence.Pick(d.random, "run", "run", "run", "full refresh", "rollback")
	switch {
	case d.strategy == "snapshot":
		action = "run" // it is never built anew
	case action == "rollback" && d.clustered() && d.strategy != "table":
		action = "run" // one that dies between two hosts leaves different generations, which only a rollback makes one
	}
	policy = sequence.Pick(d.random, IfLockedWait, IfLockedSkip, IfLockedFail)
	if action == "rollback" && policy == IfLockedSkip {
		policy = IfLockedWait
	}
	return action, policy
}

// sound looks at a process that nobody has disturbed, and that disturbed
// nobody: it has done what it is for, or has said why not.
func (d *depot) sound(p *process, locked bool) {
	d.t.Helper()
	d.Note("%s has ended after %d statements: %v", p.name, p.count, p.err)
	switch {
	case p.err == nil && (p.action == "rollback" || p.skipped):
		require.True(d.t, locked || !p.skipped, "%s is skipped", p.name)
	case p.err == nil:
		require.Equal(d.t, d.wants(), d.holds(), "after %s", p.name)
		d.remembers()
		if d.clustered() {
			d.long = max(d.long/2, p.count)
		}
	case p.action == "rollback" && strings.Contains(p.err.Error(), "there is no earlier generation"),
		p.action == "rollback" && d.clustered() && strings.Contains(p.err.Error(), "hosts have different generations"),
		p.action == "rollback" && strings.Contains(p.err.Error(), "ready, which are to be put in place first"),
		p.action == "rollback" && locked && strings.Contains(p.err.Error(), "has changed since the plan was made"):
	default:
		require.True(d.t, locked && p.policy == IfLockedFail && strings.Contains(p.err.Error(), "is being built by"), "%s: %v", p.name, p.err)
	}
}

// act has a process do something, and others while it stands still.
func (d *depot) act(depth int) {
	action, policy := d.draw()
	p := d.start(action, policy, 2+d.random.IntN(d.long), d.random.IntN(2) == 0)
	if !p.pause() {
		d.Note("%s: %s, if locked %s", p.name, action, policy)
		d.sound(p, false)
		return
	}
	d.stopped++
	fate := d.random.IntN(3)
	if depth > 1 {
		fate = 0
	}
	d.Note("%s: %s, if locked %s, stopped at %d (after it %v), and %s: %s", p.name, action, policy, p.at, p.after,
		[]string{"killed", "paused for long", "paused"}[fate], strings.Join(strings.Fields(p.was), " "))
	switch fate {
	case 0:
		d.expire(p)
		p.resume(true)
		<-p.ended
	case 1:
		d.woken++
		d.expire(p)
		for range 1 + d.random.IntN(2) {
			d.change()
			d.act(depth + 1)
		}
		d.settled()
		before, dead := d.holds(), d.buried(p) && !d.committed(p)
		d.later()
		p.resume(false)
		<-p.ended
		d.Note("%s woke up, and has ended: %v", p.name, p.err)
		if dead {
			d.stale++
			d.settled()
			require.Equal(d.t, before, d.holds(), "%s has published", p.name)
		}
	default:
		d.beside(p)
	}
}

// beside starts a process beside one that stands still and is alive.
func (d *depot) beside(p *process) {
	d.change()
	action, policy := d.draw()
	other := d.start(action, policy, 0, false)
	d.Note("%s: %s beside it, if locked %s", other.name, action, policy)
	select {
	case <-other.ended:
		d.sound(other, true)
	case <-other.waiting:
		d.Note("%s waits", other.name)
	case <-other.asking:
		d.Note("%s asks for the lock", other.name)
	}
	d.later()
	p.resume(false)
	<-p.ended
	<-other.ended
	d.Note("%s has ended: %v; %s has ended: %v", p.name, p.err, other.name, other.err)
	for _, each := range []*process{p, other} {
		if each.action != "rollback" && (each.err != nil || each.skipped) {
			require.True(d.t, each.skipped || each.policy == IfLockedFail && strings.Contains(each.err.Error(), "is being built by"), "%s: %v", each.name, each.err)
		}
	}
}

// randomOverlaps lets runs, full refreshes and rollbacks of one model overlap: one
// stands still at some statement while others work, goes on, has died, or wakes
// up when its lease is over. It must not publish then, and in the end the table
// holds what one run of the model gives.
func randomOverlaps(t *testing.T, count int, at func(t *testing.T) *site, strategies []string, failed ...uint64) {
	stopped, woken, stale := 0, 0, 0
	enough := sequence.Each(t, count, failed, func(t *testing.T, seed uint64, diary *sequence.Diary) {
		d := newDepot(t, seed, diary, at(t), strategies...)
		for range 2 + d.random.IntN(4) {
			d.change()
			d.act(0)
		}
		d.change()
		p := d.start("run", IfLockedFail, 0, false)
		<-p.ended
		require.NoError(t, p.err)
		require.Equal(t, d.wants(), d.holds())
		d.remembers()
		require.Empty(t, d.leftovers())
		stopped, woken, stale = stopped+d.stopped, woken+d.woken, stale+d.stale
	})
	t.Logf("%d were stopped, %d of them for longer than their lease, %d of these were found dead", stopped, woken, stale)
	if enough && count > 1 {
		require.NotZero(t, stale)
	}
}

// leftovers are tables of processes, but for what is kept.
func (d *depot) leftovers() []string {
	return slices.DeleteFunc(d.tables(), func(name string) bool {
		_, stamp, ok := materialize.ParseStaging(name)
		return !ok || stamp.Role == materialize.RoleKept
	})
}

func TestRandomOverlaps(t *testing.T) {
	randomOverlaps(t, 8, engineSite, older, 100, 105, 108, 110)
}

// TestRandomOverlapsOfOthers are those of snapshots, and of strategies that work
// in batches or are the project's own.
func TestRandomOverlapsOfOthers(t *testing.T) {
	randomOverlaps(t, 4, engineSite, other)
}

func TestRandomOverlapsOnReplicas(t *testing.T) {
	randomOverlaps(t, 1, func(t *testing.T) *site { return bedSite(t, "1x3") }, slices.Concat(older, other))
}

// TestRandomOverlapsOnShards has no strategy of the project's own: on shards, that
// changes the table itself, and says so.
func TestRandomOverlapsOnShards(t *testing.T) {
	randomOverlaps(t, 1, func(t *testing.T) *site { return bedSite(t, "2x2") }, slices.Concat(older, other[:2]))
}
