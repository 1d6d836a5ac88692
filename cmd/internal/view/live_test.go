package view

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/manifest"
)

// buffer may be written by the display's own goroutine.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// still is a display that is drawn only when asked.
func still(width int) (*live, *buffer) {
	out := &buffer{}
	return &live{out: out, width: width, now: func() time.Time { return noon.Add(2 * time.Second) }, stop: make(chan struct{})}, out
}

func TestLiveRows(t *testing.T) {
	orders := node("model", "orders", "table")
	for _, c := range []struct {
		width int
		p     adapters.Progress
		want  string
	}{
		{60, adapters.Progress{}, "  table model shop.orders" + strings.Repeat(" ", 28) + " 2.00s"},
		{50, adapters.Progress{ReadRows: 1500, ReadBytes: 2048}, "  table model sh… read 1,500 rows, 2.0 KiB  2.00s"},
		{70, adapters.Progress{ReadRows: 1500, ReadBytes: 2048, TotalRows: 6000}, "  table model shop.orders       25% read 1,500 rows, 2.0 KiB  2.00s"},
		{30, adapters.Progress{ReadRows: 1500, ReadBytes: 2048}, "  table model shop.orders"},
		{12, adapters.Progress{}, "  table mo…"},
		{1, adapters.Progress{}, ""},
	} {
		l, _ := still(c.width)
		l.node(event.NodeStarted{Node: orders, Total: 3}, noon)
		l.progress(event.NodeProgress{Node: orders, Progress: c.p})
		line := l.fit(l.rows[0])
		require.LessOrEqual(t, cells(line), max(c.width-1, 0))
		require.Equal(t, strings.Fields(c.want), strings.Fields(line), "width %d", c.width)
	}
}

// What is drawn is taken back before anything else is written, line for line.
func TestLiveIsTakenBack(t *testing.T) {
	l, out := still(80)
	orders, items := node("model", "orders", "table"), node("model", "items", "view")
	l.node(event.NodeStarted{Node: orders, Total: 3}, noon)
	l.node(event.NodeStarted{Node: items, Total: 3}, noon)
	l.above("one")
	require.True(t, strings.HasPrefix(out.b.String(), "one\n  table model shop.orders "), "nothing to take back yet")
	require.Contains(t, out.b.String(), "  0 of 3 done\n")
	out.b.Reset()

	l.node(event.NodeFinished{Result: event.Result{Node: orders}}, noon)
	l.above("two")
	require.True(t, strings.HasPrefix(out.b.String(), "\x1b[3A\x1b[Jtwo\n  view model shop.items "), out.b.String())
	require.Contains(t, out.b.String(), "  1 of 3 done\n")
	out.b.Reset()

	l.close()
	require.Equal(t, "\x1b[2A\x1b[J", out.b.String())
}

func TestLiveShowsOnlySoMany(t *testing.T) {
	l, out := still(80)
	for _, name := range strings.Split("abcdefghijkl", "") {
		l.node(event.NodeStarted{Node: node(manifest.Model, name, "view"), Total: 12}, noon)
	}
	l.draw()
	require.Contains(t, out.b.String(), "  and 4 more\n")
	require.Equal(t, most+2, strings.Count(out.b.String(), "\n"))
	require.Equal(t, most+2, l.drawn)
}
