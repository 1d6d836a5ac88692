package retry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/retry"
)

func TestSpare(t *testing.T) {
	current, err := adapters.ParseVersion("26.7.3.1")
	require.NoError(t, err)
	old, err := adapters.ParseVersion("18.16.1")
	require.NoError(t, err)
	for message, want := range map[string]int64{
		"Memory limit (for query) exceeded: would use 9.32 GiB (attempt to allocate chunk of 4 MiB), maximum: 8.00 GiB": 2 << 30,
		"(total) memory limit exceeded: would use 1.00 GiB, current RSS 1 GiB, maximum: 512.00 MiB. OvercommitTracker":  128 << 20,
		"Memory limit exceeded: maximum: 65536 bytes":                                                                   16 << 10,
		"Memory limit exceeded":                                         1 << 30,
		"Memory limit exceeded: maximum: 1 B":                           1 << 30,
		"Memory limit exceeded: maximum: 99999999999999999999999.9 TiB": 1 << 30,
	} {
		settings := retry.Spare(current, adapters.ExceptionOf(241, message))
		require.EqualValues(t, want, settings["max_bytes_before_external_group_by"], message)
		require.EqualValues(t, want, settings["max_bytes_in_join"], message)
		require.NotContains(t, retry.Spare(old, adapters.ExceptionOf(241, message)), "join_algorithm")
	}
	require.Nil(t, retry.Spare(current, parts))
	require.Nil(t, retry.Spare(current, nil))
}

func TestTooBig(t *testing.T) {
	for code, want := range map[int]bool{241: true, 158: true, 191: true, 307: true, 396: true, 252: false, 60: false} {
		require.Equal(t, want, retry.TooBig(adapters.ExceptionOf(code, "")), "%d", code)
	}
	require.False(t, retry.TooBig(lost))
	require.False(t, retry.TooBig(nil))
}

// What reads is read again with less memory.
func TestQueriesAreSpared(t *testing.T) {
	w := newWorld(t, 3)
	w.On("SELECT 1")
	w.On("SELECT 1").Fail(adapters.ExceptionOf(241, "maximum: 4.00 GiB")).Times(1)
	_, _, err := w.session.Query(t.Context(), adapters.Statement{SQL: "SELECT 1", Settings: map[string]any{"max_threads": 7}})
	require.NoError(t, err)
	sent := w.Recorded()
	require.Len(t, sent, 2)
	require.Equal(t, map[string]any{"max_threads": 7}, sent[0].Settings)
	require.EqualValues(t, 1<<30, sent[1].Settings["max_bytes_before_external_sort"])
	require.Equal(t, 7, sent[1].Settings["max_threads"], "what it says itself stays")
}
