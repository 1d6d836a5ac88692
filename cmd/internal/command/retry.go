package command

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler/project"
)

func (a *app) retryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "retry",
		Short: "Go on with the last run where it failed",
		Long: `Run the last command again, for the nodes that failed or were skipped, or that
it did not come to because it was stopped or killed. Its flags hold again, but
for those that are given anew. With --state, the last run is that of another
target folder.`,
		Example: `  chmod retry
  chmod retry --vars "start: 2024-02-01"
  chmod retry --threads 1 --full-refresh
  chmod retry --state /artifacts/last`,
		Args: noWords,
	}
	var refresh bool
	toggle(cmd.Flags(), &refresh, "full-refresh", "f", "build incremental models from nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		last, err := a.lastRun()
		if err != nil {
			return a.instead(cmd, event.Failed{Err: err}, exit{exitWrong})
		}
		again := last.Again(a.settings.warnError)
		if len(again) == 0 && (last.Unfinished == nil || last.Unfinished.Begun) {
			text := fmt.Sprintf("Nothing to retry: everything that the last %s was to do is done", last.Which())
			return a.instead(cmd, event.Message{Level: event.Info, Text: text}, nil)
		}
		repeated, err := a.repeated(cmd, last)
		if err != nil {
			return a.instead(cmd, event.Failed{Err: err}, exit{exitWrong})
		}
		if last.Unfinished == nil || last.Unfinished.Begun {
			a.again = again
			a.before = &invocation.Before{StartedAt: last.StartedAt, Batches: last.Batches}
		}
		return repeated.RunE(repeated, nil)
	}
	return cmd
}

// instead shows one event in the place of a run.
func (a *app) instead(cmd *cobra.Command, e event.Event, result error) error {
	c, err := a.begin(cmd)
	if err != nil {
		return err
	}
	defer c.close()
	c.events.Send(e)
	c.events.Send(event.Ended{Command: c.which, Success: result == nil, Elapsed: time.Since(c.started)})
	return result
}

// lastRun reads what is known of the run to go on with.
func (a *app) lastRun() (*artifact.LastRun, error) {
	folder, err := a.lastTarget()
	if err != nil {
		return nil, err
	}
	last, err := artifact.ReadLastRun(folder)
	if errors.Is(err, artifact.ErrNoRun) {
		return nil, fmt.Errorf("no run to go on with is in %s: it has no run_results.json", relative(folder))
	}
	if err != nil {
		return nil, err
	}
	if u := last.Unfinished; u != nil && invocation.Alive(u.Host, u.PID) {
		return nil, fmt.Errorf("the last run has not ended: process %d is at work on it (invocation %s)", u.PID, u.InvocationID)
	}
	return last, nil
}

// lastTarget is the folder with the artifacts of the run to go on with.
func (a *app) lastTarget() (string, error) {
	root, err := project.Locate(a.projectDir(), a.settings.projectDir != "")
	if err != nil {
		return "", err
	}
	folder := a.settings.state
	if folder != "" {
		// Where --state leads elsewhere, too.
		return filepath.Abs(folder)
	}
	if folder = a.settings.targetPath; folder == "" {
		folder = a.early().targetPath
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(root, folder)
	}
	return folder, nil
}

// retryable are the commands that can be gone on with.
var retryable = []string{"build", "compile", "run", "seed", "snapshot", "test", "run-operation", "clone"}

// repeated is the command of an earlier run, with that run's flags, but for
// those that were given to this call.
func (a *app) repeated(cmd *cobra.Command, last *artifact.LastRun) (*cobra.Command, error) {
	which := last.Which()
	at := slices.IndexFunc(cmd.Root().Commands(), func(c *cobra.Command) bool { return c.Name() == which })
	if at < 0 || !slices.Contains(retryable, which) {
		return nil, fmt.Errorf("the last run was %q, which cannot be retried: %s can", "chmod "+which, strings.Join(retryable[:6], ", "))
	}
	c := cmd.Root().Commands()[at]
	if err := c.ParseFlags(nil); err != nil { // so that it knows the flags of all commands
		return nil, err
	}
	c.SetContext(cmd.Context())
	given := map[string]bool{}
	for _, name := range a.typed {
		name = strings.TrimPrefix(name, "no-")
		given[name] = true
		if f := cmd.LocalFlags().Lookup(name); f != nil && cmd.InheritedFlags().Lookup(name) == nil {
			if c.Flags().Lookup(name) == nil {
				return nil, fmt.Errorf("the last run was %q, which has no --%s", "chmod "+which, name)
			}
			if err := c.Flags().Set(name, f.Value.String()); err != nil {
				return nil, fmt.Errorf("--%s: %w", name, err)
			}
		}
	}
	return c, restore(c.Flags(), last.Args, given)
}
