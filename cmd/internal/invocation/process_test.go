package invocation

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/retry"
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
	late                 atomic.Int64 // how far its clock is ahead of the test's
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
	d.started++
	p := &process{
		gate: newGate(d.connect(), at, after), name: fmt.Sprintf("%c", 'A'-1+d.started%26), action: action, policy: policy,
		waiting: make(chan struct{}), ended: make(chan struct{}),
	}
	inv, err := Open(d.t.Context(), Request{
		Compiler: compiler.Options{
			ProjectDir: d.project, ProfilesDir: d.project, TargetPath: filepath.Join(d.project, "target", p.name), Env: func(string) (string, bool) { return "", false },
			Flags: compiler.Flags{FullRefresh: action == "full refresh", Extra: map[string]any{}},
		},
		Events: event.NewStream(nil, p), Command: "run", Version: "test",
	})
	require.NoError(d.t, err)
	inv.machine = "machine of " + p.name + fmt.Sprint(d.started)
	inv.clock = func() time.Time { return time.Now().Add(time.Duration(p.late.Load())) }
	inv.adapter = retry.New(p.gate, inv.patience())
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
	out, err := p.inv.Run(ctx, Run{Types: []string{manifest.Model}, IfLocked: p.policy})
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
// lease of its locks.
func (d *depot) expire(p *process) {
	p.late.Add(int64(3 * journal.Lease))
	if len(d.query("SELECT name FROM system.tables WHERE database = '"+d.database+"' AND name = '"+materialize.InvocationsTable+"'")) > 0 {
		d.exec(fmt.Sprintf("ALTER TABLE %s.%s UPDATE heartbeat_at = heartbeat_at - %d WHERE id = '%s' SETTINGS mutations_sync = 2",
			d.database, materialize.InvocationsTable, int(3*journal.Lease/time.Second), p.inv.ID))
	}
}

// buried reports whether others have found a process dead.
func (d *depot) buried(p *process) bool {
	if len(d.query("SELECT name FROM system.tables WHERE database = '"+d.database+"' AND name = '"+materialize.InvocationsTable+"'")) == 0 {
		return false
	}
	return len(d.query(fmt.Sprintf("SELECT id FROM %s.%s WHERE id = '%s' AND result = 'dead'", d.database, materialize.InvocationsTable, p.inv.ID))) > 0
}

// committed reports whether a process has new rows ready that anybody may put in
// place, it too.
func (d *depot) committed(p *process) bool {
	for _, row := range d.query("SELECT name FROM system.tables WHERE database = '" + d.database + "'") {
		_, stamp, ok := materialize.ParseStaging(row[0].(string))
		if ok && stamp.Of() == p.inv.self().Stamp() && slices.Contains([]materialize.Role{
			materialize.RoleReplace, materialize.RoleOverwrite, materialize.RoleMove, materialize.RoleMerge,
		}, stamp.Role) {
			return true
		}
	}
	return false
}
