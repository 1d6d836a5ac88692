package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/adapters/embedded"
)

func (a *app) engineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "engine",
		Short: "Manage the embedded ClickHouse",
		Long: `Manage the ClickHouse that chmod starts by itself for targets of type embedded.

It is looked for in this order: the variable CHMOD_ENGINE, the project's own
folder, the user's data folder, /usr/local/lib, a clickhouse binary on PATH.`,
		Example: `  chmod engine install
  chmod engine start
  chmod engine status`,
		Args: a.unknown,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.engineInstall(), a.engineStatus(), a.engineStart(), a.engineStop(), a.engineShell())
	return cmd
}

func (a *app) engineInstall() *cobra.Command {
	var to string
	var here bool
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Download the engine for this platform",
		Long: `Download the engine library from the npm registry, check it against the pinned
checksum, and put it in the user's data folder. About 180 MB are downloaded and
570 MB stored. The registry is the one that npm is set up with.`,
		Example: `  chmod engine install
  chmod engine install --here
  chmod engine install --to /usr/local/lib`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir := to
			switch {
			case here && to != "":
				return fmt.Errorf("--here and --to exclude each other")
			case here:
				dir = embedded.ProjectFolder(a.projectDir())
			case to == "":
				if dir = embedded.UserFolder(); dir == "" {
					return fmt.Errorf("this user has no home folder to install into; give one with --to DIR")
				}
			}
			return a.install(cmd.Context(), dir)
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "`folder` to install into")
	cmd.Flags().BoolVar(&here, "here", false, "install into the project, for it alone")
	return cmd
}

func (a *app) install(ctx context.Context, dir string) error {
	shownAt := time.Time{}
	_, onTerminal := terminal(a.Out)
	engine, err := embedded.Install(ctx, dir, func(done, total int64) {
		if !onTerminal || time.Since(shownAt) < 200*time.Millisecond {
			return
		}
		shownAt = time.Now()
		fmt.Fprintf(a.Out, "\rdownloading: %d of %d MB\x1b[K", done>>20, max(total, done)>>20)
	})
	if onTerminal {
		fmt.Fprint(a.Out, "\r\x1b[K")
	}
	if err != nil {
		return fmt.Errorf("install the engine: %w", err)
	}
	fmt.Fprintf(a.Out, "installed %s\n", engine)
	return nil
}

// projectDir is the project that engine commands are about.
func (a *app) projectDir() string {
	if a.settings.projectDir != "" {
		return a.settings.projectDir
	}
	return "."
}

// warehouse is the folder of the embedded warehouse that engine commands are
// about.
func (a *app) warehouse() string { return filepath.Join(a.projectDir(), ".chmod", "warehouse") }

func (a *app) engineStatus() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "Show which engine there is and whether it runs",
		Long:    "Show which engine would be used, and whether one runs on the warehouse of the\nproject.",
		Example: "  chmod engine status",
		Args:    noWords,
		RunE: func(*cobra.Command, []string) error {
			engine, err := embedded.Find(embedded.Search{Project: a.projectDir()})
			var missing *embedded.NotFound
			switch {
			case errors.As(err, &missing):
				fmt.Fprintln(a.Out, "engine     ", missing)
			case err != nil:
				return err
			default:
				fmt.Fprintln(a.Out, "engine     ", engine)
			}
			status, err := embedded.Status(a.warehouseOr(dir))
			if err != nil {
				return err
			}
			fmt.Fprintln(a.Out, "warehouse  ", status.Dir, exists(status.Exists))
			switch {
			case status.Running && status.Server != nil:
				fmt.Fprintf(a.Out, "running     yes, process %d, native protocol on %s\n", status.Holder.PID, status.Server.Addr)
			case status.Running:
				fmt.Fprintf(a.Out, "running     yes, process %d, for process %d alone\n", status.Holder.PID, status.Holder.Parent)
			default:
				fmt.Fprintln(a.Out, "running     no")
			}
			if missing != nil {
				return exit{exitFailed}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "warehouse", "", "`folder` of the warehouse (default: .chmod/warehouse of the project)")
	return cmd
}

func (a *app) warehouseOr(dir string) string {
	if dir != "" {
		return dir
	}
	return a.warehouse()
}

func exists(yes bool) string {
	if yes {
		return ""
	}
	return "(not there yet)"
}

