package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
)

// logged is one line of a JSON log.
type logged struct {
	Data map[string]any `json:"data"`
	Info struct {
		Category     string         `json:"category"`
		Code         string         `json:"code"`
		Extra        map[string]any `json:"extra"`
		InvocationID string         `json:"invocation_id"`
		Level        string         `json:"level"`
		Message      string         `json:"msg"`
		Name         string         `json:"name"`
		PID          int            `json:"pid"`
		Thread       string         `json:"thread"`
		Time         string         `json:"ts"`
	} `json:"info"`
}

func (l logged) node() string {
	info, _ := l.Data["node_info"].(map[string]any)
	id, _ := info["unique_id"].(string)
	return id
}

func (l logged) status() any { return l.Data["node_info"].(map[string]any)["node_status"] }

// dbtEvents are the events of dbt's log that a build sends: code, levels, and
// the fields of data, as dbt 1.11 writes them.
var dbtEvents = map[string]struct{ code, levels, fields string }{
	"MainReportVersion":    {"A001", "info", "log_version version"},
	"MainReportArgs":       {"A002", "debug", "args"},
	"AdapterRegistered":    {"E034", "info", "adapter_name adapter_version"},
	"FoundStats":           {"W006", "info", "stat_line"},
	"Note":                 {"Z050", "info warn", "msg"},
	"ConcurrencyLine":      {"Q027", "info", "node_count num_threads target_name"},
	"LogHookStartLine":     {"Q032", "info", "index node_info statement total"},
	"LogHookEndLine":       {"Q033", "info", "execution_time index node_info statement status total"},
	"NodeStart":            {"Q024", "debug", "node_info"},
	"LogStartLine":         {"Q011", "info", "description index node_info total"},
	"NodeCompiling":        {"Q030", "debug", "node_info"},
	"NodeExecuting":        {"Q031", "debug", "node_info"},
	"SQLQuery":             {"E016", "debug", "conn_name node_info sql"},
	"SQLQueryStatus":       {"E017", "debug", "elapsed node_info query_id status"},
	"LogSeedResult":        {"Q016", "info error", "execution_time index node_info relation result_message schema status total"},
	"LogModelResult":       {"Q012", "info error", "description execution_time index node_info status total"},
	"LogTestResult":        {"Q007", "info warn error", "attached_node execution_time index name node_info num_failures num_models status"},
	"SkippingDetails":      {"Q034", "info", "index node_info node_name resource_type schema total"},
	"NodeFinished":         {"Q025", "debug", "node_info run_result"},
	"FinishedRunningStats": {"E047", "info", "execution execution_time stat_line"},
	"EndRunResult":         {"Q037", "debug", "elapsed_time generated_at results success"},
	"EndOfRunSummary":      {"Z030", "info", "keyboard_interrupt num_errors num_partial_success num_warnings"},
	"RunResultFailure":     {"Z022", "error", "node_info node_name path resource_type"},
	"RunResultError":       {"Z024", "error", "msg node_info"},
	"RunResultWarning":     {"Z021", "warn", "node_info node_name path resource_type"},

	"RunResultWarningMessage": {"Z046", "warn", "msg node_info"},
	"CatchableExceptionOnRun": {"W002", "debug", "exc exc_info node_info"},

	"SQLCompiledPath":  {"Z026", "info", "node_info path"},
	"StatsLine":        {"Z023", "info", "stats"},
	"ArtifactWritten":  {"P001", "debug", "artifact_path artifact_type"},
	"CommandCompleted": {"Q039", "debug", "command completed_at elapsed success"},
}

const nodeInfo = "materialized meta node_checksum node_finished_at node_name node_path node_relation node_started_at node_status resource_type unique_id"

