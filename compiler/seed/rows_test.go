package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// texts reads a part of columns of text.
func texts(part func() ([]any, error)) ([]string, error) {
	var rows []string
	for {
		row, err := part()
		if err != nil {
			return rows, err
		}
		var cells []string
		for _, v := range row {
			if p, ok := v.(*string); ok {
				v = *p
			}
			cells = append(cells, fmt.Sprint(v))
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
}

// TestPartsAreTheWholeFile cuts files into parts of all sizes and reads these
// at the same time: together they are what one part of the whole file is, and a
// mistake is on the same line.
func TestPartsAreTheWholeFile(t *testing.T) {
	several := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		end := []string{"\n", "\r\n"}[r.IntN(2)]
		var b strings.Builder
		b.WriteString("a,b" + end)
		for range r.IntN(60) {
			cell := strings.Repeat("x", r.IntN(12))
			switch r.IntN(40) {
			case 0:
				cell = `"x` + end + `,y"`
			case 1:
				cell = strings.Repeat("long", 30)
			case 2:
				b.WriteString(end)
			}
			fmt.Fprintf(&b, "%d,%s%s", r.IntN(1000), cell, end)
		}
		text := b.String()
		if r.IntN(2) == 0 {
			text = strings.TrimSuffix(text, end)
		}
		f, err := read(Options{Path: "s.csv", Delimiter: ",", Location: time.UTC, Types: map[string]string{"a": "String", "b": "String"}}, strings.NewReader(text), false)
		require.NoError(t, err)
		if r.IntN(4) == 0 {
			text += end + "oops" + end // since it was read
		}
		whole, err := f.rows(io.NopCloser(strings.NewReader(text)), len(text)+1).Part()
		var want []string
		if err == nil {
			want, err = texts(whole)
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}

		rows := f.rows(io.NopCloser(strings.NewReader(text)), 20+r.IntN(200))
		var found [][]string
		var errs []error
		var group sync.WaitGroup
		var mutex sync.Mutex
		for {
			part, end := rows.Part()
			if end != nil {
				require.Equal(t, io.EOF, end)
				break
			}
			mutex.Lock()
			at := len(found)
			found, errs = append(found, nil), append(errs, nil)
			mutex.Unlock()
			group.Go(func() {
				got, err := texts(part)
				mutex.Lock()
				defer mutex.Unlock()
				found[at], errs[at] = got, err
			})
		}
		group.Wait()
		var got []string
		var gotErr error
		for i := range found {
			got = append(got, found[i]...)
			if !errors.Is(errs[i], io.EOF) {
				gotErr = errs[i]
				break
			}
		}
		require.Equal(t, want, got, text)
		require.Equal(t, err == nil, gotErr == nil, "%v %v", err, gotErr)
		if err != nil {
			require.Equal(t, failureOf(t, err), failureOf(t, gotErr))
		}
		if len(found) > 2 {
			several++
		}
	}
	require.Greater(t, several, 100)
}

// failureOf is what is said of a mistake, and where.
func failureOf(t *testing.T, err error) string {
	var failure *diag.Failure
	require.ErrorAs(t, err, &failure)
	d := failure.Diagnostics[0]
	return fmt.Sprint(d.What, d.Span.Begin())
}

// TestRowsThatAreLeft ends the reading while parts are left.
func TestRowsThatAreLeft(t *testing.T) {
	text := []byte("a\n" + strings.Repeat("1\n", 1000))
	f, err := read(Options{Path: "s.csv", Delimiter: ",", Location: time.UTC}, bytes.NewReader(text), false)
	require.NoError(t, err)
	r := f.rows(io.NopCloser(bytes.NewReader(text)), 100)
	_, err = r.Part()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	_, err = r.Part()
	require.Error(t, err)
}
