package view

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

var noon = time.Date(2024, 1, 2, 12, 0, 0, 0, time.UTC)

func node(kind, name, materialized string) *manifest.Node {
	n := &manifest.Node{
		UniqueID: kind + ".shop." + name, Name: name, ResourceType: kind, Package: "shop", Schema: "shop", Alias: name,
		OriginalPath: kind + "s/" + name + ".sql", Path: name + ".sql", RelationName: "`shop`.`" + name + "`",
		Config: manifest.NewConfig(value.DictOf("materialized", materialized), nil),
	}
	if kind == manifest.Test {
		n.Test = &manifest.TestInfo{}
	}
	return n
}

func ended(n *manifest.Node, status event.Status, change ...func(*event.Result)) event.Result {
	r := event.Result{Node: n, Status: status, Started: noon, Finished: noon.Add(120 * time.Millisecond), Thread: "Thread-1 (worker)"}
	for _, c := range change {
		c(&r)
	}
	return r
}

// said is what a view writes about events that all happen at noon.
func said(o HumanOptions, events ...event.Event) string {
	var b strings.Builder
	if o.Level == "" {
		o.Level = event.Info
	}
	h := NewHuman(&b, o)
	for _, e := range events {
		h.Handle(event.Timed{Event: e, At: noon, Thread: event.MainThread})
	}
	h.Close()
	return b.String()
}

func TestHumanLines(t *testing.T) {
	orders, check, seed := node("model", "orders", "table"), node("test", "no_gap", "test"), node("seed", "codes", "seed")
	failures := func(n int64) func(*event.Result) { return func(r *event.Result) { r.Failures = &n } }
	dots := func(n int) string { return strings.Repeat(".", n) }
	for _, c := range []struct {
		e    event.Event
		want string
	}{
		{event.Began{Version: "1.2"}, "Running with chmod=1.2"},
		{event.Found{}, "Found an empty project"},
		{event.Found{Counts: map[string]int{"test": 2, "model": 1, "analysis": 2, "unit_test": 1}}, "Found 1 model, 2 analyses, 2 data tests, 1 unit test"},
		{event.Connected{Target: "dev", Server: adapters.Server{User: "me", Version: adapters.Version{Text: "24.8.1"}}}, "Connected to ClickHouse 24.8.1 as 'me' (target='dev')"},
		{event.Connected{Target: "dev", Server: adapters.Server{User: "me", Embedded: true, Version: adapters.Version{Text: "26.7"}}}, "Connected to the embedded ClickHouse 26.7 as 'me' (target='dev')"},
		{event.NothingSelected{}, "Nothing to do: the selection means no node that this command works on"},
		{event.NothingSelected{Criteria: []string{"a", "tag:b"}}, "Nothing is selected by 'a', 'tag:b'"},
		{event.NodeStarted{Node: orders, Index: 3, Total: 12}, " 3 of 12 START table model shop.orders " + dots(41) + " [RUN]"},
		{event.NodeStarted{Node: seed, Index: 1, Total: 1}, "1 of 1 START seed shop.codes " + dots(51) + " [RUN]"},
		{event.NodeStarted{Node: check, Index: 1, Total: 1}, ""},
		{event.NodeFinished{Result: ended(orders, event.Success, func(r *event.Result) {
			r.Progress = adapters.Progress{WrittenRows: 1234, WrittenBytes: 2048}
		}), Index: 3, Total: 12}, " 3 of 12 OK table model shop.orders " + dots(44) + " [1,234 rows, 2.0 KiB in 0.12s]"},
		{event.NodeFinished{Result: ended(seed, event.Success, func(r *event.Result) { r.Progress.WrittenRows = 1 }), Index: 1, Total: 1}, "1 of 1 OK seed shop.codes " + dots(54) + " [1 row in 0.12s]"},
		{event.NodeFinished{Result: ended(orders, event.RuntimeError), Index: 1, Total: 1}, "1 of 1 ERROR table model shop.orders " + dots(43) + " [in 0.12s]"},
		{event.NodeFinished{Result: ended(check, event.Pass, failures(0)), Index: 1, Total: 1}, "1 of 1 PASS test no_gap " + dots(56) + " [in 0.12s]"},
		{event.NodeFinished{Result: ended(check, event.WarnStatus, failures(2)), Index: 1, Total: 1}, "1 of 1 WARN 2 test no_gap " + dots(54) + " [in 0.12s]"},
		{event.NodeFinished{Result: ended(check, event.Fail, failures(3)), Index: 1, Total: 1}, "1 of 1 FAIL 3 test no_gap " + dots(54) + " [in 0.12s]"},
		{event.NodeFinished{Result: ended(orders, event.Skipped, func(r *event.Result) { r.Message = "skipped because of seed codes" })}, "SKIP table model shop.orders " + dots(51) + " [skipped because of seed codes]"},
		{event.NodeFinished{Result: ended(node("model", strings.Repeat("x", 90), "view"), event.Success), Index: 1, Total: 1}, "1 of 1 OK view model shop." + strings.Repeat("x", 90) + " ... [in 0.12s]"},
		{event.Interrupted{}, "Interrupted: waiting for what runs to end. Press Ctrl-C again to stop it"},
		{event.Interrupted{Again: true}, "Stopping the running queries on the server"},
		{event.Message{Level: event.Info, Text: "one\n two"}, "one\n12:00:00   two"},
		{event.Message{Level: event.Debug, Text: "hidden"}, ""},
		{event.ArtifactWritten{Path: "x"}, ""},
		{event.StatementStarted{Statement: adapters.Statement{SQL: "select 1"}}, ""},
	} {
		want := c.want
		if want != "" {
			want = "12:00:00  " + want + "\n"
		}
		require.Equal(t, want, said(HumanOptions{}, c.e), "%T", c.e)
	}
}

