package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDividedHosts(t *testing.T) {
	const (
		old   = "/t/orders__chmod_s0mjwaid1k097y18r003mvg30iiw/1"
		young = "/t/orders__chmod_s0mjwaid2k097y18r003mvg30iiw/1"
	)
	for _, c := range []struct {
		name   string
		on     map[string]built
		others map[string]bool
		want   string
	}{
		{"replicas of one table", map[string]built{"a": {1, old, ""}, "b": {1, old, ""}}, nil, ""},
		{"builds of two times", map[string]built{"a": {1, young, ""}, "b": {1, old, ""}, "c": {1, young, ""}}, nil, "a, c against b"},
		{"shards of two times", map[string]built{"a": {1, young, ""}, "b": {2, old, ""}}, nil, "a against b"},
		{"paths of one shard", map[string]built{"a": {1, "/t/x/1", "x"}, "b": {1, "/t/y/1", "y"}}, nil, "a against b"},
		{"paths of two shards", map[string]built{"a": {1, "/t/x/1", "x"}, "b": {2, "/t/x/2", "x"}}, nil, ""},
		{"one path by hand, with other UUIDs", map[string]built{"a": {1, "/t/1", "x"}, "b": {1, "/t/1", "y"}}, nil, ""},
		{"tables by hand on two shards", map[string]built{"a": {1, "", "x"}, "b": {2, "", "y"}}, nil, ""},
		{"one shard exchanged", map[string]built{"a": {1, "", "x"}, "b": {2, "", "y"}}, map[string]bool{"y": true}, "a against b"},
		{"nothing is known", map[string]built{"a": {1, "", ""}, "b": {1, "", ""}}, nil, ""},
	} {
		require.Equal(t, c.want, divided(c.on, c.others), c.name)
	}
}
