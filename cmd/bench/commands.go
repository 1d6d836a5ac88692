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
	// Dbt is `dbt parse --no-partial-parse` on the same project, and Dbt2 that
	// of dbt v2; nil where they were not measured.
	Dbt  *Cost `json:"dbt_parse,omitempty"`
	Dbt2 *Cost `json:"dbt2_parse,omitempty"`
}

// Of is the cost of a call; false when it was not measured.
func (s Size) Of(call string) (Cost, bool) {
	for _, c := range s.Commands {
		if c.Call == call {
			return c.Cost, true
		}
	}
	return Cost{}, false
}

// empty reports whether nothing was measured.
func (s Size) empty() bool { return len(s.Commands) == 0 && s.Dbt == nil && s.Dbt2 == nil }

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

// large is from how many models on a command runs once: what it takes is no
// matter of milliseconds.
const large = 30_000

// slowForDbt is from how many models on dbt takes minutes.
const slowForDbt = 5_000

// commands measures a size, if that was asked for.
func (b *bench) commands(ctx context.Context, e *engine, s *Size) {
	if b.options.only["commands"] {
		b.part(ctx, fmt.Sprintf("a project of %d models", s.Models), func() error { return b.size(ctx, e, s) })
	}
}

func (b *bench) size(ctx context.Context, e *engine, s *Size) error {
	dir, err := b.project(ctx, s.Models)
	if err != nil {
		return err
	}
	if s.Files, s.Bytes, err = amount(dir); err != nil {
		return err
	}
	if err := e.empty(ctx, generate.Project{Models: s.Models, Seed: seed}); err != nil {
		return err
	}
	runs := b.options.runs
	if s.Models >= large {
		runs = 1
	}
	for _, call := range calls {
		b.part(ctx, fmt.Sprintf("chmod %s on %d models", join(call), s.Models), func() error {
			c := Command{Call: join(call)}
			if c.Cost, err = b.chmod(dir, e, call...).median(ctx, runs); err != nil {
				return err
			}
			b.told(s.Models, c.Call, c.Cost)
			s.Commands = append(s.Commands, c)
			return nil
		})
	}
	return nil
}

// beside lets dbt parse a project, which is written if nothing else was
// measured on it.
func (b *bench) beside(ctx context.Context, e *engine, s *Size, dbt dbtTools) {
	if !slices.Contains(b.options.dbtSizes, s.Models) {
		return
	}
	dir := b.folder(s.Models)
	if len(s.Commands) == 0 && (dbt.path != "" || dbt.path2 != "") {
		if _, err := b.project(ctx, s.Models); err != nil {
			b.part(ctx, fmt.Sprintf("dbt on %d models", s.Models), func() error { return err })
			return
		}
	}
	for _, other := range []struct {
		name, path, profiles string
		cost                 **Cost
	}{{"dbt parse", dbt.path, dir, &s.Dbt}, {"dbt v2 parse", dbt.path2, dbt.profiles2, &s.Dbt2}} {
		if other.path == "" {
			continue
		}
		b.part(ctx, fmt.Sprintf("%s on %d models", other.name, s.Models), func() (err error) {
			if *other.cost, err = b.dbtParse(ctx, other.path, dir, other.profiles, e); err != nil {
				return err
			}
			b.told(s.Models, other.name, **other.cost)
			return nil
		})
	}
}

// told shows a cost.
func (b *bench) told(models int, what string, c Cost) {
	b.tell("%6d models  %-30s %8.3f s  %8.3f s CPU  %5d MB", models, what, c.Seconds, c.CPUSeconds, c.PeakBytes>>20)
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
