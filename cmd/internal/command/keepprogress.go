package command

import (
	"errors"
	"os"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
)

// keeper writes how far a run is, for "chmod retry" to go on after it if it is
// killed. It is a sink of the call's events.
type keeper struct {
	progress *artifact.Progress
	err      error // the first one
}

// keep begins to note how far the run is, unless nothing is to be written.
func (c *call) keep(inv *invocation.Invocation) error {
	if !c.app.settings.writeJSON {
		return nil
	}
	b := artifact.Beginning{InvocationID: c.id.String(), Host: invocation.Host(), PID: os.Getpid(), Args: c.args}
	progress, err := artifact.StartProgress(inv.TargetPath(), b, c.started)
	if err != nil {
		return err
	}
	c.keeper.progress = progress
	if c.app.again != nil {
		return progress.Nodes(c.app.again)
	}
	return nil
}

// Handle implements event.Sink.
func (k *keeper) Handle(t event.Timed) {
	if k.progress == nil {
		return
	}
	switch e := t.Event.(type) {
	case event.Selected:
		k.note(k.progress.Nodes(e.IDs))
	case event.NodeFinished:
		k.note(k.progress.Ended(e.Result.Node.UniqueID, string(e.Result.Status)))
	}
}

func (k *keeper) note(err error) {
	if k.err == nil {
		k.err = err
	}
}

// done says that the run's results have been written.
func (k *keeper) done() error {
	p := k.progress
	if p == nil {
		return nil
	}
	k.progress = nil
	return errors.Join(k.err, p.Done())
}

// close leaves what was noted to whoever goes on.
func (k *keeper) close() error {
	p := k.progress
	if p == nil {
		return nil
	}
	k.progress = nil
	return errors.Join(k.err, p.Close())
}
