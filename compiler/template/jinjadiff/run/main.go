// Command run compares compiler/template with Python's Jinja2 for make and for
// whoever wants to know:
//
//	go run ./compiler/template/jinjadiff/run -python .tools/jinja/bin/python -count 100000
//
// It ends with an error when a difference is not in the table of known ones.
// With -fill it writes Python's answers into a file of the corpus.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/chmod-sql/chmod/compiler/template/jinjadiff"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "jinja-diff:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	python := flags.String("python", "python3", "a Python that has Jinja2 3.1")
	testdata := flags.String("testdata", "compiler/template/testdata", "the folder of the corpus")
	seed := flags.Uint64("seed", 1, "what the generated templates start from")
	from := flags.Int("from", 0, "the number of the first generated template; those before it are left out, and so is the corpus")
	count := flags.Int("count", 5000, "how many templates to generate")
	projects := flags.String("projects", "", "a folder with dbt projects, whose files are asked too")
	skip := flags.Int("skip", 0, "how many questions of the corpus and the projects to leave out")
	workers := flags.Int("workers", 2, "how many Pythons to ask at once")
	shrink := flags.Bool("shrink", true, "make the templates of differences small; needed for the table of known ones")
	fill := flags.String("fill", "", "a file of the corpus to fill with Python's answers, and nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	options := jinjadiff.Options{Python: *python, Context: *testdata + "/context.json", Workers: *workers, Shrink: *shrink}
	if *fill != "" {
		return jinjadiff.Fill(ctx, options, *fill)
	}
	start := time.Now()
	var asks []jinjadiff.Ask
	if *from == 0 {
		corpus, err := jinjadiff.Corpus(*testdata + "/corpus")
		if err != nil {
			return err
		}
		asks = corpus
	}
	if *projects != "" {
		found, err := jinjadiff.Projects(*projects)
		if err != nil {
			return err
		}
		options.Packages = found.Packages
		asks = append(asks, found.Asks...)
	}
	asks = asks[min(*skip, len(asks)):]
	fmt.Println(len(asks), "questions of the corpus and the projects,", *count, "generated")
	report, err := jinjadiff.All(ctx, options, func(yield func(jinjadiff.Ask) bool) {
		for _, ask := range asks {
			if !yield(ask) {
				return
			}
		}
		jinjadiff.Generated(*seed, *from, *count)(yield)
	})
	if report != nil { // of what was asked until now, when it was interrupted
		fmt.Print(report)
		fmt.Println("took", time.Since(start).Round(time.Millisecond))
	}
	if err != nil {
		return err
	}
	return report.Err()
}
