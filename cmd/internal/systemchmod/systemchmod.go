// Package systemchmod gives calls that are not ours to the system's chmod.
//
// Our binary has the name of a command that every shell script uses. Where it
// stands first on PATH, `chmod 755 f` must still do what it always did. The
// package decides whose a call is, and hands it over with the same arguments,
// the same streams and the same exit code.
package systemchmod

import (
	"regexp"
	"slices"
	"strings"
)

// Ours is what the caller knows about our own command line.
type Ours struct {
	// Commands are the names of our commands.
	Commands []string
	// Valued are the flags that take a value as the next word, with dashes.
	Valued []string
	// Alone are the flags that are a whole call of ours: --version, --help.
	Alone []string
	// Similar reports whether a word looks like one of our commands mistyped.
	Similar func(word string) bool
}

// mode is what the system's command takes for a mode: 755, u+x, -w, a=r,o-w.
var mode = regexp.MustCompile(`^([0-7]{1,5}|[-+=][0-7]{1,5}|[ugoa]*([-+=]([rwxXst]*|[ugo]))+(,[ugoa]*([-+=]([rwxXst]*|[ugo]))+)*)$`)

// Theirs reports whether a call, without the program's name, is meant for the
// system's chmod.
func Theirs(args []string, ours Ours) bool {
	word, flags := firstWord(args, ours.Valued)
	switch {
	case slices.ContainsFunc(flags, func(f string) bool { return foreign(f, ours.Valued) }):
		return true // even before a file that is called like a command of ours
	case slices.Contains(ours.Commands, word):
		return false
	case len(args) == 0:
		return false
	case word == "":
		// Flags only: `chmod --version` is ours, `chmod -x` a mistake of theirs.
		return !slices.ContainsFunc(flags, func(f string) bool { return slices.Contains(ours.Alone, f) })
	case mode.MatchString(word), slices.ContainsFunc(flags, mode.MatchString):
		return true
	}
	return !ours.Similar(word)
}

// firstWord is the first argument that is neither a flag nor a flag's value,
// and the flags before it. A flag of ours only takes a value when one of our
// commands can still follow.
func firstWord(args, valued []string) (string, []string) {
	var flags []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			if i+1 < len(args) {
				return args[i+1], append(flags, "--reference")
			}
			return "", flags
		}
		if !strings.HasPrefix(a, "-") || a == "-" {
			return a, flags
		}
		flags = append(flags, a)
		if slices.Contains(valued, a) && i+2 < len(args) {
			i++
		}
	}
	return "", flags
}

// foreign are flags that only the system's command has.
func foreign(flag string, valued []string) bool {
	name, _, _ := strings.Cut(flag, "=")
	switch name {
	case "--reference", "--recursive", "--changes", "--silent", "--verbose", "--preserve-root", "--no-preserve-root", "--dereference", "--no-dereference":
		return true
	}
	if strings.HasPrefix(flag, "--") || len(flag) > 2 && slices.Contains(valued, flag[:2]) { // -tprod
		return false
	}
	return strings.ContainsAny(flag, "Rc")
}
