package view

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAmounts(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 1234567: "1,234,567", 1<<64 - 1: "18,446,744,073,709,551,615"} {
		require.Equal(t, want, count(n))
	}
	for n, want := range map[uint64]string{0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 5 << 20: "5.0 MiB", 3 << 40: "3.0 TiB", 1<<64 - 1: "16.0 EiB"} {
		require.Equal(t, want, size(n))
	}
	for d, want := range map[time.Duration]string{
		0: "0.00s", 1234 * time.Millisecond: "1.23s", 59990 * time.Millisecond: "59.99s", time.Minute: "1m0s",
		192400 * time.Millisecond: "3m12s", 2 * time.Hour: "2h0m0s",
	} {
		require.Equal(t, want, seconds(d))
	}
	for n, want := range map[int]string{0: "0 models", 1: "1 model", 2: "2 models"} {
		require.Equal(t, want, plural(n, "model"))
	}
	require.Equal(t, "2 analyses", plural(2, "analysis"))
	require.Equal(t, "1 row", rows(1))
	require.Equal(t, "1,000 rows", rows(1000))
	require.Empty(t, sized(0))
	require.Equal(t, ", 2.0 KiB", sized(2048))
	require.Equal(t, "0 hours 0 minutes and 9.06 seconds", clockTime(9058571*time.Microsecond))
	require.Equal(t, "1 hours 2 minutes and 3.50 seconds", clockTime(time.Hour+2*time.Minute+3500*time.Millisecond))
}

func TestCells(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "größe": 5, "数据": 4, "e\u0301": 1, "🙂": 2, "한": 2} {
		require.Equal(t, want, cells(text), text)
	}
	require.Equal(t, "ab", cut("ab", 2))
	require.Equal(t, "a…", cut("abc", 2))
	require.Equal(t, "数…", cut("数据库", 4))
	require.Empty(t, cut("abc", 0))
	require.Equal(t, "数 ", pad("数", 3))
	require.Equal(t, "abc", pad("abc", 2))
}
