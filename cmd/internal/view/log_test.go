package view

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

// log is what a log writes about events that all happen at noon.
func log(o LogOptions, events ...event.Event) string {
	var b strings.Builder
	if o.Level == "" {
		o.Level = event.Debug
	}
	l := NewLog(&b, o)
	for _, e := range events {
		l.Handle(event.Timed{Event: e, At: noon, Thread: "Thread-1 (worker)"})
	}
	return b.String()
}

// TestLogEntries is the list of lines that an event stands for: name, code,
// level and fields.
func TestLogEntries(t *testing.T) {
	orders := node("model", "orders", "table")
	place := source.Span{File: source.New("models/a.sql", "", "select x"), Start: 7, End: 8}
	for _, c := range []struct {
		e    event.Event
		want string
	}{
		{event.Began{Version: "dev", Args: map[string]string{"b": "2", "a": "1"}}, "MainReportVersion A001 info log_version version; MainReportArgs A002 debug args"},
		{event.Found{}, "AdapterRegistered E034 info adapter_name adapter_version; FoundStats W006 info stat_line"},
		{event.NothingSelected{}, "NoNodesSelected Q038 warn "},
		{event.NothingSelected{Criteria: []string{"a", "b"}}, "NoNodesForSelectionCriteria M030 warn spec_raw; NoNodesForSelectionCriteria M030 warn spec_raw"},
		{event.StatementStarted{Statement: adapters.Statement{SQL: "x"}}, "SQLQuery E016 debug conn_name sql"},
		{event.StatementFinished{Node: orders, Err: errors.New("x")}, "SQLQueryStatus E017 debug elapsed node_info query_id status"},
		{event.Message{Level: event.Info, Text: "x"}, "JinjaLogInfo I062 info msg"},
		{event.Message{Level: event.Debug, Text: "x"}, "JinjaLogDebug I063 debug msg"},
		{event.Message{Level: event.Warn, Text: "x"}, "JinjaLogWarning I061 warn msg"},
		{event.Shown{Table: &adapters.Table{}}, "ShowNode Q041 info is_inline node_name output_format preview"},
		{event.CompiledShown{}, "CompiledNode Q042 info compiled is_inline node_name output_format unique_id"},
		{event.Diagnosed{Diagnostic: diag.Diagnostic{What: "x", Span: place}}, "MainEncounteredError Z002 error code column exc line path"},
		{event.Diagnosed{Diagnostic: diag.Diagnostic{What: "x", Severity: diag.Warning}}, "Note Z050 warn code msg"},
		{event.Failed{Err: errors.New("x")}, "MainEncounteredError Z002 error exc"},
		{event.Interrupted{}, "Note Z050 warn msg"},
		{event.ArtifactWritten{Kind: "manifest", Path: "p"}, "ArtifactWritten P001 debug artifact_path artifact_type"},
		{event.Ended{Command: "run"}, "CommandCompleted Q039 debug command completed_at elapsed success"},
		{event.NodeProgress{Node: orders}, ""},
	} {
		var got []string
		for line := range strings.Lines(log(LogOptions{JSON: true, Print: true}, c.e)) {
			var l logLine
			require.NoError(t, json.Unmarshal([]byte(line), &l))
			require.NotEmpty(t, l.Info.Message)
			require.Equal(t, "2024-01-02T12:00:00.000000Z", l.Info.Time)
			got = append(got, strings.Join([]string{l.Info.Name, l.Info.Code, string(l.Info.Level), strings.Join(slices.Sorted(maps.Keys(l.Data)), " ")}, " "))
		}
		require.Equal(t, c.want, strings.Join(got, "; "), "%T", c.e)
	}
}

func TestLogShowsWhatIsAskedFor(t *testing.T) {
	events := []event.Event{event.Printed{Text: "p"}, event.Message{Level: event.Debug, Text: "d"}, event.Message{Level: event.Warn, Text: "w"}, event.Failed{Err: errors.New("e")}}
	lines := func(o LogOptions) (messages []string) {
		for line := range strings.Lines(log(o, events...)) {
			messages = append(messages, strings.TrimSpace(line[strings.LastIndex(line, ":")+1:]))
		}
		return messages
	}
	require.Equal(t, []string{"p", "d", "w", "", "e"}, lines(LogOptions{Print: true}))
	require.Equal(t, []string{"w", "", "e"}, lines(LogOptions{Level: event.Info}))
	require.Equal(t, []string{"p", "", "e"}, lines(LogOptions{Print: true, Quiet: true}))
	require.Empty(t, lines(LogOptions{Level: "none"}))
}

func TestLogAsText(t *testing.T) {
	require.Equal(t, "12:00:00.000000 [warn ] [Thread-1 (worker)]: mind\n", log(LogOptions{}, event.Message{Level: event.Warn, Text: "mind"}))
	require.Equal(t, "12:00:00.000000 [error] [Thread-1 (worker)]: Encountered an error:\nno\n", log(LogOptions{}, event.Failed{Err: errors.New("no")}))
}

func TestLogObject(t *testing.T) {
	got := log(LogOptions{JSON: true, InvocationID: "id", Extra: map[string]string{"k": "v"}}, event.Message{Level: event.Info, Text: "<a> & b"})
	require.Regexp(t, `^\{"data":\{"msg":"<a> & b"\},"info":\{"category":"","code":"I062","extra":\{"k":"v"\},"invocation_id":"id","level":"info","msg":"<a> & b","name":"JinjaLogInfo","pid":\d+,"thread":"Thread-1 \(worker\)","ts":"2024-01-02T12:00:00.000000Z"\}\}\n$`, got)
}

// A message of a template tells which node is at work.
func TestLogKnowsTheNodeOfAMessage(t *testing.T) {
	orders := node("model", "orders", "table")
	got := log(LogOptions{JSON: true}, event.NodeStarted{Node: orders, Index: 1, Total: 1}, event.Message{Level: event.Info, Text: "hello", Node: orders.UniqueID})
	lines := strings.Split(strings.TrimSpace(got), "\n")
	require.Contains(t, lines[len(lines)-1], `"name":"JinjaLogInfo"`)
	require.Contains(t, lines[len(lines)-1], `"unique_id":"model.shop.orders"`)
}
