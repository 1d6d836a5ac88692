package template

// IsBuiltin tells whether a name is one of Jinja2's own globals, which
// templates have although their scope does not.
func IsBuiltin(name string) bool {
	_, ok := builtins{nothing{}}.Lookup(name)
	return ok
}
