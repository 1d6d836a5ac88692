package invocation

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
	"github.com/chmod-sql/chmod/materialize/journal"
)

// process is a call of the program, on a machine of its own.
type process struct {
	*gate
	name, action, policy string
	inv                  *Invocation
	waiting, ended       chan struct{}
	err                  error
	skipped              bool
}

// Handle implements event.Sink.
func (p *process) Handle(e event.Timed) {
	m, ok := e.Event.(event.Message)
	switch {
	case ok && strings.HasPrefix(m.Text, "Waiting: "):
		close(p.waiting)
	case ok && strings.Contains(m.Text, "selected nodes are skipped"):
		p.skipped = true
	}
}

// start starts a process that is to stop at a statement.
func (d *depot) start(action, policy string, at int, after bool) *process {
	return d.launch(newGate(at, after), action, policy)
}

func (d *depot) launch(g *gate, action, policy string) *process {
	d.started++
	p := &process{
		gate: g, name: fmt.Sprintf("%c", 'A'-1+d.started%26), action: action, policy: policy,
		waiting: make(chan struct{}), ended: make(chan struct{}),
	}
	p.passed = d.passed
	d.later()
	inv, err := Open(d.t.Context(), Request{
		Compiler: compiler.Options{
			StartedAt:  d.now(),
			ProjectDir: d.project, ProfilesDir: d.project, TargetPath: filepath.Join(d.project, "target", p.name), Env: func(string) (string, bool) { return "", false },
			Flags: compiler.Flags{FullRefresh: action == "full refresh", Extra: map[string]any{}},
		},
		Events: event.NewStream(nil, p), Command: "run", Version: "test",
	})
	require.NoError(d.t, err)
	inv.machine = "machine of " + p.name + fmt.Sprint(d.started)
	inv.clock, inv.through = d.now, p.around
	p.inv = inv
	go func() {
		defer close(p.ended)
		p.err = p.work(d.t.Context())
		p.err = errors.Join(p.err, inv.Close(context.Background()))
	}()
	return p
}

func (p *process) work(ctx context.Context) error {
	if p.action == "rollback" {
		r, err := p.inv.Rollback(ctx, Rollback{IfLocked: p.policy, Changes: true})
		if err != nil {
			return err
		}
		return r.Apply(ctx)
	}
	out, err := p.inv.Run(ctx, Run{Types: []string{manifest.Model, manifest.Snapshot}, IfLocked: p.policy})
	for _, r := range out.Results {
		err = errors.Join(err, r.Err)
	}
	return err
}

// pause is until a process has stopped where it is to; false when it ended
// before.
func (p *process) pause() bool {
	select {
	case <-p.stopped:
		return true
	case <-p.ended:
		return false
	}
}

// expire makes a process that stands still have done so for longer than the
// lease of its locks. It is as much later for all.
func (d *depot) expire(p *process) {
	d.ahead.Add(int64(3 * journal.Lease))
	if d.passed != nil {
		d.passed.Add(int64(3 * journal.Lease / time.Second))
		return
	}
	if d.journaled() {
		d.exec(fmt.Sprintf("ALTER TABLE %s.%s UPDATE heartbeat_at = heartbeat_at - %d WHERE id = '%s' SETTINGS mutations_sync = 2",
			d.database, materialize.InvocationsTable, int(3*journal.Lease/time.Second), p.inv.ID))
	}
}

func (d *depot) journaled() bool { return slices.Contains(d.tables(), materialize.InvocationsTable) }

// buried reports whether others have found a process dead.
func (d *depot) buried(p *process) bool {
	return d.journaled() && d.sees(fmt.Sprintf("SELECT id FROM %s.%s WHERE id = '%s' AND result = 'dead'", d.database, materialize.InvocationsTable, p.inv.ID))
}

// committed reports whether a process has new rows ready that anybody may put in
// place, it too.
func (d *depot) committed(p *process) bool {
	return slices.ContainsFunc(d.tables(), func(name string) bool {
		_, stamp, ok := materialize.ParseStaging(name)
		return ok && stamp.Of() == p.inv.self().Stamp() && slices.Contains([]materialize.Role{
			materialize.RoleReplace, materialize.RoleOverwrite, materialize.RoleMove, materialize.RoleMerge,
		}, stamp.Role)
	})
}
