package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// Seed is `chmod seed` beside bare inserts of the same rows.
type Seed struct {
	Rows  int   `json:"rows"`
	Bytes int64 `json:"bytes"` // of the file
	Chmod Cost  `json:"chmod"`
	// Small is the same call with a tenth of the rows, and Large one with
	// LargeRows of them: for the memory that they take.
	Small      Cost  `json:"chmod_tenth"`
	Large      *Cost `json:"chmod_large,omitempty"`
	LargeRows  int   `json:"large_rows,omitempty"`
	LargeBytes int64 `json:"large_bytes,omitempty"`
	// Bare makes the values in Go, without a file, and sends them by a batch
	// of the driver that is flushed as often as chmod's. BareCSV reads them from
	// the file with encoding/csv first.
	Bare    Cost `json:"bare"`
	BareCSV Cost `json:"bare_csv"`
}

// Ratio is chmod's time to that of the bare insert, without a file and with.
func (s Seed) Ratio() (bare, fromFile float64) {
	return s.Chmod.Seconds / s.Bare.Seconds, s.Chmod.Seconds / s.BareCSV.Seconds
}

// bareBatch is how many rows the bare insert sends at once.
const bareBatch = 65_536

func (b *bench) seeds(ctx context.Context, e *engine) (*Seed, error) {
	s := &Seed{Rows: b.options.rows}
	if err := e.empty(ctx, generate.Project{}); err != nil {
		return nil, err
	}
	var err error
	if s.Small, _, err = b.seed(ctx, e, s.Rows/10, b.options.runs); err != nil {
		return nil, err
	}
	if b.options.large > 0 {
		s.LargeRows = b.options.large
		b.part(ctx, fmt.Sprintf("a seed of %d rows", s.LargeRows), func() error {
			large, size, err := b.seed(ctx, e, s.LargeRows, 1)
			if err == nil {
				s.Large, s.LargeBytes = &large, size
			}
			return err
		})
	}
	if s.Chmod, s.Bytes, err = b.seed(ctx, e, s.Rows, b.options.runs); err != nil {
		return nil, err
	}
	for _, way := range []struct {
		from string
		cost *Cost
	}{{"", &s.Bare}, {b.seedFile(s.Rows), &s.BareCSV}} {
		var all []Cost
		for range b.options.runs {
			// Like the table that chmod made, with another name.
			for _, sql := range []string{"DROP TABLE IF EXISTS bench.bare SYNC", "CREATE TABLE bench.bare AS bench.postings"} {
				if err := e.connection.Exec(ctx, sql); err != nil {
					return nil, fmt.Errorf("make the table of the bare insert: %w", err)
				}
			}
			c, err := b.selfWith(ctx, e.env, "insert", strconv.Itoa(s.Rows), "bench.bare", way.from)
			if err != nil {
				return nil, err
			}
			all = append(all, c)
		}
		*way.cost = middle(all)
		if err := e.same(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// seed loads a generated file of so many rows.
func (b *bench) seed(ctx context.Context, e *engine, rows, runs int) (c Cost, size int64, err error) {
	file := b.seedFile(rows)
	dir := filepath.Dir(filepath.Dir(file))
	if _, err := b.self(ctx, "csv", strconv.Itoa(rows), dir); err != nil {
		return c, 0, err
	}
	if _, size, err = amount(filepath.Dir(file)); err != nil {
		return c, 0, err
	}
	c, err = b.chmod(dir, e, "seed", "--quiet", "--threads", "1").median(ctx, runs)
	b.tell("%8d rows  chmod seed  %8.3f s  %8.3f s CPU  %5d MB", rows, c.Seconds, c.CPUSeconds, c.PeakBytes>>20)
	return c, size, err
}

func (b *bench) seedFile(rows int) string {
	return filepath.Join(b.options.work, "seed-"+strconv.Itoa(rows), "seeds", "postings.csv")
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

// insert is the bare insert, of rows that are made or read from a file.
func insert(ctx context.Context, rows int, table, file string) error {
	connection, err := connectChild()
	if err != nil {
		return err
	}
	defer connection.Close() // the process ends
	batch, err := connection.PrepareBatch(ctx, "INSERT INTO "+table+" (id, account, amount, day)")
	if err != nil {
		return err
	}
	add := func(row generate.Row) error {
		if err := batch.Append(row.ID, row.Account, row.Amount, row.Day); err != nil {
			return err
		}
		if batch.Rows() == bareBatch {
			return batch.Flush()
		}
		return nil
	}
	if file != "" {
		err = readRows(file, add)
	} else {
		for row := range (generate.Table{Rows: rows, Seed: seed}).All() {
			if err = add(row); err != nil {
				break
			}
		}
	}
	if err != nil {
		return err
	}
	return batch.Send()
}

// readRows reads a seed as a short program would.
func readRows(path string, add func(generate.Row) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the seed: %w", err)
	}
	defer file.Close() // it was only read
	lines := csv.NewReader(bufio.NewReaderSize(file, 1<<20))
	lines.ReuseRecord = true
	if _, err := lines.Read(); err != nil { // the names of the columns
		return fmt.Errorf("read the seed: %w", err)
	}
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the seed: %w", err)
		}
		var row generate.Row
		var ofID, ofAmount, ofDay error
		row.ID, ofID = strconv.ParseInt(cells[0], 10, 64)
		row.Account = cells[1]
		row.Amount, ofAmount = strconv.ParseFloat(cells[2], 64)
		row.Day, ofDay = time.Parse(time.DateOnly, cells[3])
		if err := errors.Join(ofID, ofAmount, ofDay, add(row)); err != nil {
			return err
		}
	}
}
