// Package sequence runs tests that do random things in a row, each by its seed,
// so that a failure can be had again. Its main type is Diary: what was done. It
// knows nothing of what that is.
package sequence

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Variables of the environment: how many sequences each test runs, and the seed
// of the first one.
const (
	Count = "CHMOD_TEST_SEQUENCES"
	First = "CHMOD_TEST_FIRST_SEQUENCE"
)

// Diary is what has happened in a sequence.
type Diary struct{ did []string }

// Note adds a line.
func (d *Diary) Note(format string, args ...any) {
	d.did = append(d.did, fmt.Sprintf(format, args...))
}

// Each runs a sequence for each of some seeds: count of them from 1 on, and
// those that have failed once, unless the environment says otherwise; the test is
// skipped when that asks for none. What a sequence has noted is shown when it
// fails, and of a single one always, with -v. It returns whether these are enough
// for the test to demand that rare things have happened.
func Each(t *testing.T, count int, failed []uint64, run func(t *testing.T, seed uint64, d *Diary)) (enough bool) {
	t.Helper()
	first, given := fromEnvironment(t, First, 1)
	enough = !given
	if n, asked := fromEnvironment(t, Count, count); asked {
		enough = n >= count
		count = n
	}
	var seeds []uint64
	for n := range count {
		seeds = append(seeds, uint64(first+n))
	}
	if !given {
		seeds = append(seeds, failed...)
	}
	if len(seeds) == 0 {
		t.Skipf("%s asks for none", Count)
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			var d Diary
			defer func() {
				if t.Failed() || testing.Verbose() && len(seeds) == 1 {
					t.Logf("%s=%d %s=1\n%s", First, seed, Count, strings.Join(d.did, "\n"))
				}
			}()
			run(t, seed, &d)
		})
	}
	return enough
}

func fromEnvironment(t *testing.T, name string, otherwise int) (n int, given bool) {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise, false
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n, true
}

// Random is what decides in a sequence; kind tells those of one seed apart.
func Random(seed, kind uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, kind)) }

// Pick is one of several.
func Pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }
