package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/cmd/internal/view"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/materialize"
)

// backfilling are the flags of backfill.
type backfilling struct {
	from, to, column, size, ifLocked string
	parallel                         int
	dryRun, yes                      bool
}

func (a *app) backfillCommand() *cobra.Command {
	b := backfilling{parallel: 1, ifLocked: invocation.IfLockedWait}
	cmd := &cobra.Command{
		Use:   "backfill MODEL --from TIME --to TIME",
		Short: "Compute the rows of a stretch of time of an incremental model again",
		Long: `Compute the rows of a stretch of time of an incremental model again, piece by
piece, while the model serves: show the plan, ask, and carry it out. A piece is
the rows that a build from nothing would give for a day, a month or whatever the
model's batches or partitions are. Each is put in place by the model's own
strategy, at once for all readers. Rows that are appended cannot be filled
again.

Ctrl-C lets the pieces that are at work come to an end. The same command goes on
with those that are not done, after that as after a failure or a crash; once all
are done, it begins anew. Several pieces at once are computed side by side, and
put in place one after the other.

It ends with 0 when all pieces are done, and with 1 when some are not.`,
		Example: `  chmod backfill fct_orders --from 2024-01-01 --to 2024-07-01 --dry-run
  chmod backfill fct_orders --from 2024-01-01 --to 2024-07-01 --parallel 4
  chmod backfill fct_orders --from 2024-01-01 --to 2024-07-01 --size week --yes`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("chmod backfill takes one model, as in: chmod backfill orders --from 2024-01-01 --to 2024-02-01")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				return c.backfill(ctx, inv, args[0], b)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&b.from, "from", "", "the first `time` whose rows are computed again, in UTC")
	flags.StringVar(&b.to, "to", "", "the `time` up to which they are; it is not among them")
	flags.IntVar(&b.parallel, "parallel", b.parallel, "how many pieces are computed at once")
	flags.StringVar(&b.column, "column", "", "the `column` with the time of a row, where the config does not say it")
	flags.StringVar(&b.size, "size", "", "how much time a piece is: hour, day, week, month, quarter or year")
	choose(flags, &b.ifLocked, "if-locked", "", "what to do when another run is building the model", invocation.IfLockedWait, invocation.IfLockedSkip, invocation.IfLockedFail)
	toggle(flags, &b.dryRun, "dry-run", "", "show the plan and change nothing")
	toggle(flags, &b.yes, "yes", "y", "carry the plan out without asking")
	return cmd
}

func (c *call) backfill(ctx context.Context, inv *invocation.Invocation, model string, b backfilling) (bool, error) {
	request := invocation.BackfillRequest{
		Model: model, Parallel: b.parallel, IfLocked: b.ifLocked, Changes: !b.dryRun,
		Asked: materialize.BackfillAsked{Column: b.column, Size: b.size},
	}
	if b.parallel < 1 {
		return false, fmt.Errorf("--parallel takes a number of 1 or more, not %d", b.parallel)
	}
	for _, edge := range []struct {
		flag, text string
		into       *time.Time
	}{{"from", b.from, &request.Asked.From}, {"to", b.to, &request.Asked.To}} {
		t, ok := materialize.ParseTime(edge.text)
		if !ok {
			return false, fmt.Errorf("--%s takes a time like 2024-01-31, or '2024-01-31 15:00:00', in UTC, not %q", edge.flag, edge.text)
		}
		*edge.into = t
	}
	if !request.Asked.From.Before(request.Asked.To) {
		return false, fmt.Errorf("--from must be before --to")
	}
	planned, err := inv.PlanBackfill(ctx, request)
	if err != nil {
		return false, err
	}
	c.events.Send(event.Printed{Text: backfillText(planned, b.parallel)})
	if left := planned.Left(); b.dryRun || len(left) == 0 {
		return true, nil
	}
	if err := c.agreedTo(b.yes, "Compute "+plural(len(planned.Left()), "piece")+" again?"); err != nil {
		return false, err
	}
	out, err := planned.Run(ctx)
	if err != nil {
		return false, err
	}
	switch {
	case out.Err != nil:
		c.say("%s done; the same command goes on with those that are not", doneText(out))
		return false, out.Err
	case out.Done < out.Left && !out.Interrupted:
		return true, nil // it was left to another run
	case out.Done < out.Left:
		c.say("Stopped with %s done; the same command goes on with those that are not", doneText(out))
		return false, nil
	}
	c.say("%s done, %d rows", doneText(out), out.Rows)
	return true, nil
}

func doneText(o invocation.BackfillOutcome) string {
	return fmt.Sprintf("%d of %s", o.Done, plural(o.Left, "piece"))
}

// shownPieces is how many pieces a plan lists.
const shownPieces = 40

// backfillText shows what a backfill would do.
func backfillText(b *invocation.Backfill, parallel int) string {
	var t strings.Builder
	left := b.Left()
	fmt.Fprintf(&t, "%s: %s, by %s\n", b.Node.UniqueID, b.Node.RelationName, b.Strategy)
	if len(b.Pieces) > 0 {
		all := materialize.Within{From: b.Pieces[0].From, To: b.Pieces[len(b.Pieces)-1].To}
		fmt.Fprintf(&t, "%s %s, in %s of one %s\n", b.Column, all.Label(), plural(len(b.Pieces), "piece"), b.Size)
	}
	if b.Widened {
		t.WriteString("more than was asked for, since whole partitions are replaced\n")
	}
	if len(b.Done) > 0 {
		fmt.Fprintf(&t, "%d of %d done by an earlier call, the last one at %s UTC: it goes on with the others\n", len(b.Done), len(b.Pieces), b.DoneAt.UTC().Format(time.DateTime))
	}
	if b.There != nil {
		var rows uint64
		partitions := map[string]bool{}
		for _, at := range left {
			rows += b.There[at].Rows
			for _, id := range b.There[at].Partitions {
				partitions[id] = true
			}
		}
		fmt.Fprintf(&t, "rows there now: %s", view.Count(rows))
		if b.BytesPerRow > 0 {
			fmt.Fprintf(&t, ", about %s on disk", view.Size(uint64(float64(rows)*b.BytesPerRow)))
		}
		if len(partitions) > 0 {
			fmt.Fprintf(&t, ", in %s", plural(len(partitions), "partition"))
		}
		t.WriteString("\n")
	}
	if b.ReadRows > 0 {
		fmt.Fprintf(&t, "rows to read: about %s\n", view.Count(b.ReadRows))
	}
	switch {
	case len(left) == 0:
	case b.Timed > 0:
		side := min(parallel, len(left))
		fmt.Fprintf(&t, "time: about %s, as %s took %s each\n", (b.PieceTime * time.Duration(len(left)) / time.Duration(side)).Round(100*time.Millisecond),
			plural(b.Timed, "earlier piece"), b.PieceTime.Round(10*time.Millisecond))
	default:
		t.WriteString("time: not known before a first piece of this model was done\n")
	}
	for i, at := range left {
		if i == shownPieces {
			fmt.Fprintf(&t, "  and %d more\n", len(left)-shownPieces)
			break
		}
		fmt.Fprintf(&t, "  %s", b.Pieces[at].Label())
		if b.There != nil {
			fmt.Fprintf(&t, "  %s rows there now", view.Count(b.There[at].Rows))
		}
		t.WriteString("\n")
	}
	return strings.TrimSuffix(t.String(), "\n")
}
