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

// JSON writes one line of JSON an event, under the names and with the fields
// of dbt's log.
type JSON struct {
	out          io.Writer
	level        event.Level
	quiet, print bool
	invocationID string
	words        *Human // what a person would read, for msg
	nodes        *nodeInfos
}

// JSONOptions say which lines are written.
type JSONOptions struct {
	InvocationID string
	Level        event.Level
	Quiet        bool
	Print        bool
}

// NewJSON makes a view that writes to out.
func NewJSON(out io.Writer, o JSONOptions) *JSON {
	return &JSON{
		out: out, level: o.Level, quiet: o.Quiet, print: o.Print, invocationID: o.InvocationID,
		words: &Human{level: event.Debug, clock: time.UTC}, nodes: newNodeInfos(),
	}
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

// Handle writes the lines of an event.
func (j *JSON) Handle(t event.Timed) {
	for _, e := range j.entries(t) {
		if !j.shows(e) {
			continue
		}
		if e.data == nil {
			e.data = map[string]any{}
		}
		j.write(logLine{Data: e.data, Info: logInfo{
			Code: e.code, Extra: map[string]string{}, InvocationID: j.invocationID, Level: e.level, Message: e.message,
			Name: e.name, PID: os.Getpid(), Thread: t.Thread, Time: t.At.UTC().Format("2006-01-02T15:04:05.000000Z"),
		}})
	}
}

func (j *JSON) shows(e entry) bool {
	if e.name == "PrintEvent" {
		return j.print
	}
	if j.quiet {
		return e.level == event.Error || e.name == "ShowNode" || e.name == "CompiledNode"
	}
	return rank(e.level) >= rank(j.level)
}

func (j *JSON) write(l logLine) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(l); err != nil {
		b.Reset()
		fmt.Fprintf(&b, `{"data":{},"info":{"name":"Note","level":"error","msg":%q}}`+"\n", err.Error())
	}
	// A view has nobody to tell that its reader is gone.
	_, _ = j.out.Write(b.Bytes())
}