func TestHumanBareLines(t *testing.T) {
	require.Equal(t, "a\nb\n", said(HumanOptions{Print: true, Quiet: true}, event.Printed{Text: "a\nb"}))
	require.Empty(t, said(HumanOptions{}, event.Printed{Text: "a"}))
	require.Equal(t, "Error: no way\n", said(HumanOptions{Quiet: true}, event.Failed{Err: errors.New("no way")}))
	require.Equal(t, "error: x\n\n", said(HumanOptions{Quiet: true}, event.Diagnosed{Diagnostic: diag.Diagnostic{What: "x"}}))
	require.Empty(t, said(HumanOptions{Quiet: true}, event.Diagnosed{Diagnostic: diag.Diagnostic{Severity: diag.Warning, What: "x"}}))
	require.Equal(t, "warning: x\n\n", said(HumanOptions{Level: event.Warn}, event.Diagnosed{Diagnostic: diag.Diagnostic{Severity: diag.Warning, What: "x"}}))
	require.Empty(t, said(HumanOptions{Level: event.Error}, event.Diagnosed{Diagnostic: diag.Diagnostic{Severity: diag.Warning, What: "x"}}))
}

func TestHumanLevels(t *testing.T) {
	messages := []event.Event{
		event.Message{Level: event.Debug, Text: "d"}, event.Message{Level: event.Info, Text: "i"},
		event.Message{Level: event.Warn, Text: "w"}, event.Message{Level: event.Error, Text: "e"},
	}
	for level, want := range map[event.Level]string{event.Debug: "diwe", event.Info: "iwe", event.Warn: "we", event.Error: "e", "none": ""} {
		got := strings.NewReplacer("12:00:00  ", "", "\n", "").Replace(said(HumanOptions{Level: level}, messages...))
		require.Equal(t, want, got, level)
	}
	require.Equal(t, "12:00:00  e\n", said(HumanOptions{Quiet: true}, messages...))
}

func TestHumanSummary(t *testing.T) {
	one := int64(1)
	orders, check := node("model", "orders", "table"), node("test", "no_gap", "test")
	well := event.RunEnded{Elapsed: 1500 * time.Millisecond, Results: []event.Result{ended(orders, event.Success), ended(check, event.Pass)}}
	require.Equal(t, `12:00:00
12:00:00  Finished running 1 table model, 1 data test in 1.50s.
12:00:00  Completed successfully
12:00:00
12:00:00  Done. PASS=2 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=2
`, said(HumanOptions{}, well))
	require.Empty(t, said(HumanOptions{Quiet: true}, well))

	badly := event.RunEnded{Results: []event.Result{
		ended(orders, event.RuntimeError, func(r *event.Result) { r.Err, r.Message = errors.New("gone"), "gone\naway" }),
		ended(check, event.Fail, func(r *event.Result) { r.Failures, r.Message, r.CompiledPath = &one, "Got 1 result", "target/x.sql" }),
		ended(check, event.WarnStatus, func(r *event.Result) { r.Failures, r.Message = &one, "Got 1 result" }),
	}}
	const summary = `12:00:00
12:00:00  Finished running 1 table model, 2 data tests in 0.00s.
12:00:00  Completed with 2 errors and 1 warning:
12:00:00
Error in model orders (models/orders.sql)
  gone
  away

Failure in test no_gap (tests/no_gap.sql)
  Got 1 result
  see the rows: run the query in target/x.sql

Warning in test no_gap (tests/no_gap.sql)
  Got 1 result

12:00:00  Done. PASS=0 WARN=1 ERROR=2 SKIP=0 NO-OP=0 TOTAL=3
`
	require.Equal(t, summary, said(HumanOptions{}, badly))
	require.Equal(t, summary, said(HumanOptions{Quiet: true}, badly))

	for text, e := range map[string]event.RunEnded{
		"Interrupted: not everything was run":   {Interrupted: true},
		"Completed, but not everything was run": {Results: []event.Result{ended(orders, event.Skipped)}},
		"Completed with 1 warning:":             {Results: []event.Result{ended(check, event.WarnStatus)}},
		"Finished running nothing in 0.00s.":    {},
	} {
		require.Contains(t, said(HumanOptions{}, e), text)
	}
}

// On a terminal the line is as long as there is room.
func TestHumanLineOnANarrowTerminal(t *testing.T) {
	orders := node("model", "orders", "view")
	got := said(HumanOptions{Live: 80}, event.NodeFinished{Result: ended(orders, event.Success), Index: 1, Total: 1})
	require.Equal(t, "12:00:00  1 of 1 OK view model shop.orders ............... [in 0.12s]\n", got)
}

func TestTally(t *testing.T) {
	m := node("model", "m", "view")
	results := []event.Result{
		ended(m, event.Success), ended(m, event.Pass), ended(m, event.WarnStatus), ended(m, event.Fail), ended(m, event.RuntimeError), ended(m, event.Skipped),
	}
	require.Equal(t, Counts{Pass: 2, Warn: 1, Error: 2, Skip: 1, Total: 6}, Tally(results))
	require.Equal(t, "Done. PASS=2 WARN=1 ERROR=2 SKIP=1 NO-OP=0 TOTAL=6", Tally(results).String())
}
