package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/chmod-sql/chmod/dag/selection"
)

// settings are the flags that every command takes, under dbt's names.
type settings struct {
	projectDir, profilesDir, profile, target, targetPath string
	vars                                                 string
	logFormat, logFormatFile, logLevel, logLevelFile     string
	logPath                                              string
	threads                                              int
	debug, quiet, print, colors, writeJSON, failFast     bool
	warnError, versionCheck, singleThreaded, deferring   bool
	warnErrorOptions                                     string
	logFileMax                                           int64
	state                                                string
	indirect                                             string
}

func newSettings() *settings {
	return &settings{
		logFormat: "default", logFormatFile: "debug", logLevel: "info", logLevelFile: "debug",
		print: true, colors: true, writeJSON: true, versionCheck: true, logFileMax: 10 << 20,
		indirect: string(selection.Eager),
	}
}

func (s *settings) declare(flags *pflag.FlagSet) {
	flags.StringVar(&s.projectDir, "project-dir", "", "`folder` of dbt_project.yml (default: here, or the nearest folder above that has one)")
	flags.StringVar(&s.profilesDir, "profiles-dir", "", "`folder` of profiles.yml (default: here, then the project, then ~/.dbt)")
	flags.StringVar(&s.profile, "profile", "", "`profile` to use instead of the project's")
	flags.StringVarP(&s.target, "target", "t", "", "`target` of the profile to use instead of its default")
	flags.StringVar(&s.targetPath, "target-path", "", "`folder` for artifacts (default: target, in the project)")
	flags.StringVar(&s.vars, "vars", "", "variables as `YAML`: '{key: value}'")
	flags.IntVar(&s.threads, "threads", 0, "`number` of nodes to work on at once (default: the profile's)")
	choose(flags, &s.logFormat, "log-format", "", "how to write to the terminal", "default", "text", "debug", "json")
	choose(flags, &s.logFormatFile, "log-format-file", "", "how to write to the log file", "default", "text", "debug", "json")
	choose(flags, &s.logLevel, "log-level", "", "what to write to the terminal", "debug", "info", "warn", "error", "none")
	choose(flags, &s.logLevelFile, "log-level-file", "", "what to write to the log file", "debug", "info", "warn", "error", "none")
	flags.StringVar(&s.logPath, "log-path", "", "`folder` for the log file (default: logs, in the project)")
	flags.Int64Var(&s.logFileMax, "log-file-max-bytes", s.logFileMax, "size in `bytes` at which the log file is put aside; 0 for never")
	flags.StringVar(&s.state, "state", "", "`folder` with the artifacts of an earlier run, for state: and result:")
	choose(flags, &s.indirect, "indirect-selection", "", "which tests come along with selected nodes", selection.Indirects()...)
	toggle(flags, &s.debug, "debug", "d", "show statements and other details")
	toggle(flags, &s.quiet, "quiet", "q", "show errors only")
	toggle(flags, &s.print, "print", "", "show what templates print()")
	toggle(flags, &s.colors, "use-colors", "", "use colors on a terminal")
	toggle(flags, &s.writeJSON, "write-json", "", "write artifacts to the target folder")
	toggle(flags, &s.failFast, "fail-fast", "x", "stop at the first failure")
	toggle(flags, &s.warnError, "warn-error", "", "treat warnings as errors")
	flags.StringVar(&s.warnErrorOptions, "warn-error-options", "", "which warnings are errors, as `YAML`: '{error: all, warn: [unused-config-path], silence: []}'")
	toggle(flags, &s.singleThreaded, "single-threaded", "", "work on one node at a time")
	toggle(flags, &s.versionCheck, "version-check", "", "check the project's require-dbt-version")
	toggle(flags, &s.deferring, "defer", "", "not there yet")
	hide(flags, "defer")
	inert(flags)
}

// inert declares flags that dbt has and that mean nothing here, so that calls
// written for dbt keep working.
func inert(flags *pflag.FlagSet) {
	var ignoredBool bool
	var ignoredText string
	for _, name := range []string{
		"partial-parse", "static-parser", "use-experimental-parser", "populate-cache", "cache-selected-only",
		"log-cache-events", "send-anonymous-usage-stats", "macro-debugging", "partial-parse-file-diff",
		"use-colors-file", "show-all-deprecations", "use-fast-test-edges", "use-v2-parser",
		"upload-to-artifacts-ingest-api", "hints-enabled", "static-analysis", "write-catalog", "introspect",
		"favor-state", "show-resource-report", "export-saved-queries", "include-saved-query", "snowflake-projects-otel",
	} {
		toggle(flags, &ignoredBool, name, "", "accepted, without effect")
		hide(flags, name)
	}
	for _, name := range []string{
		"partial-parse-file-path", "printer-width", "maximum-seed-size-mib", "record-timing-info",
		"defer-state", "sqlparse", "v2-parser",
	} {
		flags.StringVar(&ignoredText, name, "", "accepted, without effect")
		hide(flags, name)
	}
}

func hide(flags *pflag.FlagSet, name string) { flags.Lookup(name).Hidden = true }

// choosing are the flags that select nodes.
type choosing struct {
	selected, exclude, models           []string
	selector                            string
	resourceTypes, excludeResourceTypes []string
}

func (c *choosing) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVarP(&c.selected, "select", "s", nil, "`nodes` to work on: names, +ancestors, descendants+, tag:x, path:y ...")
	flags.StringArrayVarP(&c.models, "models", "m", nil, "the same as --select")
	flags.StringArrayVar(&c.models, "model", nil, "the same as --select")
	hide(flags, "models")
	hide(flags, "model")
	flags.StringArrayVar(&c.exclude, "exclude", nil, "`nodes` to leave out")
	flags.StringVar(&c.selector, "selector", "", "`selector` of selectors.yml to use")
}

// declareTypes adds --resource-type, for commands that work on several types.
func (c *choosing) declareTypes(cmd *cobra.Command) {
	flags := cmd.Flags()
	for _, name := range []string{"resource-type", "resource-types"} {
		flags.StringArrayVar(&c.resourceTypes, name, nil, "only nodes of these `types`: model, seed, test ...")
	}
	for _, name := range []string{"exclude-resource-type", "exclude-resource-types"} {
		flags.StringArrayVar(&c.excludeResourceTypes, name, nil, "no nodes of these `types`")
	}
	hide(flags, "resource-types")
	hide(flags, "exclude-resource-types")
}

// types reads resource types; "all" and "default" mean no restriction.
func (c *choosing) types(words []string) []string {
	var out []string
	for _, w := range words {
		for _, t := range strings.Fields(w) {
			if t == "all" || t == "default" {
				return nil
			}
			out = append(out, strings.ToLower(t))
		}
	}
	return out
}

// all reports whether every type was asked for by name.
func (c *choosing) all() bool {
	return slices.ContainsFunc(c.resourceTypes, func(w string) bool { return slices.Contains(strings.Fields(w), "all") })
}