func (a *app) engineStart() *cobra.Command {
	var dir string
	var http, foreground bool
	cmd := &cobra.Command{
		Use:   "start",
		Short: "Start the engine and let it run",
		Long: `Start the engine on the project's warehouse and let it run, so that any
ClickHouse client can look into it. Other chmod commands use it while it runs.
It listens on 127.0.0.1 only, with a password made for this run.`,
		Example: `  chmod engine start
  chmod engine start --http
  chmod engine start --foreground`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.startEngine(cmd.Context(), a.warehouseOr(dir), http, foreground)
		},
	}
	cmd.Flags().StringVar(&dir, "warehouse", "", "`folder` of the warehouse (default: .chmod/warehouse of the project)")
	cmd.Flags().BoolVar(&http, "http", false, "listen for HTTP, too")
	cmd.Flags().BoolVar(&foreground, "foreground", false, "stay, and stop with Ctrl-C")
	return cmd
}

func (a *app) startEngine(ctx context.Context, dir string, http, foreground bool) error {
	engine, err := embedded.Find(embedded.Search{Project: a.projectDir()})
	if err != nil {
		return err
	}
	server, err := embedded.Start(ctx, embedded.Options{Dir: dir, Engine: engine, HTTP: http, Shared: true, Detach: !foreground})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "the engine runs, process %d\n", server.PID)
	if err := a.clientCommand(server); err != nil {
		return err
	}
	if !foreground {
		fmt.Fprintln(a.Out, "stop it with: chmod engine stop")
		return server.Release(ctx)
	}
	select {
	case <-waitForStop(ctx):
	case <-server.Done():
		return server.Err()
	}
	return server.Stop(context.WithoutCancel(ctx))
}

// clientCommand tells how any client gets in. The password stands in a file
// that only the user can read, and on the user's own terminal.
func (a *app) clientCommand(server *embedded.Server) error {
	host, port, err := net.SplitHostPort(server.Addr)
	if err != nil {
		return fmt.Errorf("address of the engine: %w", err)
	}
	fmt.Fprintf(a.Out, "native protocol: host %s, port %s, user %s, password %s\n", host, port, server.User, server.Password)
	if server.HTTPAddr != "" {
		fmt.Fprintf(a.Out, "HTTP: http://%s/\n", server.HTTPAddr)
	}
	return nil
}

func (a *app) engineStop() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:     "stop",
		Short:   "Stop the engine that was started with start",
		Long:    "Stop the engine that runs on the project's warehouse.",
		Example: "  chmod engine stop",
		Args:    noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			server, running, err := embedded.Attach(a.warehouseOr(dir))
			if err != nil {
				return err
			}
			if !running {
				return fmt.Errorf("no engine that others may use runs on %s", a.warehouseOr(dir))
			}
			if err := server.Stop(cmd.Context()); err != nil {
				return err
			}
			fmt.Fprintln(a.Out, "stopped")
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "warehouse", "", "`folder` of the warehouse (default: .chmod/warehouse of the project)")
	return cmd
}

func (a *app) engineShell() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "shell",
		Short: "Type SQL at the engine",
		Long: `Type SQL at the project's warehouse: with clickhouse-client when that is on
PATH, else with a small prompt of chmod's own. The engine is started when none
runs.`,
		Example: `  chmod engine shell
  echo "show tables from wallet" | chmod engine shell`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			options := embedded.Options{Dir: a.warehouseOr(dir)}
			server, err := embedded.Open(cmd.Context(), options, embedded.Search{Project: a.projectDir()})
			if err != nil {
				return err
			}
			err = a.shell(cmd.Context(), server)
			if stopErr := server.Release(context.WithoutCancel(cmd.Context())); err == nil {
				err = stopErr
			}
			return err
		},
	}
	cmd.Flags().StringVar(&dir, "warehouse", "", "`folder` of the warehouse (default: .chmod/warehouse of the project)")
	return cmd
}

// shell runs clickhouse-client, or a prompt of our own.
func (a *app) shell(ctx context.Context, server *embedded.Server) error {
	if path, err := exec.LookPath("clickhouse-client"); err == nil && interactive(a.In) {
		host, port, err := net.SplitHostPort(server.Addr)
		if err != nil {
			return fmt.Errorf("address of the engine: %w", err)
		}
		c := exec.CommandContext(ctx, path, "--host", host, "--port", port, "--user", server.User)
		// By the environment: a command line can be read by every user.
		c.Env = append(os.Environ(), "CLICKHOUSE_PASSWORD="+server.Password)
		c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
		return c.Run()
	}
	return a.prompt(ctx, server)
}
