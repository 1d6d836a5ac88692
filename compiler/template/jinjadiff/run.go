package jinjadiff

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Options say whom to ask.
type Options struct {
	// Python is the interpreter that has Jinja2.
	Python string
	// Context is the JSON file with the values of the corpus's names.
	Context string
	// Workers is how many to ask at once.
	Workers int
	// Packages are the macros of projects, by package.
	Packages map[string][]PackageMacro
	// Shrink says to make the templates of differences small, without which
	// the table of known ones does not fit them.
	Shrink bool
}

// Run compares answers and counts. It is safe for concurrent use only through
// All.
type Run struct {
	oracle *Oracle
	chmod  *Chmod
	shrink bool
}

// enough is how many differences of one kind are looked at closely while none
// of them is known.
const enough = 25

// All asks every question and gives the counts.
func All(ctx context.Context, o Options, asks func(yield func(Ask) bool)) (*Report, error) {
	corpus, err := os.ReadFile(o.Context)
	if err != nil {
		return nil, fmt.Errorf("read the values of the corpus: %w", err)
	}
	report := NewReport()
	var lock sync.Mutex
	questions := make(chan Ask)
	group, ctx := errgroup.WithContext(ctx)
	for range max(o.Workers, 1) {
		group.Go(func() error {
			oracle, err := NewOracle(ctx, o.Python, o.Context)
			if err != nil {
				return err
			}
			defer oracle.Close()
			r := &Run{oracle: oracle, chmod: NewChmod(string(corpus)), shrink: o.Shrink}
			if o.Packages != nil {
				r.chmod.Packages(o.Packages)
				if err := oracle.Packages(o.Packages); err != nil {
					return err
				}
			}
			for ask := range questions {
				if err := r.one(ctx, ask, report, &lock); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(questions)
		for ask := range asks {
			select {
			case questions <- ask:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return report, group.Wait()
}

func (r *Run) one(ctx context.Context, ask Ask, report *Report, lock *sync.Mutex) error {
	python, ours, err := r.both(ctx, ask)
	if err != nil {
		return err
	}
	if python.Lost != "" || !differs(python, ours) {
		lock.Lock()
		defer lock.Unlock()
		report.agree(ask, python, ours)
		return nil
	}
	d := Difference{Ask: ask, Python: python, Ours: ours}
	lock.Lock()
	look := r.shrink && report.unknown(d.Kind()) < enough
	lock.Unlock()
	small := d
	if look {
		if small, err = r.smallest(ctx, d); err != nil {
			return err
		}
	}
	small.Known = knownAs(small)
	lock.Lock()
	defer lock.Unlock()
	report.differ(ask, small)
	return nil
}

// both asks both.
func (r *Run) both(ctx context.Context, ask Ask) (python, ours Answer, err error) {
	if python, err = r.oracle.Ask(ctx, ask); err != nil {
		return python, ours, err
	}
	ours = r.chmod.Ask(ctx, ask)
	if errors.Is(ctx.Err(), context.Canceled) {
		return python, ours, ctx.Err()
	}
	return python, ours, nil
}

// compare is nil when the two agree, or Python has no answer.
func (r *Run) compare(ctx context.Context, ask Ask) (*Difference, error) {
	python, ours, err := r.both(ctx, ask)
	if err != nil || python.Lost != "" || !differs(python, ours) {
		return nil, err
	}
	return &Difference{Ask: ask, Python: python, Ours: ours}, nil
}
