package clustertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/bed/bedtest"
	"github.com/chmod-sql/chmod/adapters/bed/matrix"
	"github.com/chmod-sql/chmod/adapters/bed/watch"
)

// death is a moment to kill chmod at.
type death struct {
	name, event string
}

// deaths are told by what a log entry says: a statement is about to be sent, or
// its answer has come.
func deaths() []death {
	return []death{
		{"chmod is killed once a step is done", "SQLQueryStatus"},
		{"chmod is killed while a step runs", "SQLQuery"},
	}
}

// shop is a project of one model, orders, whose rows name their generation.
type shop struct {
	*wallet
	generation uint64
}

func newShop(t *testing.T, b *bedtest.Bed) *shop {
	s := &shop{wallet: &wallet{t: t, bed: b, dir: t.TempDir(), database: fmt.Sprintf("shop_%x", time.Now().UnixNano())}}
	sharding := ""
	if b.Shards > 1 {
		sharding = "+sharding_key: id"
	}
	s.unpack("testdata/orders.txtar", "SHARDING", sharding)
	return s
}

// next are the arguments that build another generation.
func (s *shop) next() []string {
	s.generation++
	return []string{"build", "--vars", fmt.Sprintf("{generation: %d}", s.generation)}
}

// step is a step of a plan.
type step struct {
	number  int
	purpose string
}

func (s step) after() string { return fmt.Sprintf("%d %s", s.number, s.purpose) }

// stepLine is how `chmod plan` shows one.
var stepLine = regexp.MustCompile(`(?m)^-- (\d+)\. (.*) \[[a-z].*\]$`)

// steps are those of a rebuild, as `chmod plan` shows them.
func (s *shop) steps() []step {
	s.t.Helper()
	out := s.run("plan")
	_, orders, found := strings.Cut(out, "-- model.shop.orders: ")
	require.True(s.t, found, out)
	var all []step
	for _, m := range stepLine.FindAllStringSubmatch(orders, -1) {
		n, err := strconv.Atoi(m[1])
		require.NoError(s.t, err)
		require.Equal(s.t, len(all)+1, n, orders)
		all = append(all, step{n, m[2]})
	}
	require.NotEmpty(s.t, all, out)
	return all
}

// killed runs chmod and kills it at the k-th event of that name, about one node
// unless that is empty. It reports whether that came.
func (w *wallet) killed(event string, k int, about string, args ...string) bool {
	w.t.Helper()
	command := w.chmod(append(args, "--log-format", "json", "--log-level", "debug")...)
	out, err := command.StdoutPipe()
	require.NoError(w.t, err)
	require.NoError(w.t, command.Start())
	came, seen := 0, false
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var entry struct {
			Info struct {
				Name string `json:"name"`
			} `json:"info"`
			Data struct {
				NodeInfo struct {
					UniqueID string `json:"unique_id"`
				} `json:"node_info"`
			} `json:"data"`
		}
		require.NoError(w.t, json.Unmarshal(lines.Bytes(), &entry), "%s", lines.Bytes())
		if entry.Info.Name != event || about != "" && entry.Data.NodeInfo.UniqueID != about {
			continue
		}
		if came++; came == k && !seen {
			seen = true
			require.NoError(w.t, command.Process.Kill())
		}
	}
	_ = command.Wait() // it was killed
	return seen
}

func (s *shop) readers() []*watch.Readers {
	nodes := func(table string, spread bool) []watch.Node {
		var all []watch.Node
		for n, node := range s.bed.Nodes {
			w := watch.Node{Config: s.bed.Config(n + 1), Table: s.database + "." + table, Spread: spread}
			if table == "orders_local" {
				w.Slice = watch.Slice{Of: uint64(s.bed.Shards), Rest: uint64(node.Shard - 1)}
			}
			all = append(all, w)
		}
		return all
	}
	if s.bed.Shards == 1 {
		return []*watch.Readers{watch.Start(nodes("orders", false))}
	}
	return []*watch.Readers{watch.Start(nodes("orders_local", false)), watch.Start(nodes("orders", true))}
}

