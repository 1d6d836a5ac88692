package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// Seed is `chmod seed` beside a bare insert of the same rows.
type Seed struct {
	Rows  int   `json:"rows"`
	Bytes int64 `json:"bytes"` // of the file
	Chmod Cost  `json:"chmod"`
	// Small is the same call with a tenth of the rows, for its memory.
	Small Cost `json:"chmod_tenth"`
	// Bare makes the values in Go, without a file, and sends them by a batch
	// of the driver that is flushed as often as chmod's.
	Bare Cost `json:"bare"`
}

// Ratio is chmod's time to that of the bare insert.
func (s Seed) Ratio() float64 { return s.Chmod.Seconds / s.Bare.Seconds }

// bareBatch is how many rows the bare insert sends at once.
const bareBatch = 65_536

func (b *bench) seeds(ctx context.Context, e *engine) (*Seed, error) {
	s := &Seed{Rows: b.options.rows}
	if err := e.empty(ctx, generate.Project{}); err != nil {
		return nil, err
	}
	var err error
	for _, part := range []struct {
		rows int
		cost *Cost
	}{{s.Rows / 10, &s.Small}, {s.Rows, &s.Chmod}} {
		dir := filepath.Join(b.options.work, "seed-"+strconv.Itoa(part.rows))
		b.tell("writing a seed of %d rows", part.rows)
		if _, err := b.self(ctx, "csv", strconv.Itoa(part.rows), dir); err != nil {
			return nil, err
		}
		if _, s.Bytes, err = amount(filepath.Join(dir, "seeds")); err != nil {
			return nil, err
		}
		if *part.cost, err = b.chmod(dir, e, "seed", "--quiet", "--threads", "1").median(ctx, b.options.runs); err != nil {
			return nil, err
		}
	}
	var bare []Cost
	for range b.options.runs {
		// Like the table that chmod made, with another name.
		for _, sql := range []string{"DROP TABLE IF EXISTS bench.bare SYNC", "CREATE TABLE bench.bare AS bench.postings"} {
			if err := e.connection.Exec(ctx, sql); err != nil {
				return nil, fmt.Errorf("make the table of the bare insert: %w", err)
			}
		}
		c, err := b.selfWith(ctx, e.env, "insert", strconv.Itoa(s.Rows), "bench.bare")
		if err != nil {
			return nil, err
		}
		bare = append(bare, c)
	}
	s.Bare = middle(bare)
	b.tell("seed of %d rows: %.3f s  %.3f s CPU  %d MB; bare %.3f s  %.3f s CPU  %d MB", s.Rows,
		s.Chmod.Seconds, s.Chmod.CPUSeconds, s.Chmod.PeakBytes>>20, s.Bare.Seconds, s.Bare.CPUSeconds, s.Bare.PeakBytes>>20)
	return s, e.same(ctx)
}

// same checks that both ways brought the same rows.
func (e *engine) same(ctx context.Context) error {
	var differ uint8
	err := e.connection.QueryRow(ctx, `SELECT (SELECT (count(), sum(cityHash64(*))) FROM bench.postings) != (SELECT (count(), sum(cityHash64(*))) FROM bench.bare)`).Scan(&differ)
	if err != nil {
		return fmt.Errorf("compare the seed's rows: %w", err)
	}
	if differ != 0 {
		return fmt.Errorf("the seed's rows differ from those of the bare insert")
	}
	return nil
}

// insert is the bare insert.
func insert(ctx context.Context, rows int, table string) error {
	connection, err := connectChild()
	if err != nil {
		return err
	}
	defer connection.Close() // the process ends
	batch, err := connection.PrepareBatch(ctx, "INSERT INTO "+table+" (id, account, amount, day)")
	if err != nil {
		return err
	}
	for row := range (generate.Table{Rows: rows, Seed: seed}).All() {
		if err := batch.Append(row.ID, row.Account, row.Amount, row.Day); err != nil {
			return err
		}
		if batch.Rows() == bareBatch {
			if err := batch.Flush(); err != nil {
				return err
			}
		}
	}
	return batch.Send()
}
