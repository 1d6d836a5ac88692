package command

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/chmod-sql/chmod/cmd/internal/artifact"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
)

// app is what all commands share: flags, and what the call runs in.
type app struct {
	Surroundings
	settings *settings
	// typed are the flags that the call gave itself; the environment and the
	// project may give others.
	typed []string
	// again, when not nil, are the nodes that "chmod retry" runs.
	again []string
	// before is the run that it goes on after.
	before *invocation.Before
}

const about = `chmod builds a warehouse on ClickHouse from SQL models.

It reads a dbt project as it is, works out the order, and builds views, tables
and seeds so that readers never see a missing or half-filled table. Without a
profile it brings a ClickHouse of its own.

Flags that are on by default have an opposite: --no-print, --no-write-json.
Calls that are not ours, such as "chmod 755 file", go to the system's chmod.`

func newRoot(s Surroundings) *cobra.Command {
	a := &app{Surroundings: s, settings: newSettings()}
	root := &cobra.Command{
		Use:   "chmod",
		Short: "Build a warehouse on ClickHouse from SQL models",
		Long:  about,
		Example: `  chmod init shop && cd shop && chmod build
  chmod build --select +orders
  chmod plan --select tag:daily --target prod`,
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 1,
		Args:                       a.unknown,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("version") || cmd.Flags().Changed("v") {
				a.printVersion()
				return nil
			}
			return cmd.Help()
		},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			cmd.Flags().Visit(func(f *pflag.Flag) { a.typed = append(a.typed, f.Name) })
			return fromEnvironment(cmd.Flags(), s.Env)
		},
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.Flags().BoolP("version", "V", false, "show the version")
	root.Flags().BoolP("v", "v", false, "show the version")
	hide(root.Flags(), "v")
	a.settings.declare(root.PersistentFlags())
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		a.initCommand(), a.debugCommand(), a.parseCommand(), a.compileCommand(), a.listCommand(), a.planCommand(),
		a.runCommand(), a.seedCommand(), a.snapshotCommand(), a.testCommand(), a.buildCommand(), a.backfillCommand(), a.retryCommand(), a.rollbackCommand(), a.showCommand(), a.cleanCommand(), a.locksCommand(),
		a.engineCommand(), a.clusterCommand(), a.versionCommand(),
	)
	root.AddCommand(notYet()...)
	return root
}

// unknown rejects words that are no command.
func (a *app) unknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, append([]string{c.Name()}, c.Aliases...)...)
	}
	if s := similar(args[0], names); s != "" {
		return fmt.Errorf("unknown command %q; did you mean %q?", args[0], s)
	}
	return fmt.Errorf("unknown command %q; see \"chmod --help\"", args[0])
}

// flagError adds what to do to a complaint about flags.
func flagError(cmd *cobra.Command, err error) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "unknown flag: --"); ok {
		var names []string
		collect := func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		}
		cmd.Flags().VisitAll(collect)
		cmd.InheritedFlags().VisitAll(collect)
		if s := similar(name, names); s != "" {
			return fmt.Errorf("%s has no flag --%s; did you mean --%s?", cmd.CommandPath(), name, s)
		}
	}
	if m := badNumber.FindStringSubmatch(text); m != nil {
		text = fmt.Sprintf("%s takes a whole number, not %s", m[2], m[1])
	} else if m := badValue.FindStringSubmatch(text); m != nil {
		text = m[2] + ": " + m[3]
	}
	return fmt.Errorf("%s; see \"%s --help\"", text, cmd.CommandPath())
}

// What the flag parser says of values, to be said in words for users.
var (
	badNumber = regexp.MustCompile(`^invalid argument (".*") for "(?:-\w, )?(--[\w-]+)" flag: strconv\.ParseInt`)
	badValue  = regexp.MustCompile(`^invalid argument (".*") for "(?:-\w, )?(--[\w-]+)" flag: (.*)$`)
)

// noWords rejects words where a command takes flags only.
func noWords(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if cmd.Flags().Lookup("select") != nil {
		hint = fmt.Sprintf("; did you mean --select %s?", strings.Join(args, " "))
	}
	return fmt.Errorf("%s takes flags only, not %q%s", cmd.CommandPath(), args[0], hint)
}

// valued collects the flags that take a value as the next word.
func valued(into *[]string) func(*pflag.Flag) {
	return func(f *pflag.Flag) {
		if f.Value.Type() == "bool" {
			return
		}
		*into = append(*into, "--"+f.Name)
		if f.Shorthand != "" {
			*into = append(*into, "-"+f.Shorthand)
		}
	}
}

// printVersion writes what dbt's callers read the version from: the first
// version number is that of the dbt whose behaviour this is.
func (a *app) printVersion() {
	fmt.Fprintf(a.Out, `Core:
  - installed: %s
  - latest:    %s - Up to date!

Plugins:
  - clickhouse: %s - Up to date!

chmod: %s
`, artifact.DBTVersion, artifact.DBTVersion, artifact.AdapterVersion, a.Version)
}
