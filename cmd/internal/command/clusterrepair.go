package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/materialize"
)

// repairing are the flags of repair.
type repairing struct {
	comparing
	dryRun, yes bool
}

func (a *app) clusterRepair() *cobra.Command {
	var r repairing
	cmd := &cobra.Command{
		Use:   "repair",
		Short: "Bring the hosts in line without building anything",
		Long: `Plan what brings the hosts in line with one another and with the project, as far
as no model has to be built for it; show the plan, ask, and carry it out, every
step verified on its host:

- a table that a host lacks becomes a replica of what the others have, which
  fetches its parts and gets its name once it has all of them
- a table of an older build is replaced in the same way; what an interrupted
  build has left there is taken when it is the right one
- views and Distributed tables are created as another host has them
- replicas that are read-only, lost or behind are restarted and restored
- settings, comments and grants are corrected, leftovers dropped

Where hosts have tables of different builds, the right one is what a build had
begun to put in place when it was broken off; else that of more than half of
the hosts; else the newest, where that can be told; else that of most. Where
that decides nothing, it is left alone, and --prefer names the host that is
right. No table is dropped whose rows are nowhere else. What needs a build is
named with the command for it.

It ends with 0 when nothing differs any more, and with 1 when something does.`,
		Example: `  chmod cluster repair --dry-run
  chmod cluster repair --yes
  chmod cluster repair --select orders --prefer ch2.example.com:9000`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				return c.repair(ctx, inv, r)
			})
		},
	}
	r.choosing.declare(cmd)
	r.declareTypes(cmd)
	cmd.Flags().StringVar(&r.prefer, "prefer", "", "`host` that is right where hosts differ and it cannot be told")
	toggle(cmd.Flags(), &r.dryRun, "dry-run", "", "show the plan and change nothing")
	toggle(cmd.Flags(), &r.yes, "yes", "y", "carry the plan out without asking")
	return cmd
}

// rounds are how often what a repair has left is looked at again: a table that
// is served again may be of an older build.
const rounds = 3

func (c *call) repair(ctx context.Context, inv *invocation.Invocation, r repairing) (bool, error) {
	question := invocation.Question{Selection: c.app.selection(r.choosing), Prefer: r.prefer, Changes: !r.dryRun}
	for round := 1; ; round++ {
		compared, err := inv.Compare(ctx, question)
		if err != nil {
			return false, err
		}
		plans := compared.Plans()
		steps := 0
		for _, p := range plans {
			steps += len(p.Steps)
		}
		if steps == 0 || round > rounds {
			c.remaining(compared)
			return len(compared.Divergences) == 0, nil
		}
		for _, p := range plans {
			c.events.Send(event.Printed{Text: p.Text()})
		}
		if r.dryRun {
			c.remaining(compared)
			return len(compared.Divergences) == 0, nil
		}
		if err := c.agreed(r.yes, steps); err != nil {
			return false, err
		}
		if err := compared.Repair(ctx, plans); err != nil {
			return false, err
		}
		c.say("%s carried out", plural(steps, "step"))
	}
}

var errNotAgreed = errors.New("nothing was changed: to carry the plan out, add --yes")

// agreed asks whether to go on.
func (c *call) agreed(yes bool, steps int) error {
	return c.agreedTo(yes, "Carry out "+plural(steps, "step")+"?")
}

// agreedTo asks a question that only yes lets go on.
func (c *call) agreedTo(yes bool, question string) error {
	if yes {
		return nil
	}
	if !interactive(c.app.In) {
		return errNotAgreed
	}
	fmt.Fprintf(c.app.Err, "%s [y/N] ", question)
	answer, err := bufio.NewReader(c.app.In).ReadString('\n')
	if err != nil || !slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(answer))) {
		return errNotAgreed
	}
	return nil
}

// remaining tells what a repair does not put right, or has not.
func (c *call) remaining(compared *invocation.Compared) {
	var commands []string
	for _, d := range compared.Divergences {
		if d.Remedy == materialize.RemedyRepair {
			continue
		}
		if d.Command != "" && !slices.Contains(commands, d.Command) {
			commands = append(commands, d.Command)
		}
	}
	if len(compared.Divergences) == 0 {
		c.say("%s", summaryOf(compared))
		return
	}
	c.events.Send(event.Printed{Text: diffText(compared)})
	if len(commands) > 0 {
		c.say("what no repair puts right has to be built: %s", strings.Join(commands, "; "))
	}
}
