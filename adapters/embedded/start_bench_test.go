package embedded_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

// BenchmarkStartToFirstAnswer measures what each chmod command pays for having
// no server: start, connect, SELECT 1, stop.
func BenchmarkStartToFirstAnswer(b *testing.B) {
	options := embedded.Options{Dir: b.TempDir(), Engine: enginetest.Engine(b)}
	for b.Loop() {
		server, err := embedded.Start(b.Context(), options)
		require.NoError(b, err)
		connection := enginetest.Connect(b, server, "")
		var one uint8
		require.NoError(b, connection.QueryRow(b.Context(), "SELECT 1").Scan(&one))
		b.StopTimer()
		require.NoError(b, connection.Close())
		require.NoError(b, server.Stop(b.Context()))
		b.StartTimer()
	}
}

// BenchmarkStop measures the other end.
func BenchmarkStop(b *testing.B) {
	options := embedded.Options{Dir: b.TempDir(), Engine: enginetest.Engine(b)}
	for b.Loop() {
		b.StopTimer()
		server, err := embedded.Start(b.Context(), options)
		require.NoError(b, err)
		b.StartTimer()
		require.NoError(b, server.Stop(b.Context()))
	}
}
