package materialize

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestStampsAreReadBack(t *testing.T) {
	inv := Invocation{ID: uuid.New(), StartedAt: time.Now(), Host: "here/1", PID: 4194304}
	for _, table := range []string{"t", "orders__chmod_x", strings.Repeat("x", 300), strings.Repeat("ä", 100), "weird name.%"} {
		for _, role := range []Role{RoleStaging, RoleOld, RoleText} {
			name := inv.stamp(role).name("shop", table)
			require.LessOrEqual(t, escapedLength(name), 206)
			base, stamp, ok := ParseStaging(name)
			require.True(t, ok, name)
			require.Equal(t, stagingBase("shop", table), base)
			require.Equal(t, inv.stamp(role), stamp)
		}
	}
	require.NotEqual(t, stagingBase("shop", strings.Repeat("x", 300)), stagingBase("shop", strings.Repeat("x", 301)))
	for _, name := range []string{"", "orders", "orders__dbt_backup", "orders__chmod_s1", inv.stamp('x').name("shop", "t"), inv.stamp(RoleOld).name("shop", ""), inv.stamp(RoleOld).name("shop", "t") + "0"} {
		_, _, ok := ParseStaging(name)
		require.False(t, ok, name)
	}
}

func FuzzParseStaging(f *testing.F) {
	f.Add(Invocation{ID: uuid.New(), StartedAt: time.Unix(1, 0), PID: 1}.stamp(RoleStaging).name("d", "t"))
	f.Fuzz(func(t *testing.T, name string) {
		if base, stamp, ok := ParseStaging(name); ok {
			require.True(t, strings.HasPrefix(name, base+stampMark))
			require.Contains(t, []Role{RoleStaging, RoleOld, RoleText}, stamp.Role)
		}
	})
}
