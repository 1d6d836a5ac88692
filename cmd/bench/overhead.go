package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// Run is a run of the whole project beside its statements alone.
type Run struct {
	What    string `json:"what"`
	Models  int    `json:"models"`
	Threads int    `json:"threads"`
	Chmod   Cost   `json:"chmod"`
	// Idle is the same call when nothing is selected: start-up and loading.
	Idle Cost `json:"idle"`
	// Bare sends the statements that changed something again, one after the
	// other, on an empty database. It is measured for one thread.
	Bare       *Cost          `json:"bare,omitempty"`
	Statements map[string]int `json:"statements"` // by kind, of one run
	Repeated   int            `json:"repeated"`   // statements that were sent before in the run
}

// Ratio is chmod's time to that of the bare loop.
func (r Run) Ratio() float64 { return r.Chmod.Seconds / r.Bare.Seconds }

// PerModel is what a model takes beyond its statements, with and without the
// start, in milliseconds.
func (r Run) PerModel() (all, running float64) {
	over := r.Chmod.Seconds - r.Bare.Seconds
	return over * 1000 / float64(r.Models), (over - r.Idle.Seconds) * 1000 / float64(r.Models)
}

// overhead runs a project on an empty database, and again on the full one.
func (b *bench) overhead(ctx context.Context, e *engine) ([]Run, error) {
	p := generate.Project{Models: b.options.models, Seed: seed}
	dir, err := b.project(ctx, p.Models)
	if err != nil {
		return nil, err
	}
	idle, err := b.chmod(dir, e, "run", "--select", "tag:no_such_tag").median(ctx, b.options.runs)
	if err != nil {
		return nil, err
	}
	var all []Run
	for _, threads := range []int{1, 4} {
		first := Run{What: "first build", Models: p.Models, Threads: threads, Idle: idle}
		again := Run{What: "second build", Models: p.Models, Threads: threads, Idle: idle}
		var chmodFirst, chmodAgain, bareFirst, bareAgain []Cost
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
			if err := e.empty(ctx, p); err != nil {
				return nil, err
			}
			for _, bare := range []struct {
				statements []string
				costs      *[]Cost
			}{{one.statements, &bareFirst}, {two.statements, &bareAgain}} {
				c, err := b.replay(ctx, e, bare.statements)
				if err != nil {
					return nil, err
				}
				*bare.costs = append(*bare.costs, c)
			}
		}
		first.Chmod, again.Chmod = middle(chmodFirst), middle(chmodAgain)
		if threads == 1 {
			one, two := middle(bareFirst), middle(bareAgain)
			first.Bare, again.Bare = &one, &two
		}
		for _, r := range []Run{first, again} {
			b.tell("%6d models  %-12s threads %d  %8.3f s  %8.3f s CPU  idle %.3f s  bare %v", r.Models, r.What, r.Threads, r.Chmod.Seconds, r.Chmod.CPUSeconds, r.Idle.Seconds, r.Bare)
		}
		all = append(all, first, again)
	}
	return all, nil
}

// observed is a run of chmod and what it sent to change the database.
type observed struct {
	cost       Cost
	statements []string
}

// observe runs chmod and reads in the server's log what it sent.
func (e *engine) observe(ctx context.Context, p program, r *Run) (observed, error) {
	var o observed
	var before time.Time
	if err := e.connection.QueryRow(ctx, "SELECT now64(6)").Scan(&before); err != nil {
		return o, fmt.Errorf("ask for the time: %w", err)
	}
	var err error
	if o.cost, err = p.once(ctx); err != nil {
		return o, err
	}
	if err := e.connection.Exec(ctx, "SYSTEM FLUSH LOGS"); err != nil {
		return o, fmt.Errorf("flush the log: %w", err)
	}
	rows, err := e.connection.Query(ctx, `SELECT query, query_kind, query_kind IN ('Create', 'Insert', 'Rename', 'Drop', 'Alter', 'Exchange')
		FROM system.query_log
		WHERE type != 'QueryStart' AND is_initial_query AND query_start_time_microseconds >= $1 AND log_comment LIKE '%"app":"chmod"%'
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
		if seen[sql] {
			r.Repeated++
		}
		seen[sql] = true
		if changes == 1 {
			o.statements = append(o.statements, sql)
		}
	}
	return o, rows.Err()
}

// replay sends statements again in a process of its own.
func (b *bench) replay(ctx context.Context, e *engine, statements []string) (Cost, error) {
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
	var statements []string
	if err := json.Unmarshal(text, &statements); err != nil {
		return err
	}
	connection, err := connectChild()
	if err != nil {
		return err
	}
	defer connection.Close() // the process ends
	for _, sql := range statements {
		if err := connection.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.200s: %w", sql, err)
		}
	}
	return nil
}
