package invocation

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/materialize"
)

func (d *depot) draw() (action, policy string) {
	action = sequence.Pick(d.random, "run", "run", "run", "full refresh", "rollback")
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
	case p.action == "rollback" && strings.Contains(p.err.Error(), "there is no earlier generation"),
		p.action == "rollback" && strings.Contains(p.err.Error(), "ready, which are to be put in place first"),
		p.action == "rollback" && locked && strings.Contains(p.err.Error(), "has changed since the plan was made"):
	default:
		require.True(d.t, locked && p.policy == IfLockedFail && strings.Contains(p.err.Error(), "is being built by"), "%s: %v", p.name, p.err)
	}
}

// act has a process do something, and others while it stands still.
func (d *depot) act(depth int) {
	action, policy := d.draw()
	p := d.start(action, policy, 2+d.random.IntN(32), d.random.IntN(2) == 0)
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
		before, dead := d.holds(), d.buried(p) && !d.committed(p)
		p.resume(false)
		<-p.ended
		d.Note("%s woke up, and has ended: %v", p.name, p.err)
		if dead {
			d.stale++
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

// TestRandomOverlaps lets runs, full refreshes and rollbacks of one model
// overlap: one stands still at some statement while others work, goes on, has
// died, or wakes up when its lease is over. It must not publish then, and in the
// end the table holds what one run of the model gives.
func TestRandomOverlaps(t *testing.T) {
	stopped, woken, stale := 0, 0, 0
	enough := sequence.Each(t, 8, []uint64{100, 105, 108, 110}, func(t *testing.T, seed uint64, diary *sequence.Diary) {
		d := newDepot(t, seed, diary)
		for range 2 + d.random.IntN(4) {
			d.change()
			d.act(0)
		}
		d.change()
		p := d.start("run", IfLockedFail, 0, false)
		<-p.ended
		require.NoError(t, p.err)
		require.Equal(t, d.wants(), d.holds())
		var left []string
		for _, row := range d.query("SELECT name FROM system.tables WHERE database = '" + d.database + "' AND NOT startsWith(comment, 'chmod: ') ORDER BY name") {
			name := row[0].(string)
			if _, stamp, ok := materialize.ParseStaging(name); ok && stamp.Role != materialize.RoleKept {
				left = append(left, name)
			}
		}
		require.Empty(t, left)
		stopped, woken, stale = stopped+d.stopped, woken+d.woken, stale+d.stale
	})
	t.Logf("%d were stopped, %d of them for longer than their lease, %d of these were found dead", stopped, woken, stale)
	if enough {
		require.NotZero(t, stale)
	}
}
