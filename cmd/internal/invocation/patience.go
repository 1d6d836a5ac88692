package invocation

import (
	"fmt"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/retry"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// patience is how failures are answered that are the moment's.
func (i *Invocation) patience() retry.Policy {
	return retry.Policy{Retries: i.Project.Target.Patience, Notify: func(again adapters.Again) { i.tellAgain(event.MainThread, nil, "", again, "it") }}
}

// redoing is patience for the steps that make a new table.
func (i *Invocation) redoing(version adapters.Version) materialize.Patience {
	p := i.patience()
	return materialize.Patience{
		Retries: p.Retries, Pause: p.Pause, TooBig: retry.TooBig,
		Spare: func(err error) map[string]any { return retry.Spare(version, err) },
	}
}

// tellLightened tells that something needs less memory from here on.
func (i *Invocation) tellLightened(thread string, n *manifest.Node, e materialize.StepLightened) {
	where, id := "", ""
	if n != nil {
		where, id = n.ResourceType+" "+n.Name+": ", n.UniqueID
	}
	i.events.SendFrom(thread, event.Message{
		Level: event.Warn, Node: id, Text: fmt.Sprintf("%s%s: %v: going on %s", where, e.Step.Purpose, e.Err, e.How),
	})
}

// tellAgain tells that something failed for the moment, and why.
func (i *Invocation) tellAgain(thread string, n *manifest.Node, purpose string, again adapters.Again, what string) {
	where, id := "", ""
	if n != nil {
		where, id = n.ResourceType+" "+n.Name+": ", n.UniqueID
	}
	if purpose != "" {
		where += purpose + ": "
	}
	text := fmt.Sprintf("%s%v: trying %s again (%d of %d)", where, again.Err, what, again.Attempt, again.Attempts)
	if again.Attempt == 0 {
		text = fmt.Sprintf("%s%v: asking the server what became of the statement", where, again.Err)
	}
	i.events.SendFrom(thread, event.Message{Level: event.Warn, Node: id, Text: text})
}
