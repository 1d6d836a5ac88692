package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/compiler/project"
)

func (a *app) debugCommand() *cobra.Command {
	var connection bool
	var configDir bool
	cmd := &cobra.Command{
		Use:   "debug",
		Short: "Check the project, the profile and the connection",
		Long: `Show which project, profile and target are used and where they come from, and
connect to the target. No password is shown.`,
		Example: `  chmod debug
  chmod debug --target prod`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, c *call, inv *invocation.Invocation) (bool, error) {
				c.describe(inv)
				return c.tryConnection(ctx, inv), nil
			})
		},
	}
	cmd.Flags().BoolVar(&connection, "connection", false, "check the connection only")
	cmd.Flags().BoolVar(&configDir, "config-dir", false, "accepted, without effect")
	hide(cmd.Flags(), "connection")
	hide(cmd.Flags(), "config-dir")
	return cmd
}

func (c *call) say(format string, args ...any) {
	c.events.Send(event.Message{Level: event.Info, Text: fmt.Sprintf(format, args...)})
}

// describe tells what was found where.
func (c *call) describe(inv *invocation.Invocation) {
	t := inv.Project.Target
	c.say("version   chmod %s, with the ways of dbt %s", c.app.Version, artifact.DBTVersion)
	c.say("project   %s in %s", inv.Manifest().ProjectName, inv.Root())
	if t.Implicit {
		c.say("profile   none: an embedded ClickHouse stands in")
	} else {
		c.say("profile   %s of %s", t.Profile, t.File)
	}
	c.say("target    %s, type %s, schema %s, threads %d", t.Name, t.Type, t.Schema, inv.Threads())
	if t.Type == project.Embedded {
		c.say("warehouse %s", t.Path)
		return
	}
	c.say("server    %s:%d by %s as user %s, secure %t", t.Host, t.Port, t.Driver, t.User, t.Secure)
	if t.Cluster != "" {
		c.say("cluster   %s", t.Cluster)
	}
}

// tryConnection connects and asks for an answer.
func (c *call) tryConnection(ctx context.Context, inv *invocation.Invocation) bool {
	adapter, err := inv.Connect(ctx)
	if err != nil {
		c.fail(err)
		c.say("connection FAILED")
		return false
	}
	server := adapter.Server()
	c.say("connection OK: ClickHouse %s, time zone %s", server.Version.Text, server.Timezone)
	return c.tryCluster(ctx, inv)
}
