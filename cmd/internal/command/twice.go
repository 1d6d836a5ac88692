package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// givenTwice refuses a flag of all commands that stands before the command and
// after it again: which of the two is meant, nobody can tell.
func givenTwice(root *cobra.Command, args []string) error {
	before, rest := flagsOf(args, root.PersistentFlags(), true)
	if len(before) == 0 || len(rest) == 0 {
		return nil
	}
	cmd, _, err := root.Find(rest)
	if err != nil || cmd == root {
		return nil // a word that is no command is refused by what runs next
	}
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	all.AddFlagSet(cmd.Flags())
	all.AddFlagSet(root.PersistentFlags())
	after, _ := flagsOf(rest, all, false)
	for name := range before {
		if after[name] {
			return fmt.Errorf("--%s stands both before and after the command; keep one of them", name)
		}
	}
	return nil
}

// flagsOf are the names of the flags among the args, without the no- of those
// that switch something off. When asked to it stops at the first word that is
// none, and gives what is left.
func flagsOf(args []string, set *pflag.FlagSet, toWord bool) (names map[string]bool, rest []string) {
	names = map[string]bool{}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return names, nil
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			if toWord {
				return names, args[i:]
			}
			continue
		}
		f, attached := flagIn(arg, set)
		if f == nil {
			continue
		}
		name := f.Name
		if on, off := strings.CutPrefix(name, "no-"); off && set.Lookup(on) != nil {
			name = on
		}
		names[name] = true
		if !attached && f.NoOptDefVal == "" {
			i++ // its value
		}
	}
	return names, nil
}

// flagIn is the flag that an argument means, and whether its value is part of
// the argument.
func flagIn(arg string, set *pflag.FlagSet) (*pflag.Flag, bool) {
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		name, _, attached := strings.Cut(long, "=")
		return set.Lookup(name), attached
	}
	return set.ShorthandLookup(arg[1:2]), len(arg) > 2
}
