package materialize

import "strings"

// splitEngine splits an engine as a server prints it into its name, its
// arguments and what follows: keys, TTL and settings.
func splitEngine(full string) (name string, args []string, rest string, ok bool) {
	full = strings.TrimSpace(full)
	name = engineWord.FindString(full)
	rest = full[len(name):]
	if name == "" || !strings.HasPrefix(rest, "(") {
		return name, nil, rest, name != ""
	}
	all := lexemes(rest)
	closed := closedAt(all, 0)
	if closed == len(all) {
		return name, nil, "", false
	}
	end := all[closed].end
	_, args, ok = engineCall(name + rest[:end])
	return name, args, rest[end:], ok
}
