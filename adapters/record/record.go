// Package record is an adapter without a server, for tests of what is built on
// adapters.
//
// Its main type is Adapter. It keeps the statements it is given, in order, and
// answers from a script; it understands no SQL and changes no catalog.
package record

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
)

var _ adapters.Adapter = (*Adapter)(nil)

// errClosed answers the use of what was closed.
var errClosed = errors.New("record: closed")

// Adapter records and answers. It may be used concurrently.
type Adapter struct {
	server  adapters.Server
	catalog *adapters.Catalog

	mutex    sync.Mutex
	answers  []*Answer
	recorded []Recorded
	killed   []string
	sessions int
	open     int
	closed   bool
}

// Recorded is one statement that came in.
type Recorded struct {
	adapters.Statement
	Session int // counted from 1, in the order of Session calls
	Kind    Kind
	// Rows are what an insert sent.
	Rows [][]any
	Err  error // what the script answered
}

// Kind is which method a statement came by.
type Kind string

// The methods of a session.
const (
	Exec   Kind = "exec"
	Query  Kind = "query"
	Insert Kind = "insert"
)

// New is an adapter for a server that holds catalog, which may be nil.
func New(server adapters.Server, catalog *adapters.Catalog) *Adapter {
	if catalog == nil {
		catalog = &adapters.Catalog{Databases: map[string]adapters.Database{}}
	}
	return &Adapter{server: server, catalog: catalog}
}

// On scripts the answer to a statement of exactly this text. Of several
// answers that fit, the one scripted last is given.
func (a *Adapter) On(sql string) *Answer {
	return a.script(&Answer{matches: func(s string) bool { return s == sql }})
}

// OnMatch scripts the answer to statements that the expression matches.
func (a *Adapter) OnMatch(expression string) *Answer {
	return a.script(&Answer{matches: regexp.MustCompile(expression).MatchString})
}

func (a *Adapter) script(answer *Answer) *Answer {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.answers = append(a.answers, answer)
	return answer
}

// Statements are the texts of all statements so far.
func (a *Adapter) Statements() []string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	texts := make([]string, len(a.recorded))
	for i, r := range a.recorded {
		texts[i] = r.SQL
	}
	return texts
}

// Recorded are all statements so far.
func (a *Adapter) Recorded() []Recorded {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return slices.Clone(a.recorded)
}

// Killed are the ids given to Kill.
func (a *Adapter) Killed() []string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return slices.Clone(a.killed)
}

// Open is how many sessions have not been closed.
func (a *Adapter) Open() int {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.open
}

// SetCatalog replaces what Catalog answers.
func (a *Adapter) SetCatalog(catalog *adapters.Catalog) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.catalog = catalog
}

// Server implements adapters.Adapter.
func (a *Adapter) Server() adapters.Server { return a.server }

// Session implements adapters.Adapter.
func (a *Adapter) Session(ctx context.Context) (adapters.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.closed {
		return nil, errClosed
	}
	a.sessions++
	a.open++
	return &session{adapter: a, number: a.sessions}, nil
}

// Catalog implements adapters.Adapter.
func (a *Adapter) Catalog(ctx context.Context, databases []string) (*adapters.Catalog, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	part := &adapters.Catalog{Databases: map[string]adapters.Database{}}
	for _, name := range databases {
		if d, ok := a.catalog.Databases[name]; ok {
			part.Databases[name] = d
		}
	}
	return part, nil
}

// Kill implements adapters.Adapter.
func (a *Adapter) Kill(ctx context.Context, queryIDs []string) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.killed = append(a.killed, queryIDs...)
	return ctx.Err()
}

// Close implements adapters.Adapter.
func (a *Adapter) Close() error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.closed = true
	return nil
}

// answer records a statement and finds its answer.
func (a *Adapter) answer(ctx context.Context, r Recorded) (*adapters.Table, adapters.Summary, error) {
	a.mutex.Lock()
	var found *Answer
	for _, candidate := range slices.Backward(a.answers) {
		if candidate.matches(r.SQL) && candidate.spend() {
			found = candidate
			break
		}
	}
	if r.QueryID == "" {
		r.QueryID = fmt.Sprintf("query-%d", len(a.recorded)+1)
	}
	table, summary, err := &adapters.Table{}, adapters.Summary{}, error(nil)
	var during func(context.Context) error
	if found != nil {
		table, summary, err, during = found.table, found.summary, found.err, found.during
	}
	r.Err = err
	at := len(a.recorded)
	a.recorded = append(a.recorded, r)
	a.mutex.Unlock()

	summary.QueryID = r.QueryID
	if during != nil {
		if err = during(ctx); err != nil {
			a.mutex.Lock()
			a.recorded[at].Err = err
			a.mutex.Unlock()
		}
	}
	if err != nil {
		return table, summary, err
	}
	if r.Progress != nil {
		r.Progress(summary.Progress)
	}
	if table == nil {
		table = &adapters.Table{}
	}
	return table, summary, nil
}
