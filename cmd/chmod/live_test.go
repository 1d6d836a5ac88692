package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"
)

// TestLiveDisplay builds on a small terminal: what runs is shown with time and
// rows, no line of it is wider than the terminal, and at the end it is gone.
func TestLiveDisplay(t *testing.T) {
	t.Parallel()
	project := slowProject(t, 3)
	cmd := chmod(t, project, "run", "--threads", "1")
	cmd.Env = append(cmd.Env, "TERM=xterm-256color")
	const width = 60
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: width})
	require.NoError(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	r := &running{cmd: cmd}
	finished := make(chan struct{})
	go func() { r.read(terminal); close(finished) }()
	require.Zero(t, r.wait(t))
	<-finished

	sent := r.String()
	require.Contains(t, sent, "\x1b[32mOK\x1b[0m", "colors on a terminal")
	drawn := regexp.MustCompile(`(?m)^  (?:table|view) model shop\.\w+ .*$`).FindAllString(plainText(sent), -1)
	require.Greater(t, len(drawn), 5, "it is drawn again and again")
	rows := false
	for _, line := range drawn {
		require.LessOrEqual(t, len([]rune(strings.TrimRight(line, "\r"))), width, line)
		rows = rows || regexp.MustCompile(`read \d+ rows?, .* \d\.\d\ds`).MatchString(line)
	}
	require.True(t, rows, "rows and bytes from the server's progress: %q", drawn)
	require.Contains(t, plainText(sent), "0 of 2 done")

	left := screen(sent, width)
	require.NotContains(t, left, "of 2 done")
	require.NotRegexp(t, `(?m)^  table model`, left)
	require.Regexp(t, `1 of 2 .*OK table model shop\.slow`, left)
	require.Contains(t, strings.ReplaceAll(left, "\n", ""), "Done. PASS=2")
}

// TestNoLiveDisplayOnADumbTerminal leaves out what such a terminal cannot do.
func TestNoLiveDisplayOnADumbTerminal(t *testing.T) {
	t.Parallel()
	project := slowProject(t, 0)
	cmd := chmod(t, project, "run", "--no-use-colors")
	cmd.Env = append(cmd.Env, "TERM=dumb")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 60})
	require.NoError(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	r := &running{cmd: cmd}
	finished := make(chan struct{})
	go func() { r.read(terminal); close(finished) }()
	require.Zero(t, r.wait(t))
	<-finished
	require.NotContains(t, r.String(), "\x1b")
	require.Contains(t, r.String(), "START table model shop.slow")
}

// plainText is what was sent, without colors and with each drawing on lines of
// its own.
func plainText(sent string) string {
	sent = regexp.MustCompile(`\x1b\[\d+A\x1b\[J`).ReplaceAllString(sent, "")
	return regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(strings.ReplaceAll(sent, "\r", ""), "")
}

// screen is what a terminal of a width shows after all that was sent: it knows
// lines that wrap, cursor up and erase below, which is what the display uses.
func screen(sent string, width int) string {
	lines, row, column := [][]rune{nil}, 0, 0
	down := func() {
		row++
		if row == len(lines) {
			lines = append(lines, nil)
		}
	}
	escape := regexp.MustCompile(`^\x1b\[([0-9;]*)([A-Za-z])`)
	for i := 0; i < len(sent); {
		if m := escape.FindStringSubmatch(sent[i:]); m != nil {
			n, err := strconv.Atoi(m[1])
			switch {
			case m[2] == "A" && err == nil:
				row = max(row-n, 0)
			case m[2] == "J":
				lines = lines[:row+1]
				lines[row] = lines[row][:min(column, len(lines[row]))]
			}
			i += len(m[0])
			continue
		}
		r := []rune(sent[i:min(i+4, len(sent))])[0]
		i += len(string(r))
		switch r {
		case '\n':
			down()
		case '\r':
			column = 0
		default:
			if column == width {
				down()
				column = 0
			}
			for len(lines[row]) <= column {
				lines[row] = append(lines[row], ' ')
			}
			lines[row][column] = r
			column++
		}
	}
	text := make([]string, len(lines))
	for i, line := range lines {
		text[i] = strings.TrimRight(string(line), " ")
	}
	return strings.Join(text, "\n")
}
