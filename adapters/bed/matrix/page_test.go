package matrix_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/matrix"
	"github.com/chmod-sql/chmod/adapters/bed/watch"
)

func TestPage(t *testing.T) {
	saw := matrix.Total([]watch.Seen{{Polls: 3, Missing: 1}, {Polls: 2, Wrong: []string{"700 rows | of 1000", "again"}}})
	require.Equal(t, matrix.Saw{Polls: 5, Missing: 1, Wrong: 2, First: "node 2: 700 rows | of 1000"}, saw)
	dir := t.TempDir()
	second := matrix.Series{Order: 2, Fault: "Keeper is gone", Layout: "1x3", Server: "18.16.1", Cells: []matrix.Cell{
		{After: "0 begin", Outcome: matrix.Failed, Said: "node 3 is away", Names: true, Runs: 1, Saw: saw},
		{After: "1 fill it", Outcome: matrix.Warned, Runs: 2, Note: "fails first"},
	}}
	first := matrix.Series{Order: 1, Of: 9, Fault: "a node dies", Layout: "2x2", Server: "18.16.1", Cells: []matrix.Cell{{After: "0 begin", Outcome: matrix.Succeeded, Runs: 1}}}
	_, err := matrix.Load(dir)
	require.Error(t, err)
	require.NoError(t, second.Save(dir))
	require.NoError(t, first.Save(dir))
	require.NoError(t, first.Save(dir), "again is over the first")
	require.NoError(t, matrix.Series{Order: 3, Of: 9, Fault: "a disk is full", Layout: "2x2", Server: "18.16.1"}.Save(dir))
	all, err := matrix.Load(dir)
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, "2x2 a node dies", all[0].Key())

	require.NoError(t, matrix.Comparison{
		What: "Two runs at once", Layout: "1x3", Ours: matrix.Side{Said: "both succeed", Next: "clean"},
		Theirs: matrix.Side{Saw: matrix.Saw{Polls: 9, Wrong: 4, First: "2000 rows"}, Said: "both succeed", Next: "doubled"},
	}.Save(dir))
	compared, err := matrix.LoadCompared(dir)
	require.NoError(t, err)
	again, err := matrix.Load(dir)
	require.NoError(t, err)
	require.Equal(t, all, again, "a comparison is no series")

	page := matrix.Page(all, compared, "abc123")
	require.Contains(t, page, "| Two runs at once (1x3) | dbt | 9 | 4: 2000 rows | 0 | both succeed | doubled |\n|  | chmod | 0 | 0 | 0 | both succeed | clean |\n")
	require.Contains(t, page, "the last series at commit abc123: 3 cells, 5 polls, 2 wrong answers, 2 cells that are not clean.")
	require.Contains(t, page, "| a node dies | 2x2 | 1 of 9 | 0 | 0 | succeeds 1 | converges |")
	require.Contains(t, page, "| a disk is full | 2x2 | 0 of 9 | 0 | 0 |  | was not run |")
	require.Contains(t, page, "| Keeper is gone | 1x3 | 2 | 5 | 2 | warns 1, fails 1 | 0 of 2 clean, see below |")
	require.Contains(t, page, `| 0 begin | 5 | 2: node 2: 700 rows \| of 1000 | 1 | 0 | 0 | fails: node 3 is away | yes | 1 |`)
	require.Contains(t, page, "| 2; fails first |")
	require.Equal(t, map[string][]string{
		"2x2 a node dies":    {"0 begin"},
		"1x3 Keeper is gone": {"0 begin", "1 fill it"},
	}, matrix.Headings(page))
}

// Cells stay until they are struck again, as long as their boundary is there.
func TestCellsAreKept(t *testing.T) {
	dir := t.TempDir()
	first := matrix.Series{Fault: "a node dies", Layout: "2x2", Server: "18.16.1", Cells: []matrix.Cell{
		{After: "1 fill it", Runs: 1}, {After: "3 gone since", Runs: 1}, {After: "2 swap", Runs: 1},
	}}
	require.NoError(t, first.Keep(dir, nil), "nothing was saved")
	require.NoError(t, first.Save(dir))
	boundaries := []string{"0 begin", "1 fill it", "2 swap"}
	next := matrix.Series{Fault: "a node dies", Layout: "2x2", Server: "18.16.1"}
	require.NoError(t, next.Keep(dir, boundaries))
	next.Put(matrix.Cell{After: "0 begin", Runs: 1}, boundaries)
	next.Put(matrix.Cell{After: "2 swap", Runs: 2}, boundaries)
	require.Equal(t, []matrix.Cell{{After: "0 begin", Runs: 1}, {After: "1 fill it", Runs: 1}, {After: "2 swap", Runs: 2}}, next.Cells)
	require.True(t, next.Wants("1 fill it"))
	t.Setenv(matrix.ResumeVariable, "yes")
	require.False(t, next.Wants("1 fill it"))
	require.True(t, next.Wants("4 drop"))
	other := matrix.Series{Fault: "a node dies", Layout: "2x2", Server: "19.1"}
	require.NoError(t, other.Keep(dir, boundaries))
	require.Empty(t, other.Cells, "of another server")
}
