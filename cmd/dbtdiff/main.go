// Command dbtdiff makes small projects up, reads them with chmod and with
// dbt, and tells where the two differ.
//
// What dbt answers can be recorded: testdata/recorded holds such projects
// with their answers, which the tests compare without a dbt.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "dbtdiff:", err)
		os.Exit(1)
	}
}

type options struct {
	count, show  int
	seed         uint64
	work, python string
	record       string
	again        bool
	mistakes     bool
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("dbtdiff", flag.ContinueOnError)
	flags.IntVar(&o.count, "count", 50, "how many projects")
	flags.Uint64Var(&o.seed, "seed", 1, "the first project's seed; the others follow")
	flags.IntVar(&o.show, "show", 2, "how many examples of each difference")
	flags.StringVar(&o.work, "work", ".tools/dbtdiff", "where the projects are written")
	flags.StringVar(&o.python, "python", ".tools/dbt/bin/python", "a Python that has dbt-core and dbt-clickhouse")
	flags.StringVar(&o.record, "record", "", "a folder to write the projects to that show no difference, with dbt's answers")
	flags.BoolVar(&o.again, "again", false, "compare with the answers that are in the work folder already")
	flags.BoolVar(&o.mistakes, "mistakes", false, "a small project for each kind of mistake; count and seed say which of them")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var err error
	o.work, err = filepath.Abs(o.work)
	return o, err
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	projects, err := generated(o)
	if err != nil {
		return err
	}
	if !o.again {
		if err := ask(ctx, o, projects, out); err != nil {
			return err
		}
	}
	all := newReport(o.show)
	for _, p := range projects {
		before := all.total() + all.alone
		err := compareOne(ctx, p, all)
		if o.again && errors.Is(err, fs.ErrNotExist) {
			continue // dbt was not asked about this one
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.dir, err)
		}
		if o.record != "" && all.total()+all.alone == before {
			if err := record(p, o.record); err != nil {
				return fmt.Errorf("record %s: %w", p.dir, err)
			}
		}
	}
	all.print(out)
	if all.total() > 0 {
		return errors.New("chmod and dbt differ")
	}
	return nil
}
