package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// Build is a run of the whole project beside its statements alone.
type Build struct {
	What    string `json:"what"`
	Models  int    `json:"models"`
	Threads int    `json:"threads"`
	Chmod   Cost   `json:"chmod"`
	// Idle is the same call when nothing is selected: start-up and loading.
	Idle Cost `json:"idle"`
	// Bare sends the same statements again, one after the other, on a database
	// in the same state. It is measured for one thread. BareChanges leaves out
	// those that only ask.
	Bare        *Cost          `json:"bare,omitempty"`
	BareChanges *Cost          `json:"bare_changes,omitempty"`
	Statements  map[string]int `json:"statements"` // by kind, of one run
	Repeated    int            `json:"repeated"`   // questions that were asked before in the run
}

// Ratio is chmod's time to that of the bare loop.
func (r Build) Ratio() float64 { return r.Chmod.Seconds / r.Bare.Seconds }

// PerModel is what a model takes beyond its statements, with and without the
// start, in milliseconds.
func (r Build) PerModel() (all, running float64) {
	over := r.Chmod.Seconds - r.Bare.Seconds
	return over * 1000 / float64(r.Models), (over - r.Idle.Seconds) * 1000 / float64(r.Models)
}

// overhead runs a project on an empty database, and again on the full one.
func (b *bench) overhead(ctx context.Context, e *engine) ([]Build, error) {
	p := generate.Project{Models: b.options.models, Seed: seed, Flat: true}
	dir := filepath.Join(b.options.work, "run")
	if err := b.write(ctx, p.Models, dir, flat); err != nil {
		return nil, err
	}
	idle, err := b.chmod(dir, e, "run", "--select", "tag:no_such_tag").median(ctx, b.options.runs)
	if err != nil {
		return nil, err
	}
	var all []Build
	for _, threads := range []int{1, 4} {
		first := Build{What: "first build", Models: p.Models, Threads: threads, Idle: idle}
		again := Build{What: "second build", Models: p.Models, Threads: threads, Idle: idle}
		var chmodFirst, chmodAgain []Cost
		var bare [2][2][]Cost // with and without asking, first and again
		for range b.options.runs {
			if err := e.empty(ctx, p); err != nil {
				return nil, err
			}
			call := b.chmod(dir, e, "run", "--quiet", "--threads", strconv.Itoa(threads))
			one, err := e.observe(ctx, call, &first)
			if err != nil {
				return nil, err
			}
			two, err := e.observe(ctx, call, &again)
			if err != nil {
				return nil, err
			}
			chmodFirst, chmodAgain = append(chmodFirst, one.cost), append(chmodAgain, two.cost)
			if threads != 1 {
				continue
			}
			for at, changes := range []bool{false, true} {
				if err := e.empty(ctx, p); err != nil {
					return nil, err
				}
				for i, o := range []observed{one, two} {
					c, err := b.replay(ctx, e, o.sent(changes))
					if err != nil {
						return nil, err
					}
					bare[at][i] = append(bare[at][i], c)
				}
			}
		}
		first.Chmod, again.Chmod = middle(chmodFirst), middle(chmodAgain)
		if threads == 1 {
			for i, r := range []*Build{&first, &again} {
				all, changes := middle(bare[0][i]), middle(bare[1][i])
				r.Bare, r.BareChanges = &all, &changes
			}
		}
		for _, r := range []Build{first, again} {
			b.tell("%6d models  %-12s threads %d  %8.3f s  %8.3f s CPU  idle %.3f s", r.Models, r.What, r.Threads, r.Chmod.Seconds, r.Chmod.CPUSeconds, r.Idle.Seconds)
		}
		all = append(all, first, again)
	}
	return all, nil
}

// observed is a run of chmod and what it sent.
type observed struct {
	cost       Cost
	statements []statement
}

// statement is one that is sent again; Asks says that it has an answer, Notes
// that it is of what a run writes of itself. The bare loop has nothing to note:
// it leaves those out.
type statement struct {
	SQL   string
	Asks  bool
	Notes bool
}

// sent are the statements that the bare loop sends: all of them or those that
// change something.
func (o observed) sent(changes bool) []statement {
	return slices.DeleteFunc(slices.Clone(o.statements), func(s statement) bool { return s.Notes || changes && s.Asks })
}

// observe runs chmod and reads in the server's log what it sent.
func (e *engine) observe(ctx context.Context, p program, r *Build) (observed, error) {
	var o observed
	var before int64 // in microseconds: as a time it would lose them on the way back
	if err := e.connection.QueryRow(ctx, "SELECT toUnixTimestamp64Micro(now64(6))").Scan(&before); err != nil {
		return o, fmt.Errorf("ask for the time: %w", err)
	}
	var err error
	if o.cost, err = p.once(ctx); err != nil {
		return o, err
	}
	if err := e.connection.Exec(ctx, "SYSTEM FLUSH LOGS"); err != nil {
		return o, fmt.Errorf("flush the log: %w", err)
	}
	rows, err := e.connection.Query(ctx, `SELECT query, query_kind, query_kind IN ('Create', 'Insert', 'Rename', 'Drop', 'Alter')
		FROM system.query_log
		WHERE type != 'QueryStart' AND is_initial_query AND toUnixTimestamp64Micro(query_start_time_microseconds) >= $1 AND query_kind NOT IN ('System', 'KillQuery')
		ORDER BY query_start_time_microseconds`, before)
	if err != nil {
		return o, fmt.Errorf("read the log: %w", err)
	}
	defer rows.Close() // its error is that of Err
	r.Statements, r.Repeated = map[string]int{}, 0
	seen := map[string]bool{}
	for rows.Next() {
		var sql, kind string
		var changes uint8
		if err := rows.Scan(&sql, &kind, &changes); err != nil {
			return o, fmt.Errorf("read the log: %w", err)
		}
		if kind == "" {
			kind = "other"
		}
		r.Statements[kind]++
		if seen[sql] && changes == 0 {
			r.Repeated++
		}
		seen[sql] = true
		notes := strings.Contains(sql, "`chmod`") || strings.Contains(sql, "database = 'chmod'")
		o.statements = append(o.statements, statement{SQL: sql, Asks: changes == 0, Notes: notes})
	}
	return o, rows.Err()
}

// replay sends statements again in a process of its own.
func (b *bench) replay(ctx context.Context, e *engine, statements []statement) (Cost, error) {
	path := filepath.Join(b.options.work, "statements.json")
	text, err := json.Marshal(statements)
	if err != nil {
		return Cost{}, err
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return Cost{}, fmt.Errorf("write the statements: %w", err)
	}
	return b.selfWith(ctx, e.env, "replay", path)
}

// replay is the bare loop: the statements one after the other on one
// connection of the driver.
func replay(ctx context.Context, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var statements []statement
	if err := json.Unmarshal(text, &statements); err != nil {
		return err
	}
	connection, err := connectChild()
	if err != nil {
		return err
	}
	defer connection.Close() // the process ends
	for _, s := range statements {
		send := connection.Exec
		if s.Asks {
			send = func(ctx context.Context, sql string, _ ...any) error { return ask(ctx, connection, sql) }
		}
		if err := send(ctx, s.SQL); err != nil {
			return fmt.Errorf("%.200s: %w", s.SQL, err)
		}
	}
	return nil
}

// ask sends a question and reads the answer to its end.
func ask(ctx context.Context, connection driver.Conn, sql string) error {
	rows, err := connection.Query(ctx, sql)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return errors.Join(rows.Err(), rows.Close())
}
