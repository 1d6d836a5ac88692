package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPlanIsWhatBuildRuns compares the statements that plan shows with those
// that a build then sends, on a warehouse that is empty and on one that is not.
func TestPlanIsWhatBuildRuns(t *testing.T) {
	t.Parallel()
	project := copied(t, "jaffle_shop")
	for _, when := range []string{"first", "second"} {
		plan, err := chmod(t, project, "plan").Output()
		require.NoError(t, err)
		log, err := chmod(t, project, "build", "--threads", "1", "--log-format", "json", "--log-level", "debug").Output()
		require.NoError(t, err)

		var ran []string
		for _, e := range readLog(t, log) {
			if e.Info.Name == "SQLQuery" {
				ran = append(ran, settled(e.Data["sql"].(string)))
			}
		}
		planned := plannedStatements(string(plan))
		if when == "first" {
			// What a model's columns are is known when its parents are built.
			for _, list := range [][]string{ran, planned} {
				for i := range list {
					list[i] = regexp.MustCompile(`\(.*\) ENGINE`).ReplaceAllString(list[i], "(…) ENGINE")
					list[i] = regexp.MustCompile(`^(INSERT INTO \S+) \(.*?\)`).ReplaceAllString(list[i], "$1 (…)")
				}
			}
		}
		// A build runs what is ready first, a plan is in the graph's order.
		slices.Sort(ran)
		slices.Sort(planned)
		require.Equal(t, planned, ran, when)
		require.Greater(t, len(ran), 30)
	}
}

// plannedStatements are the statements of a plan, without what is said about
// them.
func plannedStatements(plan string) []string {
	var out []string
	for part := range strings.SplitSeq(plan, ";\n") {
		var sql []string
		for line := range strings.SplitSeq(part, "\n") {
			if strings.HasPrefix(line, "-- ") || strings.HasPrefix(line, "--   ") || strings.TrimSpace(line) == "" && len(sql) == 0 {
				continue
			}
			sql = append(sql, line)
		}
		if text := settled(strings.Join(sql, "\n")); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// settled is a statement without the id of its invocation.
func settled(sql string) string {
	sql = regexp.MustCompile(`__chmod_[0-9a-z]+`).ReplaceAllString(sql, "__chmod_ID")
	sql = regexp.MustCompile(`(?m)^--.*\n`).ReplaceAllString(sql, "")
	return strings.Join(strings.Fields(sql), " ")
}
