package view

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
)

// live is the part of a terminal below the lines: what runs, for how long, and
// how much it has read and written.
type live struct {
	mu      sync.Mutex
	out     io.Writer
	width   int
	colors  Colors
	now     func() time.Time
	rows    []*liveRow
	done    int
	total   int
	drawn   int // lines on the screen
	stop    chan struct{}
	stopped sync.WaitGroup
}

type liveRow struct {
	id, title string
	since     time.Time
	step      string
	progress  adapters.Progress
}

// refresh is how often the display is drawn anew.
const refresh = 100 * time.Millisecond

// most is how many nodes are shown at once.
const most = 8

func newLive(out io.Writer, width int, c Colors) *live {
	l := &live{out: out, width: width, colors: c, now: time.Now, stop: make(chan struct{})}
	l.stopped.Go(func() {
		tick := time.NewTicker(refresh)
		defer tick.Stop()
		for {
			select {
			case <-l.stop:
				return
			case <-tick.C:
				l.mu.Lock()
				l.draw()
				l.mu.Unlock()
			}
		}
	})
	return l
}

// node follows the start and the end of nodes.
func (l *live) node(e event.Event, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := e.(type) {
	case event.NodeStarted:
		l.total = e.Total
		l.rows = append(l.rows, &liveRow{id: e.Node.UniqueID, title: title(e.Node), since: at})
	case event.NodeFinished:
		l.done++
		for i, row := range l.rows {
			if row.id == e.Result.Node.UniqueID {
				l.rows = append(l.rows[:i], l.rows[i+1:]...)
				break
			}
		}
	case event.RunEnded:
		l.rows = nil
	}
}

func (l *live) progress(e event.NodeProgress) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, row := range l.rows {
		if row.id == e.Node.UniqueID {
			row.step, row.progress = e.Step, e.Progress
		}
	}
}

// above writes a line over the display.
func (l *live) above(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.erase()
	l.write(text + "\n")
	l.draw()
}

func (l *live) close() {
	close(l.stop)
	l.stopped.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.erase()
}

func (l *live) erase() {
	if l.drawn > 0 {
		l.write(fmt.Sprintf("\x1b[%dA\x1b[J", l.drawn))
		l.drawn = 0
	}
}

func (l *live) draw() {
	var b strings.Builder
	if l.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\x1b[J", l.drawn)
	}
	l.drawn = 0
	for i, row := range l.rows {
		if i == most {
			b.WriteString(l.colors.Faint(fmt.Sprintf("  and %d more", len(l.rows)-most)) + "\n")
			l.drawn++
			break
		}
		b.WriteString(l.fit(row) + "\n")
		l.drawn++
	}
	if l.drawn > 0 {
		b.WriteString(l.colors.Faint(fmt.Sprintf("  %d of %d done", l.done, l.total)) + "\n")
		l.drawn++
	}
	l.write(b.String())
}

// fit is a row's line, never wider than the terminal: a line that wraps could
// not be taken back.
func (l *live) fit(row *liveRow) string {
	end := seconds(l.now().Sub(row.since))
	if p := row.progress; p.ReadRows > 0 || p.WrittenRows > 0 {
		end = fmt.Sprintf("read %s rows, %s  %s", count(p.ReadRows), size(p.ReadBytes), end)
		if p.TotalRows > p.ReadRows {
			end = fmt.Sprintf("%d%% ", 100*p.ReadRows/p.TotalRows) + end
		}
	}
	left := "  " + row.title
	room := l.width - cells(end) - 2
	if room < 10 {
		return cut(left, max(l.width-1, 0))
	}
	return pad(cut(left, room), room) + " " + l.colors.Faint(end)
}

func (l *live) write(text string) {
	// A view has nobody to tell that its terminal is gone.
	_, _ = io.WriteString(l.out, text)
}
