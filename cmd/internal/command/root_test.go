package command

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// visible are all commands that help shows, but for those of the framework.
func visible(t *testing.T) []*cobra.Command {
	t.Helper()
	var out []*cobra.Command
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
			return
		}
		out = append(out, c)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(Surroundings{}))
	require.Greater(t, len(out), 15)
	return out
}

func TestEveryCommandExplainsItself(t *testing.T) {
	for _, c := range visible(t) {
		require.NotEmpty(t, c.Short, c.CommandPath())
		require.Greater(t, len(c.Long), len(c.Short), c.CommandPath())
		require.NotEmpty(t, c.Example, c.CommandPath())
		require.False(t, strings.HasSuffix(c.Short, "."), c.CommandPath())
		for line := range strings.SplitSeq(c.Long+"\n"+c.Example, "\n") {
			require.LessOrEqual(t, len(line), 80, "%s: %s", c.CommandPath(), line)
		}
		for line := range strings.SplitSeq(c.Example, "\n") {
			require.Regexp(t, `^  (chmod|cd|echo) `, line, c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			require.NotEmpty(t, f.Usage, "%s --%s", c.CommandPath(), f.Name)
		})
	}
}

// TestExamplesParse holds every example against the flags there are.
func TestExamplesParse(t *testing.T) {
	for _, c := range visible(t) {
		for line := range strings.SplitSeq(c.Example, "\n") {
			for call := range strings.SplitSeq(strings.ReplaceAll(line, " | ", " && "), " && ") {
				args, ok := strings.CutPrefix(strings.TrimSpace(call), "chmod ")
				if !ok {
					continue
				}
				root := newRoot(Surroundings{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Env: func(string) (string, bool) { return "", false }})
				found, rest, err := root.Find(spread(shellWords(args)))
				require.NoError(t, err, call)
				require.NotEqual(t, "chmod", found.Name(), call)
				require.NoError(t, found.ParseFlags(rest), call)
				require.NoError(t, found.ValidateArgs(found.Flags().Args()), call)
			}
		}
	}
}

// shellWords splits a line as a shell does, as far as the examples need it.
func shellWords(line string) []string {
	var out []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

func TestBooleansHaveAnOpposite(t *testing.T) {
	root := newRoot(Surroundings{})
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Value.Type() == "bool" && !strings.HasPrefix(f.Name, "no-") {
			require.NotNil(t, root.PersistentFlags().Lookup("no-"+f.Name), f.Name)
		}
	})
}

// TestDbtsFlagsAreKnown is the list of flags that dbt's callers pass: none of
// them may stop a call.
func TestDbtsFlagsAreKnown(t *testing.T) {
	for _, name := range strings.Fields(`
		cache-selected-only debug fail-fast favor-state hints-enabled indirect-selection introspect log-cache-events
		log-file-max-bytes log-format log-format-file log-level log-level-file log-path macro-debugging
		partial-parse partial-parse-file-diff partial-parse-file-path populate-cache print printer-width profile
		profiles-dir project-dir quiet record-timing-info send-anonymous-usage-stats show-all-deprecations
		single-threaded state static-parser target target-path threads upload-to-artifacts-ingest-api use-colors
		use-colors-file use-experimental-parser use-fast-test-edges use-v2-parser vars version-check warn-error
		warn-error-options write-json`) {
		for _, c := range visible(t) {
			if c.Name() == "chmod" || c.Parent().Name() == "engine" {
				continue
			}
			known := c.Flags().Lookup(name) != nil || c.InheritedFlags().Lookup(name) != nil
			require.True(t, known, "chmod %s --%s", c.Name(), name)
		}
	}
}
