package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func TestGrantsAreRead(t *testing.T) {
	got, err := ReadGrants(&adapters.Table{Rows: [][]any{{"select", "bi"}}})
	require.NoError(t, err)
	require.Equal(t, []Grant{{"SELECT", "bi"}}, got)
	_, err = ReadGrants(&adapters.Table{Rows: [][]any{{"select", uint8(1)}}})
	require.Error(t, err)
}