// converged reports a node that has other rows than the last generation's, or
// any relation that is not the project's.
func (s *shop) converged() error {
	want := []string{"orders"}
	if s.bed.Shards > 1 {
		want = append(want, "orders_local")
	}
	for n := range s.bed.Nodes {
		var found []string
		for _, row := range s.bed.Rows(s.t, n+1, "SELECT name FROM system.tables WHERE database = '"+s.database+"' ORDER BY name") {
			found = append(found, row[0].(string))
		}
		if !slices.Equal(found, want) {
			return fmt.Errorf("node %d has %v", n+1, found)
		}
		sum := watch.Slice{}.Sum(s.generation)
		row := s.bed.Rows(s.t, n+1, watch.SumOf(s.database+".orders"))[0]
		if !slices.Equal(row, []any{sum.Count, sum.Low, sum.High, sum.Check}) {
			return fmt.Errorf("node %d has %v instead of %v", n+1, row, sum)
		}
	}
	return nil
}

// TestDeaths kills the program at each step of a rebuild, with kill -9, while
// readers watch. Without matrix.Variable it does so at the swap only.
func TestDeaths(t *testing.T) {
	for _, layout := range []string{"1x3", "2x2"} {
		if matrix.Wanted() == "" && layout != "1x3" {
			continue
		}
		t.Run(layout, func(t *testing.T) {
			for order, d := range deaths() {
				t.Run(d.name, func(t *testing.T) { dies(t, layout, order-len(deaths()), d) })
			}
		})
	}
}

func dies(t *testing.T, layout string, order int, d death) {
	open := bedtest.Open
	if matrix.Wanted() != "" {
		t.Parallel()
		open = bedtest.OpenOwn
	}
	s := newShop(t, open(t, layout))
	s.run(s.next()...)
	series := matrix.Series{
		Order: order, Fault: d.name, Layout: layout,
		Server: s.bed.Adapter(t, 1).Server().Version.Text,
	}
	steps := s.steps()
	series.Of = len(steps)
	var all []string
	for _, step := range steps {
		all = append(all, step.after())
	}
	if dir := matrix.Wanted(); dir != "" {
		require.NoError(t, series.Keep(dir, all))
	}
	for _, step := range steps {
		if matrix.Wanted() == "" && !strings.HasPrefix(step.purpose, "set the old") {
			continue
		}
		if !series.Wants(step.after()) {
			continue
		}
		c := s.cell(d, step)
		t.Logf("%+v", c)
		series.Put(c, all)
		if dir := matrix.Wanted(); dir != "" {
			require.NoError(t, series.Save(dir))
		}
		// The cells that follow begin with a table that is well.
		require.NotZero(t, c.Runs, "%s: %s", c.After, c.Note)
		if c.Saw.Wrong > 0 {
			t.Errorf("%s: %d wrong answers: %s", c.After, c.Saw.Wrong, c.Saw.First)
		}
	}
	require.NotEmpty(t, series.Cells)
}

// cell is one death.
func (s *shop) cell(d death, at step) matrix.Cell {
	s.t.Helper()
	c := matrix.Cell{After: at.after(), Outcome: matrix.Killed}
	readers := s.readers()
	require.True(s.t, s.killed(d.event, at.number, "model.shop.orders", s.next()...), "%s did not come at %s", d.event, c.After)
	const enough = 3
	var notes []string
	for run := 1; run <= enough && c.Runs == 0; run++ {
		out, err := s.chmod(s.next()...).CombinedOutput()
		if err == nil {
			for _, r := range readers {
				for n := range s.bed.Nodes {
					r.Announce(s.generation, n+1)
				}
			}
			err = s.converged()
		} else {
			err = fmt.Errorf("%w: %s", err, out)
		}
		if err == nil {
			c.Runs = run
		} else {
			notes = append(notes, fmt.Sprintf("run %d: %v", run, err))
		}
	}
	c.Note = strings.Join(notes, "; ")
	for _, r := range readers {
		c.Saw = c.Saw.Add(matrix.Total(r.Stop()))
	}
	return c
}
