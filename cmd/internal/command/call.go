package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/cmd/internal/view"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// call is one run of a command that works on a project.
type call struct {
	app        *app
	which      string
	args       map[string]any // flags, for the artifacts
	id         uuid.UUID
	started    time.Time
	events     *event.Stream
	strictness invocation.Strictness
	refused    atomic.Pointer[error]
	output     *written
	gathered   []*view.Gathered
	keeper     keeper
	// close ends the views and the log file.
	close func()
}

// withProject runs the body of a command on the loaded project, shows what
// happens, and turns the outcome into an exit code.
func (a *app) withProject(cmd *cobra.Command, flags compiler.Flags, body func(context.Context, *call, *invocation.Invocation) (bool, error)) error {
	c, err := a.begin(cmd)
	if err != nil {
		return err
	}
	defer c.close()
	defer func() {
		// What was noted is of use only to a run that goes on after this one.
		if err := c.keeper.close(); err != nil {
			c.events.Send(event.Message{Level: event.Warn, Text: err.Error()})
		}
	}()
	ctx := cmd.Context()
	if !runsNodes(cmd) {
		var free func()
		ctx, free = invocation.CancelOnStop(ctx)
		defer free()
	}
	fine, err := c.run(ctx, flags, body)
	if err != nil {
		c.fail(err)
	}
	c.events.Send(event.Ended{Command: c.which, Success: err == nil && fine, Elapsed: time.Since(c.started)})
	switch {
	case err != nil:
		return exit{exitWrong}
	case !fine:
		return exit{exitFailed}
	}
	if err := c.output.failure(); err != nil {
		fmt.Fprintln(a.Err, "Error:", err)
		return exit{exitFailed}
	}
	return nil
}

func (c *call) run(ctx context.Context, flags compiler.Flags, body func(context.Context, *call, *invocation.Invocation) (bool, error)) (fine bool, err error) {
	options, err := c.compilerOptions(flags)
	if err != nil {
		return false, err
	}
	s := c.app.settings
	if c.strictness, err = s.strictness(); err != nil {
		return false, err
	}
	inv, err := invocation.Open(ctx, invocation.Request{
		Compiler: options, Events: c.events, StateDir: s.state, Warnings: c.strictness, Threads: s.threads, CustomEnv: customEnv(),
		Command: c.which, Version: c.app.Version, Before: c.app.before,
	})
	if err != nil {
		return false, err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		if closeErr := inv.Close(closing); err == nil && closeErr != nil {
			err = closeErr
		}
	}()
	if c.app.Loaded != nil {
		c.app.Loaded()
	}
	c.resolve(inv, options.Vars, c.strictness)
	if err := c.refusal(); err != nil {
		return false, err
	}
	if fine, err = body(ctx, c, inv); err == nil {
		err = c.refusal()
	}
	return fine, err
}

// runsNodes reports whether a first Ctrl-C should let what runs come to an end.
func runsNodes(cmd *cobra.Command) bool {
	return slices.Contains([]string{"run", "build", "seed", "snapshot", "test", "backfill"}, cmd.Name())
}

// closeTime is how long closing the connection and the engine may take.
const closeTime = 15 * time.Second

// fail shows why a command could not do its work.
func (c *call) fail(err error) {
	var failure *diag.Failure
	var one diag.Diagnostic
	switch {
	case errors.As(err, &failure):
		for _, d := range failure.Diagnostics {
			c.events.Send(event.Diagnosed{Diagnostic: d})
		}
	case errors.As(err, &one):
		c.events.Send(event.Diagnosed{Diagnostic: one})
	default:
		c.events.Send(event.Failed{Err: err})
	}
}

func (c *call) compilerOptions(flags compiler.Flags) (compiler.Options, error) {
	s := c.app.settings
	vars, err := readVars(s.vars)
	if err != nil {
		return compiler.Options{}, err
	}
	flags.Which = c.which
	flags.FailFast = s.failFast
	flags.Args = c.args
	return compiler.Options{
		ProjectDir: s.projectDir, ProfilesDir: s.profilesDir, Profile: s.profile, Target: s.target, TargetPath: s.targetPath,
		Vars: vars, Env: c.app.Env, Flags: flags, InvocationID: c.id.String(), StartedAt: c.started, Threads: s.threads,
		NoVersionCheck: !s.versionCheck,
		OnLog:          c.log,
	}, nil
}

// log passes on what templates say.
func (c *call) log(e compiler.LogEvent) {
	switch e.Kind {
	case compiler.LogPrint:
		c.events.Send(event.Printed{Text: e.Msg})
	case compiler.LogInfo:
		c.events.Send(event.Message{Level: event.Info, Text: e.Msg, Node: e.Node})
	case compiler.LogWarn:
		c.warned(e)
	default:
		c.events.Send(event.Message{Level: event.Debug, Text: e.Msg, Node: e.Node})
	}
}

// warned answers a warning that a template gives. It has no way to stop there:
// one that is to be an error fails the call where the work next comes back.
func (c *call) warned(e compiler.LogEvent) {
	refused, hushed := c.strictness.OfTemplates(e)
	if hushed {
		return
	}
	if refused != nil {
		c.refused.CompareAndSwap(nil, &refused)
	}
	c.events.Send(event.Message{Level: event.Warn, Text: e.Msg, Node: e.Node})
}

// refusal is the first warning of a template that is to be an error.
func (c *call) refusal() error {
	if err := c.refused.Load(); err != nil {
		return *err
	}
	return nil
}

// readVars reads --vars: a YAML dict.
func readVars(text string) (*value.Dict, error) {
	if strings.TrimSpace(text) == "" {
		return value.NewDict(), nil
	}
	node, list := yaml.Parse(source.New("--vars", "", text))
	if err := list.Err(); err != nil {
		return nil, err
	}
	if node == nil {
		return value.NewDict(), nil
	}
	d, ok := node.Value().(*value.Dict)
	if !ok {
		return nil, diag.Diagnostic{
			Code: "bad-vars", Span: node.Span, What: "--vars must be a YAML dict",
			Fix: `write for instance --vars '{start: 2024-01-01, limit: 10}'`,
		}
	}
	return d, nil
}

// customEnv are the values that a caller wants to see in the artifacts.
func customEnv() map[string]string {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		name, text, _ := strings.Cut(pair, "=")
		if key, ok := strings.CutPrefix(name, "DBT_ENV_CUSTOM_ENV_"); ok {
			env[key] = text
		}
	}
	return env
}
