package embedded

import (
	"encoding/json"
	"io"
	"time"
)

// Subcommand is the hidden first argument that makes this binary the engine's
// child process. The main function hands the rest of the arguments to [Main].
const Subcommand = "__engine"

// assignment is what the parent tells the child: one JSON document on its
// stdin, so that the password is on no command line and in no environment.
// For a child that is not detached stdin stays open, and its end means stop.
type assignment struct {
	Warehouse string            `json:"warehouse"`
	Engine    Engine            `json:"engine"`
	Port      int               `json:"port"`
	HTTP      bool              `json:"http"`
	Memory    int64             `json:"memory"`
	Grace     time.Duration     `json:"grace"`
	Password  string            `json:"password"`
	Config    map[string]string `json:"config"`
	Shared    bool              `json:"shared"`
	Detached  bool              `json:"detached"`
	Parent    int               `json:"parent"`
}

// report is what the child tells the parent: JSON documents on its stdout.
// The first is Ready, InUse or Failed; a Failed may follow a Ready.
type report struct {
	Ready  *endpoint `json:"ready,omitempty"`
	InUse  *Holder   `json:"in_use,omitempty"`
	Failed string    `json:"failed,omitempty"`
}

// endpoint is where a running engine answers.
type endpoint struct {
	Addr     string `json:"addr"`
	HTTPAddr string `json:"http_addr,omitempty"`
	Version  string `json:"version"`
}

// reporter sends reports. A parent that is gone is not an error: its end is
// noticed on stdin.
type reporter struct{ out io.Writer }

func (r reporter) send(message report) {
	if line, err := json.Marshal(message); err == nil {
		_, _ = r.out.Write(append(line, '\n'))
	}
}
