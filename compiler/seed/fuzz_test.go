package seed

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

// scanAll reads all rows of a text.
func scanAll(r io.Reader) ([][]string, error) {
	s := newScanner(r, ',')
	var rows [][]string
	for {
		if err := s.next(); err != nil {
			if errors.Is(err, io.EOF) {
				return rows, nil
			}
			return rows, err
		}
		if s.blank() {
			continue
		}
		var row []string
		for i := range s.fields {
			row = append(row, string(s.text(i)))
		}
		rows = append(rows, row)
	}
}

// FuzzScanner: it never panics, it does not matter in which portions the bytes
// come, and what the standard library can read it reads in the same way.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\ufeffa\r\n\"x\"\"y\"\r\n", "a,\n\"\n", "\"a\"b", "\n\n,", "a\r", "\"a\r\"\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		whole, errWhole := scanAll(strings.NewReader(text))
		byByte, errByByte := scanAll(iotest.OneByteReader(strings.NewReader(text)))
		require.Equal(t, whole, byByte)
		require.Equal(t, errWhole == nil, errByByte == nil)
		if errWhole != nil || strings.HasPrefix(text, "\ufeff") || strings.Contains(text, "\r") {
			return
		}
		standard := csv.NewReader(strings.NewReader(text))
		standard.FieldsPerRecord = -1
		want, err := standard.ReadAll()
		if err == nil {
			require.Equal(t, want, whole)
		}
	})
}

// FuzzRead: whatever the file, the types found hold every cell.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"a\n1\n2.5\n", "a\n2024-01-01\n1900-01-01T00:00:00.5Z\n", "a\n-0\n1e308\n1e309\n", "a\n.5\n5.\n-.\n",
		"a\n123456789012345678901234567890.5\n0.00000000000000000001\n", "a\n9999-12-31 23:59:59+14:00\n", "a\ntrue\n", "a\n2106-02-07 00:00:00-12\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := read(Options{Path: "s.csv", Delimiter: ",", Location: time.UTC}, bytes.NewReader(text), false)
		if err != nil {
			return
		}
		next := inOrder(file.rows(io.NopCloser(bytes.NewReader(text)), 16))
		var n uint64
		for ; ; n++ {
			_, err := next()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
		}
		require.Equal(t, file.Rows, n)
	})
}

// FuzzQuickNumbers: the short ways give what the standard library gives.
func FuzzQuickNumbers(f *testing.F) {
	for _, s := range []string{"0", "-1", "1.5", "-.5", "5.", "999999999999999", "0.000000000000001", "123456789012345678", "--1", "1.2.3", "-", "."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := quickInt([]byte(text)); ok {
			want, err := strconv.ParseInt(text, 10, 64)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
		if n, ok := quickFloat([]byte(text)); ok {
			want, err := strconv.ParseFloat(text, 64)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
	})
}
