// Command bench measures bin/chmod on generated projects: what its commands
// cost at several sizes, what a run and a seed cost beside the same work sent
// by a bare driver, and what dbt takes for the same project.
//
// It writes a report in Markdown and in JSON. Everything happens in one run on
// one machine, and each figure is of a process of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters/embedded"
)

// seed makes the projects the same in each run.
const seed = 1

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case embedded.Subcommand:
			os.Exit(embedded.Main(os.Args[2:]))
		case childSubcommand:
			os.Exit(child(os.Args[2:]))
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are what to measure, and where.
type options struct {
	chmod, work string
	sizes       []int
	runs        int
	models      int // of the project that is run
	rows        int // of the seed
	large       int // rows of a seed that is loaded for its memory
	factRows    int // of the fact that is loaded incrementally
	dbt, dbt2   string
	dbtSizes    []int
	only        map[string]bool
	page        string
	atMost      time.Duration
}

func parse(args []string) (options, error) {
	var o options
	var sizes, dbtSizes, only string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.chmod, "chmod", "bin/chmod", "the binary to measure")
	flags.StringVar(&o.work, "work", ".bench", "folder for projects and the report")
	flags.StringVar(&sizes, "sizes", "1000,10000,50000", "models of the generated projects")
	flags.IntVar(&o.runs, "runs", 3, "how often each command runs; the report has the median")
	flags.IntVar(&o.models, "models", 200, "models of the project that is run on the engine")
	flags.IntVar(&o.rows, "rows", 1_000_000, "rows of the seed")
	flags.IntVar(&o.large, "large-rows", 5_000_000, "rows of a larger seed, for the memory it takes")
	flags.IntVar(&o.factRows, "fact-rows", 100_000_000, "rows of the fact that is loaded incrementally")
	flags.StringVar(&o.dbt2, "dbt2", "", "a dbt v2 to measure instead of installing one")
	flags.StringVar(&o.page, "page", "", "write the report to this page as well")
	flags.DurationVar(&o.atMost, "at-most", 15*time.Minute, "stop after this long, and report what was measured")
	flags.StringVar(&o.dbt, "dbt", "", "a dbt to measure instead of installing one")
	flags.StringVar(&dbtSizes, "dbt-sizes", "1000,10000", "sizes that dbt parses, too; none when empty")
	flags.StringVar(&only, "only", "commands,run,seed,loads,dbt", "parts to measure")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.chmod, err = filepath.Abs(o.chmod); err != nil {
		return o, err
	}
	if o.work, err = filepath.Abs(o.work); err != nil {
		return o, err
	}
	o.only = map[string]bool{}
	for part := range strings.SplitSeq(only, ",") {
		o.only[part] = true
	}
	if o.sizes, err = numbers(sizes); err != nil {
		return o, err
	}
	o.dbtSizes, err = numbers(dbtSizes)
	return o, err
}

func numbers(list string) ([]int, error) {
	var all []int
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("sizes are numbers with commas between them, not %q", list)
		}
		all = append(all, n)
	}
	return all, nil
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.work, 0o750); err != nil {
		return fmt.Errorf("make the folder for the report: %w", err)
	}
	b := &bench{options: o, report: &Report{}, say: os.Stderr}
	limited, stop := context.WithTimeout(ctx, o.atMost)
	defer stop()
	if err := b.measureAll(limited); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.report.write(o.work, o.page); err != nil {
		return err
	}
	if n := len(b.report.Failed); n > 0 {
		return fmt.Errorf("%d parts were not measured, see the report in %s", n, o.work)
	}
	return nil
}
