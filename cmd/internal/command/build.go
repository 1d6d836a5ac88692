package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/dag/selection"
)

// running are the flags of commands that change the warehouse.
type running struct {
	choosing
	fullRefresh, empty, storeFailures, show bool
	eventTimeStart, eventTimeEnd            string
	// ifLocked says what to do about what other runs build.
	ifLocked string
}

func (r *running) flags() compiler.Flags {
	flags := compiler.Flags{FullRefresh: r.fullRefresh, Empty: r.empty, StoreFailures: r.storeFailures, Extra: map[string]any{}}
	for name, text := range map[string]string{"EVENT_TIME_START": r.eventTimeStart, "EVENT_TIME_END": r.eventTimeEnd} {
		if text != "" {
			flags.Extra[name] = text
		}
	}
	return flags
}

// work declares and runs a command of this kind.
func (a *app) work(cmd *cobra.Command, r *running, types []string, gate, hooks bool) *cobra.Command {
	cmd.Args = noWords
	r.declare(cmd)
	if cmd.Name() != "test" {
		r.ifLocked = invocation.IfLockedWait
		choose(cmd.Flags(), &r.ifLocked, "if-locked", "", "what to do about nodes that another run is building", invocation.IfLockedWait, invocation.IfLockedSkip, invocation.IfLockedFail)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.withProject(cmd, r.flags(), func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
			c.found(inv)
			if err := c.keep(inv); err != nil {
				return false, err
			}
			outcome, err := inv.Run(ctx, invocation.Run{
				Selection: a.selection(r.choosing), Types: types, FailFast: a.settings.failFast, Gate: gate, Hooks: hooks,
				IfLocked: r.ifLocked,
			})
			if err != nil {
				return false, err
			}
			if err := c.artifacts(inv, &outcome); err != nil {
				return false, err
			}
			return !outcome.Failed(), nil
		})
	}
	return cmd
}

// selection is what the flags ask for.
func (a *app) selection(c choosing) selection.Request {
	return selection.Request{
		Select: append(c.selected, c.models...), Exclude: c.exclude, Selector: c.selector,
		Indirect: selection.Indirect(a.settings.indirect), ResourceTypes: c.types(c.resourceTypes), ExcludeResourceTypes: c.types(c.excludeResourceTypes),
		IDs: a.again,
	}
}

// found tells how much there is in the project.
func (c *call) found(inv *invocation.Invocation) {
	m := inv.Manifest()
	counts := map[string]int{manifest.Operation: 0}
	for _, n := range m.Nodes {
		counts[n.ResourceType]++
	}
	counts["source"], counts["exposure"], counts["unit_test"] = len(m.Sources), len(m.Exposures), len(m.UnitTests)
	for _, macro := range m.Macros {
		if macro.Package == m.ProjectName {
			counts["macro"]++
		}
	}
	c.events.Send(event.Found{Counts: counts})
}

// artifacts writes manifest.json, and run_results.json when there was a run.
func (c *call) artifacts(inv *invocation.Invocation, o *invocation.Outcome) error {
	if !c.app.settings.writeJSON {
		return nil
	}
	if err := inv.WriteManifest(); err != nil {
		return err
	}
	c.events.Send(event.ArtifactWritten{Kind: "manifest", Path: inv.ManifestPath()})
	if o == nil {
		return nil
	}
	if err := inv.WriteRunResults(*o, c.args); err != nil {
		return err
	}
	c.events.Send(event.ArtifactWritten{Kind: "run_results", Path: inv.RunResultsPath()})
	return c.keeper.done()
}

func (a *app) buildCommand() *cobra.Command {
	var r running
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Load seeds, build models and test them, in the order of the graph",
		Long: `Load seeds, build models and run data tests, each as soon as what it needs is
there. What is built on a node waits for the node's tests and is skipped when
one of them fails; a test that only warns lets it pass.`,
		Example: `  chmod build
  chmod build --select +mart_daily_volume
  chmod build --select tag:every_5m --fail-fast --target prod`,
	}
	r.declareTypes(cmd)
	r.declareRefresh(cmd)
	return a.work(cmd, &r, []string{manifest.Model, manifest.Seed, manifest.Snapshot, manifest.Test}, true, true)
}

func (a *app) runCommand() *cobra.Command {
	var r running
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Build models",
		Long: `Build the selected models, parents first. A table is filled under another name
and swapped in when it is whole: readers see the old one until then.`,
		Example: `  chmod run
  chmod run --select staging --threads 8
  chmod run --select +orders --exclude tag:slow`,
	}
	r.declareRefresh(cmd)
	return a.work(cmd, &r, []string{manifest.Model}, false, true)
}

func (a *app) seedCommand() *cobra.Command {
	var r running
	cmd := &cobra.Command{
		Use:   "seed",
		Short: "Load the project's CSV files",
		Long: `Load the selected seeds. Files are streamed; the old table stays until the new
one is whole. A cell that does not fit its type is named with file and line.`,
		Example: `  chmod seed
  chmod seed --select country_codes`,
	}
	r.declareRefresh(cmd)
	cmd.Flags().BoolVar(&r.show, "show", false, "accepted, without effect")
	hide(cmd.Flags(), "show")
	return a.work(cmd, &r, []string{manifest.Seed}, false, true)
}

func (a *app) testCommand() *cobra.Command {
	var r running
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Run data tests",
		Long: `Run the tests of the selected nodes. A test is a query for bad rows; severity,
warn_if and error_if decide what finding some means.`,
		Example: `  chmod test
  chmod test --select orders
  chmod test --select test_type:singular`,
	}
	r.declareTypes(cmd)
	toggle(cmd.Flags(), &r.storeFailures, "store-failures", "", "accepted, with a warning: bad rows are not kept yet")
	return a.work(cmd, &r, []string{manifest.Test}, false, true)
}

func (r *running) declareRefresh(cmd *cobra.Command) {
	toggle(cmd.Flags(), &r.fullRefresh, "full-refresh", "f", "build incremental models from nothing")
	toggle(cmd.Flags(), &r.empty, "empty", "", "build with no rows from refs and sources")
	if cmd.Name() == "seed" {
		return
	}
	cmd.Flags().StringVar(&r.eventTimeStart, "event-time-start", "", "microbatch models: build from this time on, in UTC")
	cmd.Flags().StringVar(&r.eventTimeEnd, "event-time-end", "", "microbatch models: build up to this time")
}
