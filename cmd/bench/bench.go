package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// bench is one run of all that is measured.
type bench struct {
	options options
	report  *Report
	say     io.Writer // what goes on, for whoever waits
}

// measureAll measures all parts. What goes wrong in one of them is told in the
// report, and the others are measured all the same: the error is for what
// nothing can be measured without.
func (b *bench) measureAll(ctx context.Context) error {
	r := b.report
	var err error
	if r.Machine, err = machine(ctx, b.options.chmod); err != nil {
		return err
	}
	r.Runs = b.options.runs
	dbt := dbtTools{absent: "it was not asked for", absent2: "it was not asked for"}
	if b.options.only["dbt"] {
		dbt = b.findDbt(ctx)
		r.Dbt, r.DbtAbsent, r.Dbt2, r.Dbt2Absent = dbt.version, dbt.absent, dbt.version2, dbt.absent2
	}
	engine, err := b.startEngine(ctx)
	if err != nil {
		return err
	}
	defer engine.stop()
	r.Machine.Engine = engine.server.Version
	r.Sizes = make([]Size, len(b.options.sizes))
	for i, models := range b.options.sizes {
		r.Sizes[i].Models = models
	}
	// What takes longest comes last: should the time run out, the rest is there.
	for i := range r.Sizes {
		if r.Sizes[i].Models < large {
			b.commands(ctx, engine, &r.Sizes[i])
		}
	}
	if b.options.only["run"] {
		b.part(ctx, "the run of a project", func() error {
			r.Builds, err = b.overhead(ctx, engine)
			return err
		})
	}
	if b.options.only["seed"] {
		b.part(ctx, "the load of a seed", func() error {
			r.Seed, err = b.seeds(ctx, engine)
			return err
		})
	}
	if b.options.only["loads"] {
		b.part(ctx, "incremental loads", func() error {
			r.Loads, err = b.loads(ctx, engine, dbt)
			return err
		})
	}
	for i := range r.Sizes {
		if r.Sizes[i].Models < slowForDbt {
			b.beside(ctx, engine, &r.Sizes[i], dbt)
		}
	}
	for i := range r.Sizes {
		if r.Sizes[i].Models >= large {
			b.commands(ctx, engine, &r.Sizes[i])
		}
	}
	for i := range r.Sizes {
		if r.Sizes[i].Models >= slowForDbt {
			b.beside(ctx, engine, &r.Sizes[i], dbt)
		}
	}
	r.Sizes = slices.DeleteFunc(r.Sizes, Size.empty)
	r.Machine.LoadAfter = load()
	return nil
}

// part measures something. When that fails, the report says so.
func (b *bench) part(ctx context.Context, name string, measure func() error) {
	err := ctx.Err()
	if err == nil {
		err = measure()
	}
	if err == nil {
		return
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("there was no time left of %s", b.options.atMost)
	}
	b.tell("%s: %v", name, err)
	b.report.Failed = append(b.report.Failed, Failure{Part: name, Error: err.Error()})
}

// tell shows a line of progress.
func (b *bench) tell(format string, args ...any) {
	fmt.Fprintf(b.say, format+"\n", args...)
}

func (b *bench) folder(models int) string {
	return filepath.Join(b.options.work, "models-"+strconv.Itoa(models))
}

// project is the folder of the generated project of a size, written anew.
func (b *bench) project(ctx context.Context, models int) (string, error) {
	dir := b.folder(models)
	return dir, b.write(ctx, models, dir, "")
}

// write writes a generated project of some shape into a folder, in the place of
// what is there.
func (b *bench) write(ctx context.Context, models int, dir, shape string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove an earlier project: %w", err)
	}
	b.tell("writing %d models", models)
	_, err := b.self(ctx, "project", strconv.Itoa(models), dir, shape)
	return err
}
