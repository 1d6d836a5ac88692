package adapters

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFinishedNode(t *testing.T) {
	o, err := finishedNode("127%2E0%2E0%2E1:14030", "0")
	require.NoError(t, err)
	require.Equal(t, HostOutcome{Host: Host{Host: "127.0.0.1", Port: 14030}, State: HostDone}, o)
	o, err = finishedNode("ch-2:9000", "122\nCode: 122, e.displayText() = DB::Exception: Too different, e.what() = DB::Exception")
	require.NoError(t, err)
	require.Equal(t, "ch-2:9000", o.Host.Addr())
	require.EqualError(t, o.Err, "ClickHouse error 122 (INCOMPATIBLE_COLUMNS): Too different")
	for name, value := range map[string]string{"ch": "0", "ch:x": "0", "%zz:1": "0", "ch:70000": "0", "ch:1": "", "ch:2": "ok"} {
		_, err := finishedNode(name, value)
		require.Error(t, err, name)
	}
}

func FuzzFinishedNode(f *testing.F) {
	f.Add("127%2E0%2E0%2E1:14030", "0\n")
	f.Add("ch-2:9000", "122\nCode: 122")
	f.Fuzz(func(t *testing.T, name, value string) {
		o, err := finishedNode(name, value)
		if err == nil && (o.State == HostDone) != (o.Err == nil) {
			t.Fatalf("%q, %q: %v with %v", name, value, o.State, o.Err)
		}
	})
}

func TestTaskOf(t *testing.T) {
	for message, task := range map[string]string{
		"Watching task /clickhouse/task_queue/ddl/query-0000000055 is executing longer than distributed_ddl_task_timeout (=4) seconds.": "/clickhouse/task_queue/ddl/query-0000000055",
		"Distributed DDL task /ddl/query-0000000001 is not finished on 1 of 3 hosts":                                                    "/ddl/query-0000000001",
		"Timeout exceeded: elapsed 5 seconds": "",
	} {
		require.Equal(t, task, taskOf(&ServerError{Class: ClassTimeout, Message: message}))
		require.Empty(t, taskOf(&ServerError{Class: ClassOther, Message: message}))
	}
	require.Empty(t, taskOf(errors.New("a task /ddl/query-1 ")))
	require.Empty(t, taskOf(nil))
}

func TestRowOutcomesRefusesNonsense(t *testing.T) {
	_, err := rowOutcomes(&Table{Columns: []Column{{Name: "status"}}, Rows: [][]any{{"fine"}}})
	require.ErrorContains(t, err, "status")
	none, err := rowOutcomes(nil)
	require.NoError(t, err)
	require.Empty(t, none)
}
