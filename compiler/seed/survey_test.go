package seed

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// kindsOfCells are kinds of columns, for files that hold them in any order.
func kindsOfCells(r *rand.Rand) []func() string {
	return []func() string{
		func() string { return fmt.Sprint(r.IntN(1000)) },
		func() string { return fmt.Sprintf("%d.%02d", r.IntN(1000), r.IntN(100)) },
		func() string { return fmt.Sprintf("2024-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28)) },
		func() string { return fmt.Sprintf("20%02d-01-01 %02d:00:00.%d", r.IntN(60), r.IntN(24), r.IntN(1000)) },
		func() string { return []string{"true", "False", ""}[r.IntN(3)] },
		func() string { return fmt.Sprintf("%019d", r.Int64()) },
		func() string { return fmt.Sprintf("1%d.%d", r.Int64(), r.Int64()) },
		func() string { return []string{"x", "y z", "\\N", "NULL"}[r.IntN(4)] },
		func() string { return []string{"1900-01-01", "2200-05-05", "1e5"}[r.IntN(3)] },
	}
}

// TestSurveyFindsTheSame reads files of all kinds row by row, and on all
// processors in small blocks.
func TestSurveyFindsTheSame(t *testing.T) {
	surveyed := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		kinds := kindsOfCells(r)
		var b strings.Builder
		columns := 2 + r.IntN(4)
		chosen := make([]func() string, columns)
		for i := range chosen {
			chosen[i] = kinds[r.IntN(len(kinds))]
			fmt.Fprintf(&b, "%sc%d", strings.Repeat(",", min(i, 1)), i)
		}
		end := []string{"\n", "\r\n"}[r.IntN(2)]
		b.WriteString(end)
		for range r.IntN(60) {
			for i := range chosen {
				cell := chosen[i]()
				switch r.IntN(200) {
				case 0:
					cell = kinds[r.IntN(len(kinds))]() // of another kind
				case 1:
					cell = `"` + cell + "\n" + `"" and more"`
				case 2:
					cell = ""
				case 3:
					cell += ",one cell too many"
				}
				b.WriteString(strings.Repeat(",", min(i, 1)) + cell)
			}
			b.WriteString(end)
		}
		text := b.String()
		if r.IntN(2) == 0 {
			text = strings.TrimSuffix(text, end)
		}
		o := Options{Path: "s.csv", Delimiter: ",", Location: time.UTC}
		if r.IntN(4) == 0 {
			o.Types = map[string]string{"c0": []string{"Int64", "String", "Enum8('x' = 1)"}[r.IntN(3)]}
		}
		want, wantErr := read(o, strings.NewReader(text), false)

		s := newScanner(strings.NewReader(text), ',')
		names, err := header(s, &problems{})
		require.NoError(t, err)
		found, rows, ok := survey(s, 64+r.IntN(200), func() []*evidence {
			var all []*evidence
			for _, name := range names {
				all = append(all, newEvidence(name, o))
			}
			return all
		})
		if !ok {
			continue // that is always right: it is read again
		}
		surveyed++
		require.NoError(t, wantErr, text)
		got := &File{options: o, Rows: rows}
		got.settle(found)
		require.Equal(t, want, got, text)

		got, err = read(o, strings.NewReader(text), true)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	require.Greater(t, surveyed, 100)
}

// TestSurveyLeavesMistakesToOthers has the places of mistakes right in large
// files, too.
func TestSurveyLeavesMistakesToOthers(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 1000) + "3\n" + strings.Repeat("1,2\n", 1000)
	_, want := read(Options{Path: "s.csv", Delimiter: ","}, strings.NewReader(text), false)
	_, got := read(Options{Path: "s.csv", Delimiter: ","}, strings.NewReader(text), true)
	require.ErrorContains(t, want, "line 1002 has 1 cell")
	require.EqualError(t, got, want.Error())
}
