package command

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagValues are the flags of a call and their values, in dbt's spelling, as
// run_results.json shows them.
func flagValues(cmd *cobra.Command) map[string]any {
	args := map[string]any{"which": cmd.Name(), "invocation_command": "dbt " + strings.Join(os.Args[1:], " ")}
	set := func(f *pflag.Flag) {
		if f.Hidden || strings.HasPrefix(f.Name, "no-") || f.Name == "help" {
			return
		}
		key := strings.ReplaceAll(f.Name, "-", "_")
		switch v := f.Value.(type) {
		case pflag.SliceValue:
			args[key] = v.GetSlice()
		default:
			args[key] = typed(f)
		}
	}
	cmd.Flags().VisitAll(set)
	return args
}

func typed(f *pflag.Flag) any {
	text := f.Value.String()
	switch f.Value.Type() {
	case "bool":
		return text == "true"
	case "int":
		var n int
		if _, err := fmt.Sscan(text, &n); err == nil {
			return n
		}
	}
	if text == "" {
		return nil
	}
	return text
}

func texts(args map[string]any) map[string]string {
	out := make(map[string]string, len(args))
	for k, v := range args {
		out[k] = fmt.Sprint(v)
	}
	return out
}
