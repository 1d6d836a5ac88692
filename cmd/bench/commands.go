package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// Size is what commands cost on a project of one size.
type Size struct {
	Models   int       `json:"models"`
	Files    int       `json:"files"`
	Bytes    int64     `json:"bytes"`
	Commands []Command `json:"commands"`
	// Dbt is `dbt parse --no-partial-parse` on the same project, nil where it
	// was not measured.
	Dbt *Cost `json:"dbt_parse,omitempty"`
}

// Command is a call of chmod and its cost.
type Command struct {
	Call string `json:"call"`
	Cost
}

// calls are measured at each size. The last one selects nothing.
var calls = [][]string{
	{"--version"},
	{"parse"},
	{"ls"},
	{"compile"},
	{"plan"},
	{"run", "--select", "tag:no_such_tag"},
}

// chmod is a call of the binary on a project.
func (b *bench) chmod(dir string, e *engine, call ...string) program {
	args := append([]string{b.options.chmod}, call...)
	if call[0] != "--version" {
		args = append(args, "--project-dir", dir, "--profiles-dir", dir)
	}
	return program{args: args, env: e.env}
}

func (b *bench) size(ctx context.Context, e *engine, models int, dbt string) (Size, error) {
	s := Size{Models: models}
	dir, err := b.project(ctx, models)
	if err != nil {
		return s, err
	}
	if s.Files, s.Bytes, err = amount(dir); err != nil {
		return s, err
	}
	if err := e.empty(ctx, generate.Project{Models: models, Seed: seed}); err != nil {
		return s, err
	}
	for _, call := range calls {
		c := Command{Call: join(call)}
		if c.Cost, err = b.chmod(dir, e, call...).median(ctx, b.options.runs); err != nil {
			return s, err
		}
		b.tell("%6d models  %-30s %8.3f s  %8.3f s CPU  %5d MB", models, c.Call, c.Seconds, c.CPUSeconds, c.PeakBytes>>20)
		s.Commands = append(s.Commands, c)
	}
	if dbt != "" && slices.Contains(b.options.dbtSizes, models) {
		if s.Dbt, err = b.dbtParse(ctx, dbt, dir, e); err != nil {
			return s, err
		}
		b.tell("%6d models  %-30s %8.3f s  %8.3f s CPU  %5d MB", models, "dbt parse", s.Dbt.Seconds, s.Dbt.CPUSeconds, s.Dbt.PeakBytes>>20)
	}
	return s, nil
}

// amount counts the files of a project.
func amount(dir string) (files int, size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files++
		size += info.Size()
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count the files of a project: %w", err)
	}
	return files, size, nil
}
