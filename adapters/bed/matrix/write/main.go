// Command write makes the page of the fault matrix from what the tests saved.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/chmod-sql/chmod/adapters/bed/matrix"
)

func main() {
	from := flag.String("from", ".matrix", "the folder with the saved series")
	to := flag.String("to", "docs/cluster-matrix.md", "the page to write")
	commit := flag.String("commit", "", "what the tests were run at")
	flag.Parse()
	if err := write(*from, *to, *commit); err != nil {
		fmt.Fprintln(os.Stderr, "write the fault matrix:", err)
		os.Exit(1)
	}
}

func write(from, to, commit string) error {
	all, err := matrix.Load(from)
	if err != nil {
		return err
	}
	compared, err := matrix.LoadCompared(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, []byte(matrix.Page(all, compared, commit)), 0o644)
}
