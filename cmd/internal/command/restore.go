package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// current are flags of an earlier call that mean nothing for a later one: where
// the project is, and how a call is shown.
var current = []string{
	"project-dir", "profiles-dir", "target-path", "log-path", "state", "defer", "help", "warn-error",
	"log-format", "log-format-file", "log-level", "log-level-file", "log-file-max-bytes",
	"debug", "quiet", "print", "use-colors", "write-json",
}

// restore sets flags to what they were in an earlier call, as its artifacts
// tell; but for those that this call gives.
func restore(flags *pflag.FlagSet, args map[string]any, given map[string]bool) error {
	var failed error
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || given[f.Name] || slices.Contains(current, f.Name) || failed != nil {
			return
		}
		key := strings.ReplaceAll(f.Name, "-", "_")
		if strings.HasSuffix(key, "resource_type") {
			key += "s"
		}
		was, ok := args[key]
		if !ok || was == nil {
			return
		}
		if f.Name == "warn-error-options" && (given["warn-error"] || unset(was)) {
			return
		}
		if err := restoreFlag(f, was); err != nil {
			failed = fmt.Errorf("go on with the last run: its %s: %w", f.Name, err)
		}
	})
	return failed
}

func restoreFlag(f *pflag.Flag, was any) error {
	f.Changed = true
	if list, ok := f.Value.(pflag.SliceValue); ok {
		items, ok := was.([]any)
		if !ok {
			items = []any{was}
		}
		words := make([]string, len(items))
		for i, item := range items {
			words[i] = fmt.Sprint(item)
		}
		return list.Replace(words)
	}
	switch was.(type) {
	case map[string]any, []any:
		text, err := json.Marshal(was)
		if err != nil {
			return err
		}
		return f.Value.Set(string(text))
	}
	return f.Value.Set(fmt.Sprint(was))
}

// unset reports whether warn_error_options say nothing.
func unset(options any) bool {
	d, ok := options.(map[string]any)
	if !ok {
		return false
	}
	for _, v := range d {
		if list, ok := v.([]any); !ok || len(list) > 0 {
			return false
		}
	}
	return true
}
