// Package command is the command line: one file per verb, each of which turns
// flags into a request, has it carried out, and hands what happened to a view.
//
// Its main function is Main. It decides nothing about SQL and writes nothing
// but through a view.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/systemchmod"
	"github.com/chmod-sql/chmod/compiler/diag"
)

// Surroundings are what a call runs in.
type Surroundings struct {
	Version  string
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) (string, bool)
	// Loaded is called once a project is in memory; nil for nobody to tell.
	Loaded func()
}

// Exit codes, as dbt's callers know them.
const (
	exitFine   = 0
	exitFailed = 1 // something ran, and failed
	exitWrong  = 2 // the call or the project is wrong, or the server is not there
)

// Main runs one call and returns its exit code.
func Main(args []string, s Surroundings) int {
	root := newRoot(s)
	if systemchmod.Theirs(args, ours(root)) {
		if err := systemchmod.Exec(args); err != nil {
			fmt.Fprintln(s.Err, "chmod:", err)
			return exitWrong
		}
	}
	if err := givenTwice(root, args); err != nil {
		return exitCode(err, s.Err)
	}
	root.SetArgs(spread(args))
	ctx, stop := interruptible(context.Background())
	defer stop()
	return exitCode(root.ExecuteContext(ctx), s.Err)
}

// exit is an error that has been shown already and asks for an exit code.
type exit struct{ code int }

func (e exit) Error() string { return fmt.Sprintf("exit %d", e.code) }

// exitCode turns the error of a command into its exit code and shows it if
// nobody has.
func exitCode(err error, out io.Writer) int {
	var shown exit
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &shown):
		return shown.code
	}
	fmt.Fprintln(out, "Error:", err)
	return exitWrong
}

// ours is what our command line looks like, for telling calls apart.
func ours(root *cobra.Command) systemchmod.Ours {
	o := systemchmod.Ours{Alone: []string{"--version", "-V", "-v", "--help", "-h"}}
	for _, c := range append(root.Commands(), &cobra.Command{Use: "help"}, &cobra.Command{Use: "completion"}) {
		o.Commands = append(o.Commands, c.Name())
		o.Commands = append(o.Commands, c.Aliases...)
	}
	o.Commands = append(o.Commands, cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd)
	root.PersistentFlags().VisitAll(valued(&o.Valued))
	o.Similar = func(word string) bool { return similar(word, o.Commands) != "" }
	return o
}

// similar is the command that a word was probably meant to be.
func similar(word string, commands []string) string {
	if s := diag.Suggest(word, commands); s != "" {
		return s
	}
	if i := slices.IndexFunc(commands, func(c string) bool { return len(word) > 2 && strings.HasPrefix(c, word) }); i >= 0 {
		return commands[i]
	}
	return ""
}
