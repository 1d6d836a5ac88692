// Package matrix keeps what became of builds on clusters that were broken while
// readers watched, and writes it down as a page.
//
// Its main type is Series: one fault on one layout, struck at each boundary
// between two steps. Tests save series in a folder, each to a file of its own;
// Page makes one document of all of them. The package refuses to judge: what is
// unclean is written as it was seen.
package matrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters/bed/watch"
)

// Variable names the environment variable with the folder that series are saved
// in. When it is set, tests strike at every boundary, and at some otherwise.
const Variable = "CHMOD_TEST_MATRIX"

// Wanted is the folder to save series in, empty when none is wanted.
func Wanted() string { return os.Getenv(Variable) }

// Series is one fault on one layout.
type Series struct {
	Order  int    // among the series of a page
	Fault  string // what was done, in words
	Layout string // as in 1x3
	Server string // version
	Date   string
	// Of is how many boundaries there are, 0 when nobody counted.
	Of    int
	Cells []Cell
}

// Outcome is how a build ended.
type Outcome string

const (
	Succeeded Outcome = "succeeds"
	Warned    Outcome = "warns"
	Failed    Outcome = "fails"
	Killed    Outcome = "is dead"
)

// Cell is one build, with the fault at one boundary.
type Cell struct {
	// After is the step after which the fault struck, as in "3 fill it".
	After   string
	Outcome Outcome
	// Said is what chmod said, in short.
	Said string
	// Names says that it named the host that was broken.
	Names bool
	Saw   Saw
	// Runs is how many runs it took, with all well again, until every node had
	// the same rows and nothing else; 0 when they never did.
	Runs int
	// Note is what is unclean about that, empty for nothing.
	Note string
}

// Saw is what all readers together saw.
type Saw struct {
	Polls, Missing, Away, Mixed, Wrong int
	// First is the first of the wrong answers.
	First string
}

// Total adds up what readers saw.
func Total(seen []watch.Seen) Saw {
	var s Saw
	for n, one := range seen {
		s.Polls += one.Polls
		s.Missing += one.Missing
		s.Away += one.Away
		s.Mixed += one.Mixed
		s.Wrong += len(one.Wrong)
		if s.First == "" && len(one.Wrong) > 0 {
			s.First = fmt.Sprintf("node %d: %s", n+1, one.Wrong[0])
		}
	}
	return s
}

// Add is both together.
func (s Saw) Add(o Saw) Saw {
	s.Polls, s.Missing, s.Away, s.Mixed, s.Wrong = s.Polls+o.Polls, s.Missing+o.Missing, s.Away+o.Away, s.Mixed+o.Mixed, s.Wrong+o.Wrong
	if s.First == "" {
		s.First = o.First
	}
	return s
}

// Clean reports whether nobody read anything wrong and one run healed it.
func (c Cell) Clean() bool { return c.Saw.Wrong == 0 && c.Runs == 1 && c.Note == "" }

// Key tells a series from others.
func (s Series) Key() string { return s.Layout + " " + s.Fault }

// ResumeVariable names the environment variable that leaves boundaries alone of
// which a cell was saved before that came to its end. Without it they are all
// struck again.
const ResumeVariable = "CHMOD_TEST_MATRIX_RESUME"

// Keep takes over the cells that were saved in a folder before, of boundaries
// that there still are, until they are put anew.
func (s *Series) Keep(dir string, boundaries []string) error {
	text, err := os.ReadFile(s.path(dir))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var saved Series
	if err := json.Unmarshal(text, &saved); err != nil {
		return fmt.Errorf("read %s: %w", s.path(dir), err)
	}
	if saved.Server != s.Server {
		return nil
	}
	for _, c := range saved.Cells {
		if slices.Contains(boundaries, c.After) {
			s.Put(c, boundaries)
		}
	}
	return nil
}

// Put adds a cell in the order of the boundaries, in the place of the one there
// is of its own.
func (s *Series) Put(c Cell, boundaries []string) {
	s.Cells = append(slices.DeleteFunc(s.Cells, func(o Cell) bool { return o.After == c.After }), c)
	slices.SortStableFunc(s.Cells, func(a, b Cell) int {
		return slices.Index(boundaries, a.After) - slices.Index(boundaries, b.After)
	})
}

// Wants reports whether a boundary is to be struck.
func (s Series) Wants(boundary string) bool {
	return os.Getenv(ResumeVariable) == "" || !slices.ContainsFunc(s.Cells, func(c Cell) bool { return c.After == boundary && c.Runs > 0 })
}

func (s Series) path(dir string) string {
	return filepath.Join(dir, notWord.ReplaceAllString(strings.ToLower(s.Key()), "-")+".json")
}

// Save writes a series into a folder, over the one of the same key.
func (s Series) Save(dir string) error {
	s.Date = time.Now().UTC().Format(time.DateOnly)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(s.path(dir), append(text, '\n'), 0o644)
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

// Load reads all series of a folder, in the order of the page.
func Load(dir string) ([]Series, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("no series was saved in " + dir)
	}
	var all []Series
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), compared) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var s Series
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Series) int {
		if a.Order != b.Order {
			return a.Order - b.Order
		}
		return strings.Compare(a.Layout, b.Layout)
	})
	return all, nil
}
