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
	end := closing(rest)
	if end < 0 {
		return name, nil, "", false
	}
	_, args, ok = engineCall(name + rest[:end])
	return name, args, rest[end:], ok
}

// closing is the offset after the parenthesis that closes the first one; -1
// when nothing does.
func closing(text string) int {
	depth := 0
	for i := 0; i < len(text); {
		size, _ := token(text[i:])
		switch text[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
			if depth == 0 {
				return i + size
			}
		}
		i += size
	}
	return -1
}