// TestLogOfABuildIsDbts builds a project in which everything happens, and holds
// the JSON log against dbt's events, fields and order.
func TestLogOfABuildIsDbts(t *testing.T) {
	t.Parallel()
	project := copied(t, "jaffle_shop")
	for path, text := range map[string]string{
		"models/broken.sql":       "select nothing",
		"models/broken_child.sql": "select * from {{ ref('broken') }}",
		"tests/fails.sql":         "select 1",
		"tests/warns.sql":         "{{ config(severity='warn') }} select 1",
	} {
		file := filepath.Join(project, filepath.FromSlash(path))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	definition := filepath.Join(project, "dbt_project.yml")
	text, err := os.ReadFile(definition)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(definition, append(text, "\non-run-start: select 1\n"...), 0o644))

	cmd := chmod(t, project, "build", "--log-format", "json", "--log-level", "debug")
	cmd.Env = append(cmd.Env, "DBT_ENV_CUSTOM_ENV_job=nightly")
	out, err := cmd.Output()
	var failed *exec.ExitError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, 1, failed.ExitCode())
	require.Empty(t, string(failed.Stderr))
	events := readLog(t, out)

	file, err := os.ReadFile(filepath.Join(project, "logs", "dbt.log"))
	require.NoError(t, err)
	require.Equal(t, string(out), string(file), "the log file holds the same lines")

	seen := map[string]bool{}
	for _, e := range events {
		want, ok := dbtEvents[e.Info.Name]
		require.True(t, ok, "%s is no event of dbt's", e.Info.Name)
		seen[e.Info.Name] = true
		require.Equal(t, want.code, e.Info.Code, e.Info.Name)
		require.Contains(t, strings.Fields(want.levels), e.Info.Level, e.Info.Name)
		fields := slices.Sorted(maps.Keys(e.Data))
		if strings.HasPrefix(e.Info.Name, "SQLQuery") && e.node() == "" {
			fields = slices.Sorted(slices.Values(append(fields, "node_info"))) // the databases' statements
		}
		require.Equal(t, want.fields, strings.Join(fields, " "), e.Info.Name)
		if info, ok := e.Data["node_info"].(map[string]any); ok {
			require.Equal(t, nodeInfo, strings.Join(slices.Sorted(maps.Keys(info)), " "))
		}
		require.Equal(t, map[string]any{"job": "nightly"}, e.Info.Extra)
	}
	for name := range dbtEvents {
		require.True(t, seen[name], "no %s", name)
	}

	names := func(id string) string {
		var list []string
		for _, e := range events {
			if e.node() == id && !strings.HasPrefix(e.Info.Name, "SQL") {
				list = append(list, e.Info.Name)
			}
		}
		return strings.Join(list, " ")
	}
	require.Equal(t, "NodeStart LogStartLine NodeCompiling NodeExecuting LogModelResult NodeFinished", names("model.jaffle_shop.customers"))
	require.Equal(t, "NodeStart LogStartLine NodeCompiling NodeExecuting LogSeedResult NodeFinished", names("seed.jaffle_shop.raw_orders"))
	require.Equal(t, "NodeStart LogStartLine NodeCompiling NodeExecuting CatchableExceptionOnRun LogModelResult NodeFinished RunResultFailure RunResultError", names("model.jaffle_shop.broken"))
	require.Equal(t, "NodeStart SkippingDetails NodeFinished", names("model.jaffle_shop.broken_child"))
	require.Equal(t, "NodeStart LogStartLine NodeCompiling NodeExecuting LogTestResult NodeFinished RunResultFailure RunResultError", names("test.jaffle_shop.fails"))

	for _, e := range events {
		switch e.Info.Name {
		case "NodeStart", "LogStartLine":
			require.Equal(t, "started", e.status())
		case "NodeCompiling":
			require.Equal(t, "compiling", e.status())
		case "NodeExecuting", "SQLQuery":
			if e.node() != "" && !strings.HasPrefix(e.node(), "operation.") {
				require.Equal(t, "executing", e.status())
			}
		case "LogModelResult", "LogSeedResult", "LogTestResult", "NodeFinished":
			info := e.Data["node_info"].(map[string]any)
			require.Contains(t, []any{"success", "error", "skipped", "pass", "fail", "warn"}, info["node_status"])
			if info["node_status"] != "skipped" {
				require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$`, info["node_finished_at"])
			}
			require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$`, info["node_started_at"])
		case "StatsLine":
			require.Regexp(t, `^Done\. PASS=\d+ WARN=1 ERROR=2 SKIP=1 NO-OP=0 TOTAL=\d+$`, e.Info.Message)
		case "EndOfRunSummary":
			require.EqualValues(t, 2, e.Data["num_errors"])
			require.Equal(t, false, e.Data["keyboard_interrupt"])
		}
	}
	first := []string{"MainReportVersion", "MainReportArgs", "AdapterRegistered", "FoundStats"}
	for i, name := range first {
		require.Equal(t, name, events[i].Info.Name)
	}
	require.Equal(t, "CommandCompleted", events[len(events)-1].Info.Name)
}

// TestLogOfASuccessHasNoError holds callers' rule: a line of level error means
// that the call failed.
func TestLogOfASuccessHasNoError(t *testing.T) {
	t.Parallel()
	out, err := chmod(t, copied(t, "jaffle_shop"), "build", "--log-format", "json").Output()
	require.NoError(t, err)
	for _, e := range readLog(t, out) {
		require.Contains(t, []string{"info", "warn"}, e.Info.Level, e.Info.Message)
	}
}

// readLog reads a log in which every line must be an object with info and data
// and nothing else.
func readLog(t *testing.T, text []byte) []logged {
	t.Helper()
	stamp := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`)
	var events []logged
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var e logged
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&e), lines.Text())
		require.NotNil(t, e.Data, lines.Text())
		require.NotEmpty(t, e.Info.Name)
		require.NotEmpty(t, e.Info.Thread)
		require.NotZero(t, e.Info.PID)
		require.Regexp(t, stamp, e.Info.Time)
		if len(events) > 0 {
			require.Equal(t, events[0].Info.InvocationID, e.Info.InvocationID)
		}
		events = append(events, e)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, events)
	return events
}

// chmod is a call of our binary in a folder, with nothing of the caller's own
// settings.
func chmod(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	engine, err := embedded.Find(embedded.Search{Project: "."})
	require.NoError(t, err, "run make engine")
	cmd := exec.Command("chmod", args...)
	cmd.Dir = dir
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "DBT_") && !strings.HasPrefix(pair, "HOME=") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "CHMOD_ENGINE="+engine.Path, "HOME="+t.TempDir())
	return cmd
}

// copied is an example in a folder of its own.
func copied(t *testing.T, example string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), example)
	require.NoError(t, copyFolder(filepath.Join("..", "..", "examples", example), to))
	return to
}
