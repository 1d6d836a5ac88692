package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/chmod-sql/chmod/cmd/internal/event"
)

// Log writes lines for programs and for log files, under the names and with
// the fields of dbt's log: one line of JSON each, or a line of text with time,
// level and thread.
type Log struct {
	out     io.Writer
	options LogOptions
	words   *Human // what a person would read, for msg
	nodes   *nodeInfos
	lines   []byte // those of the last event, to be written over
}

// LogOptions say which lines are written and how.
type LogOptions struct {
	InvocationID string
	Level        event.Level
	// JSON writes objects; otherwise lines are text.
	JSON bool
	// Quiet leaves errors and what was asked for.
	Quiet bool
	Print bool
	// Extra is added to every line.
	Extra map[string]string
}

// NewLog makes a view that writes to out.
func NewLog(out io.Writer, o LogOptions) *Log {
	if o.Extra == nil {
		o.Extra = map[string]string{}
	}
	return &Log{out: out, options: o, words: &Human{level: event.Debug, clock: time.UTC}, nodes: newNodeInfos()}
}

type logLine struct {
	Data map[string]any `json:"data"`
	Info logInfo        `json:"info"`
}

type logInfo struct {
	Category     string            `json:"category"`
	Code         string            `json:"code"`
	Extra        map[string]string `json:"extra"`
	InvocationID string            `json:"invocation_id"`
	Level        event.Level       `json:"level"`
	Message      string            `json:"msg"`
	Name         string            `json:"name"`
	PID          int               `json:"pid"`
	Thread       string            `json:"thread"`
	Time         string            `json:"ts"`
}

// entry is one line before it is written.
type entry struct {
	name, code string
	level      event.Level
	message    string
	data       map[string]any
}

// Handle writes the lines of an event, all at once.
func (l *Log) Handle(t event.Timed) {
	l.lines = l.lines[:0]
	for _, e := range l.entries(t) {
		switch {
		case !l.shows(e):
		case l.options.JSON:
			l.lines = append(l.lines, l.object(e, t)...)
		default:
			l.lines = t.At.UTC().AppendFormat(l.lines, "15:04:05.000000")
			l.lines = fmt.Appendf(l.lines, " [%-5s] [%s]: %s\n", e.level, t.Thread, e.message)
		}
	}
	if len(l.lines) > 0 {
		l.write(l.lines)
	}
}

func (l *Log) shows(e entry) bool {
	if e.name == "PrintEvent" {
		return l.options.Print
	}
	if l.options.Quiet {
		return e.level == event.Error || e.name == "ShowNode" || e.name == "CompiledNode"
	}
	return rank(e.level) >= rank(l.options.Level)
}

// object is a line of JSON.
func (l *Log) object(e entry, t event.Timed) []byte {
	if e.data == nil {
		e.data = map[string]any{}
	}
	line := logLine{Data: e.data, Info: logInfo{
		Code: e.code, Extra: l.options.Extra, InvocationID: l.options.InvocationID, Level: e.level, Message: e.message,
		Name: e.name, PID: os.Getpid(), Thread: t.Thread, Time: utc(t.At),
	}}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		b.Reset()
		fmt.Fprintf(&b, `{"data":{},"info":{"name":"Note","level":"error","msg":%q}}`+"\n", err.Error())
	}
	return b.Bytes()
}

func (l *Log) write(text []byte) {
	// A view has nobody to tell that its reader is gone.
	_, _ = l.out.Write(text)
}
