package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// bench is one run of all that is measured.
type bench struct {
	options options
	report  *Report
	say     io.Writer // what goes on, for whoever waits
}

func (b *bench) measureAll(ctx context.Context) error {
	r := b.report
	var err error
	if r.Machine, err = machine(ctx, b.options.chmod); err != nil {
		return err
	}
	tool, unavailable := "", ""
	if b.options.only["dbt"] {
		tool, unavailable = b.dbt(ctx)
		r.DbtVersion, r.DbtAbsent = dbtVersion(ctx, tool), unavailable
		r.Dbt2Absent = b.dbt2(ctx)
	}
	engine, err := b.startEngine(ctx)
	if err != nil {
		return err
	}
	defer engine.stop()
	r.Machine.Engine = engine.server.Version
	if b.options.only["commands"] {
		for _, models := range b.options.sizes {
			s, err := b.size(ctx, engine, models, tool)
			if err != nil {
				return fmt.Errorf("a project of %d models: %w", models, err)
			}
			r.Sizes = append(r.Sizes, s)
		}
	}
	if b.options.only["run"] {
		if r.Runs, err = b.overhead(ctx, engine); err != nil {
			return fmt.Errorf("run a project: %w", err)
		}
	}
	if b.options.only["seed"] {
		if r.Seed, err = b.seeds(ctx, engine); err != nil {
			return fmt.Errorf("load a seed: %w", err)
		}
	}
	r.Machine.LoadAfter = load()
	return nil
}

// tell shows a line of progress.
func (b *bench) tell(format string, args ...any) {
	fmt.Fprintf(b.say, format+"\n", args...)
}

// project is the folder of the generated project of a size, written when it
// is not there.
func (b *bench) project(ctx context.Context, models int) (string, error) {
	dir := filepath.Join(b.options.work, "models-"+strconv.Itoa(models))
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("remove an earlier project: %w", err)
	}
	b.tell("writing %d models", models)
	_, err := b.self(ctx, "project", strconv.Itoa(models), dir)
	return dir, err
}
