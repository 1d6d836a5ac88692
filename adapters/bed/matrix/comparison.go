package matrix

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Comparison is one fault with two tools.
type Comparison struct {
	Order  int
	What   string
	Layout string
	Date   string
	// Theirs is what was seen of dbt-clickhouse's statements, Ours of chmod's.
	Theirs, Ours Side
}

// Side is what was seen of one tool.
type Side struct {
	Saw Saw
	// Said is how the run ended, and Next what was there after the one that
	// followed.
	Said, Next string
}

const compared = "compared-"

// Save writes a comparison into a folder, over the one of the same name.
func (c Comparison) Save(dir string) error {
	c.Date = time.Now().UTC().Format(time.DateOnly)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, compared+notWord.ReplaceAllString(strings.ToLower(c.What), "-")+".json"), append(text, '\n'), 0o644)
}

// LoadCompared reads all comparisons of a folder, in the order of the page.
func LoadCompared(dir string) ([]Comparison, error) {
	files, err := filepath.Glob(filepath.Join(dir, compared+"*.json"))
	if err != nil {
		return nil, err
	}
	var all []Comparison
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var c Comparison
		if err := json.Unmarshal(text, &c); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Comparison) int { return a.Order - b.Order })
	return all, nil
}

const comparedIntro = `
## Beside dbt-clickhouse

What dbt-clickhouse 1.10.3 sends was recorded from the real one, against a
current server (` + "`adapters/bed/dbt/testdata`" + `; each file says how). It cannot talk
to this old server: its first questions name settings and columns that 18.16
does not have. So the recorded statements were sent, in their order, up to the
first that failed, with the few changes that 18.16 needs
(` + "`adapters/bed/dbt/old.go`" + ` lists them), under the same faults and the same
readers. dbt was told that the server has no ` + "`EXCHANGE`" + `, as is true of this one,
except where the table says so: there, one ` + "`RENAME`" + ` of three pairs stands for it.

Statements that change something are all that was sent: what dbt reads between
them was not.

| | | polls | wrong | no table | the run | after the next run |
|---|---|---|---|---|---|---|
`

func comparisons(b *strings.Builder, all []Comparison) {
	if len(all) == 0 {
		return
	}
	b.WriteString(comparedIntro)
	for _, c := range all {
		for i, s := range []Side{c.Theirs, c.Ours} {
			what, who := c.What+" ("+c.Layout+")", "dbt"
			if i == 1 {
				what, who = "", "chmod"
			}
			wrong := fmt.Sprint(s.Saw.Wrong)
			if s.Saw.Wrong > 0 {
				wrong += ": " + cell(s.Saw.First)
			}
			fmt.Fprintf(b, "| %s | %s | %d | %s | %d | %s | %s |\n", what, who, s.Saw.Polls, wrong, s.Saw.Missing, cell(s.Said), cell(s.Next))
		}
	}
}
