// Command testreport reads what `go test -json` writes and tells a person what
// matters: each package's closing line, all that a failing test said, which
// tests were skipped and why, and how many there were. It exits with 1 when a
// test failed or a package did not build, and when there was no test at all.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	r := newReport(os.Stdout)
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if !r.close() {
		os.Exit(1)
	}
}

// event is one line of `go test -json`.
type event struct {
	Action, Package, Test, Output, ImportPath string
}

type key struct{ pkg, test string }

type report struct {
	out                     io.Writer
	said                    map[key][]string
	skipped                 []string
	failures                []string
	passed, failed, skips   int
	packages, brokePackages int
}

func newReport(out io.Writer) *report { return &report{out: out, said: map[key][]string{}} }

func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
		// go itself speaks: a broken module, an unknown flag.
		fmt.Fprint(r.out, line)
		return
	}
	if e.Test == "" {
		r.ofPackage(e)
		return
	}
	r.ofTest(e)
}

func (r *report) ofTest(e event) {
	k := key{e.Package, e.Test}
	switch e.Action {
	case "output":
		if !strings.HasPrefix(e.Output, "=== ") {
			r.said[k] = append(r.said[k], e.Output)
		}
		return
	case "pass":
		r.passed++
	case "skip":
		r.skips++
		r.skipped = append(r.skipped, fmt.Sprintf("  %s %s: %s", e.Package, e.Test, reason(r.said[k])))
	case "fail":
		r.failed++
		r.failures = append(r.failures, fmt.Sprintf("  %s %s", e.Package, e.Test))
		fmt.Fprint(r.out, strings.Join(r.said[k], ""))
	default:
		return
	}
	delete(r.said, k)
}

func (r *report) ofPackage(e event) {
	k := key{e.Package, ""}
	switch e.Action {
	case "output":
		if strings.HasPrefix(e.Output, "ok  \t") || strings.HasPrefix(e.Output, "FAIL\t") {
			fmt.Fprint(r.out, e.Output)
			return
		}
		r.said[k] = append(r.said[k], e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass":
		r.packages++
		delete(r.said, k)
	case "fail":
		r.packages++
		r.brokePackages++
		// A test that was running when its package died has not been closed.
		for open, said := range r.said {
			if open.pkg == e.Package {
				fmt.Fprint(r.out, strings.Join(said, ""))
				delete(r.said, open)
			}
		}
	}
}

// close prints the summary and reports whether all is well.
func (r *report) close() bool {
	if len(r.skipped) > 0 {
		slices.Sort(r.skipped)
		fmt.Fprintf(r.out, "\nskipped:\n%s\n", strings.Join(r.skipped, "\n"))
	}
	if len(r.failures) > 0 {
		fmt.Fprintf(r.out, "\nfailed:\n%s\n", strings.Join(r.failures, "\n"))
	}
	fmt.Fprintf(r.out, "\n%d passed, %d failed, %d skipped, in %d packages", r.passed, r.failed, r.skips, r.packages)
	if r.brokePackages > 0 {
		fmt.Fprintf(r.out, " of which %d failed", r.brokePackages)
	}
	fmt.Fprintln(r.out)
	return r.failed == 0 && r.brokePackages == 0 && r.passed > 0
}

// reason is what a test said before it was skipped, without the place.
func reason(said []string) string {
	var words []string
	for _, line := range said {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "--- SKIP") {
			continue
		}
		if _, text, ok := strings.Cut(line, ".go:"); ok {
			if _, after, ok := strings.Cut(text, ": "); ok {
				line = after
			}
		}
		words = append(words, line)
	}
	if len(words) == 0 {
		return "no reason given"
	}
	return strings.Join(words, " ")
}
