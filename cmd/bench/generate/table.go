package generate

import (
	"bufio"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Table is a seed of narrow rows.
type Table struct {
	Rows int
	Seed uint64
}

// Row is one of its rows.
type Row struct {
	ID      int64
	Account string
	Amount  float64
	Day     time.Time
}

// All gives the rows in order.
func (t Table) All() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		r := rand.New(rand.NewPCG(t.Seed, 6))
		first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range t.Rows {
			row := Row{
				ID:      int64(i),
				Account: "ACC-" + strconv.Itoa(100_000+r.IntN(900_000)),
				Amount:  float64(r.IntN(10_000_000)) / 100,
				Day:     first.AddDate(0, 0, r.IntN(365)),
			}
			if !yield(row) {
				return
			}
		}
	}
}

// Write writes a project with the table as its only seed, called postings.
func (t Table) Write(dir string) error {
	settings := map[string]string{}
	Project{}.settings(settings)
	settings["dbt_project.yml"] = "name: bench\nversion: \"1.0.0\"\nconfig-version: 2\nprofile: bench\nseed-paths: [seeds]\n"
	delete(settings, "packages.yml")
	if err := os.MkdirAll(filepath.Join(dir, "seeds"), 0o750); err != nil {
		return fmt.Errorf("make the folder of a seed: %w", err)
	}
	for path, text := range settings {
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write a generated file: %w", err)
		}
	}
	file, err := os.Create(filepath.Join(dir, "seeds", "postings.csv"))
	if err != nil {
		return fmt.Errorf("write a seed: %w", err)
	}
	out := bufio.NewWriter(file)
	fmt.Fprintln(out, "id,account,amount,day")
	for row := range t.All() {
		fmt.Fprintf(out, "%d,%s,%.2f,%s\n", row.ID, row.Account, row.Amount, row.Day.Format(time.DateOnly))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write a seed: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write a seed: %w", err)
	}
	return nil
}
