package command

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// fromEnvironment fills flags that were not given from DBT_<FLAG>, or
// DBT_ENGINE_<FLAG>, which wins. An empty variable counts as unset.
func fromEnvironment(flags *pflag.FlagSet, lookup func(string) (string, bool)) error {
	var first error
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || first != nil || strings.HasPrefix(f.Name, "no-") && flags.Lookup(f.Name[3:]) != nil {
			return
		}
		if off := flags.Lookup("no-" + f.Name); off != nil && off.Changed {
			return
		}
		name, text := variable(f.Name, lookup)
		if text == "" {
			return
		}
		if f.Value.Type() == "bool" {
			b, ok := truth(text)
			if !ok {
				first = fmt.Errorf("the environment variable %s is %q: it must be true or false", name, text)
				return
			}
			text = b
		}
		if err := f.Value.Set(text); err != nil {
			first = fmt.Errorf("the environment variable %s: %w", name, err)
			return
		}
		f.Changed = true
	})
	return first
}

func variable(flag string, lookup func(string) (string, bool)) (name, text string) {
	word := strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
	for _, name := range []string{"DBT_ENGINE_" + word, "DBT_" + word} {
		if text, ok := lookup(name); ok && text != "" {
			return name, text
		}
	}
	return "", ""
}

// truth reads a boolean as dbt does.
func truth(text string) (string, bool) {
	switch strings.ToLower(text) {
	case "1", "true", "t", "yes", "y", "on":
		return "true", true
	case "0", "false", "f", "no", "n", "off":
		return "false", true
	}
	return "", false
}
