package materialize

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhichBuildIsRight(t *testing.T) {
	three := []Host{{Name: "a", Shard: 1}, {Name: "b", Shard: 1}, {Name: "c", Shard: 1}}
	two := three[:2]
	four := []Host{{Name: "a", Shard: 1}, {Name: "b", Shard: 1}, {Name: "c", Shard: 2}, {Name: "d", Shard: 2}}
	const old, young = "/t/orders__chmod_s0mjwaid1k097y18r003mvg30iiw/{shard}", "/t/orders__chmod_s0mjwaid2k097y18r003mvg30iiw/{shard}"
	rows := map[string]uint64{"a": 5, "b": 5, "c": 5, "d": 5}
	for _, c := range []struct {
		name      string
		hosts     []Host
		have      map[string]string
		rows      map[string]uint64
		elsewhere map[string][]string
		coming    string
		prefer    string
		right     string
		says      string
	}{
		{"all the same", three, map[string]string{"a": "x", "b": "x"}, rows, nil, "", "", "x", ""},
		{"most", three, map[string]string{"a": "x", "b": "y", "c": "x"}, rows, nil, "", "", "x", "2 of 3 hosts have it"},
		{"most beat the newest", three, map[string]string{"a": old, "b": young, "c": old}, rows, nil, "", "", old, "2 of 3 hosts have it"},
		{"one on its way beats most", three, map[string]string{"a": young, "b": old, "c": old}, rows, map[string][]string{"b": {young}}, young, "", young, "a build that was broken off"},
		{"one on its way that is in place nowhere", three, map[string]string{"a": "x", "b": "x", "c": "y"}, rows, map[string][]string{"a": {young}}, young, "", "x", "2 of 3"},
		{"one on its way that a shard has not got", four, map[string]string{"a": young, "b": old, "c": old, "d": old}, rows, nil, young, "", "", "no host of shard 2 has"},
		{"the newest of two", two, map[string]string{"a": old, "b": young}, rows, nil, "", "", young, "it is the newest, of 2026-01-02 03:04:05 UTC"},
		{"a tie", two, map[string]string{"a": "x", "b": "y"}, rows, nil, "", "", "", "as many hosts have one as the other: a against b"},
		{"a tie with one named", two, map[string]string{"a": "x", "b": "y"}, rows, nil, "", "b", "y", "b has it, which was named"},
		{"one named that lacks it", two, map[string]string{"a": "x"}, rows, nil, "", "b", "x", ""},
		{"more than any other", four, map[string]string{"a": "x", "b": "y", "c": "x", "d": "z"}, rows, nil, "", "", "x", "2 of 4 hosts have it, more than any other"},
		{"a shard without", four, map[string]string{"a": "x", "b": "x", "c": "y"}, rows, nil, "", "", "", "no host of shard 2 has"},
		{"a shard that has it aside", four, map[string]string{"a": "x", "b": "x", "c": "y", "d": "x"}, rows, map[string][]string{"c": {"x"}}, "", "", "x", "3 of 4"},
		{"empty where the other is not", three, map[string]string{"a": "x", "b": "x", "c": "y"}, map[string]uint64{"c": 5}, nil, "", "", "", "is empty, and c has rows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := decide(c.hosts, c.have, c.rows, c.elsewhere, c.coming, c.prefer)
			require.Equal(t, c.right, v.right)
			require.Contains(t, v.how+v.undecided, c.says)
			require.Equal(t, c.right == "", v.undecided != "")
		})
	}
}
