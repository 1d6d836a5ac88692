package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler/value"
)

// flagValues are the flags of a call and their values, in dbt's spelling, as
// run_results.json shows them. Flags without a value are left out.
func flagValues(cmd *cobra.Command) map[string]any {
	args := map[string]any{"which": cmd.Name(), "invocation_command": "dbt " + strings.Join(os.Args[1:], " ")}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || strings.HasPrefix(f.Name, "no-") || f.Name == "help" {
			return
		}
		key := strings.ReplaceAll(f.Name, "-", "_")
		if strings.HasSuffix(key, "resource_type") {
			key += "s"
		}
		if v, ok := flagValue(f); ok {
			args[key] = v
		}
	})
	return args
}

func flagValue(f *pflag.Flag) (any, bool) {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return list.GetSlice(), true
	}
	text := f.Value.String()
	switch f.Value.Type() {
	case "bool":
		return text == "true", true
	case "int", "int64":
		var n int64
		if _, err := fmt.Sscan(text, &n); err == nil {
			return n, n != 0 || f.Changed
		}
	}
	return text, text != ""
}

// resolve adds to a call's flags what they came to mean.
func (c *call) resolve(inv *invocation.Invocation, vars *value.Dict, s invocation.Strictness) {
	c.args["project_dir"] = inv.Root()
	if file := inv.Project.Target.File; file != "" {
		c.args["profiles_dir"] = filepath.Dir(file)
	}
	c.args["vars"] = value.ToGo(vars)
	options := map[string]any{"error": words(s.Errors), "warn": words(s.Exempt), "silence": words(s.Silent)}
	if s.All {
		options["error"] = "all"
	}
	c.args["warn_error_options"] = options
}

func words(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func texts(args map[string]any) map[string]string {
	out := make(map[string]string, len(args))
	for k, v := range args {
		out[k] = fmt.Sprint(v)
	}
	return out
}
