package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
)

func (a *app) locksCommand() *cobra.Command {
	var clear []string
	cmd := &cobra.Command{
		Use:   "locks",
		Short: "Show which runs are building what, or end a run's hold",
		Long: `Show the tables that runs on the target are building now, with the run that has
each. A run holds what it builds until it ends; one that dies lets go by itself
within a minute. --clear takes a run for dead at once: it publishes nothing more
within ten seconds, and others may build what it had.`,
		Example: `  chmod locks
  chmod locks --clear 3c9aba88-0126-432e-b6f5-3080fc4336da`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				if len(clear) > 0 {
					return c.clearLocks(ctx, inv, clear)
				}
				locks, err := inv.Locks(ctx)
				if err != nil {
					return false, err
				}
				if len(locks) == 0 {
					c.say("no run holds anything")
				}
				for _, l := range locks {
					c.say("%s  run %s  chmod %s on %s, process %d, since %s", l.Relation, l.By.ID, l.By.Command, l.By.Host, l.By.PID, l.By.StartedAt.UTC().Format(time.DateTime))
				}
				return true, nil
			})
		},
	}
	cmd.Flags().StringSliceVar(&clear, "clear", nil, "take the runs with these ids for dead")
	return cmd
}

func (c *call) clearLocks(ctx context.Context, inv *invocation.Invocation, runs []string) (bool, error) {
	dead, err := inv.ClearLocks(ctx, runs)
	if err != nil {
		return false, err
	}
	for _, l := range dead {
		c.events.Send(event.Message{Level: event.Info, Text: fmt.Sprintf("Run %s on %s holds nothing any more", l.ID, l.Host)})
	}
	if len(dead) < len(runs) {
		return false, fmt.Errorf("%d of the %d runs are not at work; see chmod locks", len(runs)-len(dead), len(runs))
	}
	return true, nil
}
