package command

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// byEnvironment are the flags that a variable may set. The others have none on
// purpose: DBT_VERSION or DBT_SELECT in a build's environment mean other things.
func byEnvironment() []string {
	return append(byProject(),
		"project-dir", "profiles-dir", "profile", "target", "quiet", "print", "state", "defer", "single-threaded",
		"full-refresh", "empty", "store-failures", "introspect", "resource-types", "exclude-resource-types",
		"clean-project-files-only", "log-file-max-bytes", "log-cache-events", "macro-debugging",
		"partial-parse-file-path", "partial-parse-file-diff", "use-fast-test-edges", "use-v2-parser",
		"upload-to-artifacts-ingest-api", "maximum-seed-size-mib", "hints-enabled",
	)
}

// byProject are the flags that flags: in the project's file may set, too.
func byProject() []string {
	return []string{
		"cache-selected-only", "debug", "fail-fast", "indirect-selection", "log-format", "log-format-file",
		"log-level", "log-level-file", "log-path", "partial-parse", "populate-cache", "printer-width",
		"send-anonymous-usage-stats", "static-parser", "target-path", "use-colors", "use-colors-file",
		"use-experimental-parser", "version-check", "warn-error", "warn-error-options", "write-json",
	}
}

// fromEnvironment fills flags that were not given from DBT_<FLAG>, or
// DBT_ENGINE_<FLAG>, which wins. An empty variable counts as unset.
func fromEnvironment(flags *pflag.FlagSet, lookup func(string) (string, bool)) error {
	for _, flag := range byEnvironment() {
		name, text := variable(flag, lookup)
		if text == "" {
			continue
		}
		if err := fill(flags, flag, text); err != nil {
			return fmt.Errorf("the environment variable %s: %w", name, err)
		}
	}
	return nil
}

// fill sets a flag that a command has and that was not given.
func fill(flags *pflag.FlagSet, name, text string) error {
	f := flags.Lookup(name)
	if f == nil || given(flags, name) {
		return nil
	}
	if f.Value.Type() == "bool" {
		b, ok := truth(text)
		if !ok {
			return fmt.Errorf("%q must be true or false", text)
		}
		text = b
	}
	if err := f.Value.Set(text); err != nil {
		return err
	}
	f.Changed = true
	return nil
}

// given reports whether a flag, or its opposite, has been set already.
func given(flags *pflag.FlagSet, name string) bool {
	off := flags.Lookup("no-" + name)
	return flags.Changed(name) || off != nil && off.Changed
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
