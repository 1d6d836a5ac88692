package seed

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestInstantIsTheDateOfTheStandardLibrary(t *testing.T) {
	for day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2500; day = day.AddDate(0, 0, 13) {
		got := instant(day.Year(), int(day.Month()), day.Day(), 3661, 7, time.UTC)
		require.True(t, got.Equal(day.Add(3661*time.Second+7)), day)
	}
}

func TestLocalTimesOfSummerAndWinter(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	got, fraction, ok := parseTime([]byte("2024-07-01 12:00:00.25"), berlin)
	require.True(t, ok)
	require.Equal(t, 2, fraction)
	require.Equal(t, "2024-07-01T10:00:00.25Z", got.UTC().Format(time.RFC3339Nano))
	got, _, ok = parseTime([]byte("2024-01-01T12:00:00"), berlin)
	require.True(t, ok)
	require.Equal(t, "2024-01-01T11:00:00Z", got.UTC().Format(time.RFC3339Nano))
}
