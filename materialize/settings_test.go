package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func TestSettingsOfSessions(t *testing.T) {
	old, err := adapters.ParseVersion("18.16.1")
	require.NoError(t, err)
	now, err := adapters.ParseVersion("26.7.3.1")
	require.NoError(t, err)
	require.Equal(t, map[string]any{"insert_distributed_sync": 1}, SessionSettings(adapters.Server{Version: old}, nil))
	require.Equal(t, map[string]any{"insert_distributed_sync": 1, "mutations_sync": 1, "alter_sync": 2, "x": "y"},
		SessionSettings(adapters.Server{Version: now}, map[string]any{"mutations_sync": 1, "x": "y"}))
}
