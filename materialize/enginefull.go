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

// withSetting adds a setting to what follows an engine. It beats one of the same
// name before it.
func withSetting(rest, setting string) string {
	depth := 0
	for _, l := range lexemes(rest) {
		switch {
		case l.quoted:
		case l.text == "(":
			depth++
		case l.text == ")":
			depth--
		case depth == 0 && l.is("SETTINGS"):
			return rest + ", " + setting
		}
	}
	return rest + " SETTINGS " + setting
}
