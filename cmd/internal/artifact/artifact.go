// Package artifact writes and reads the files of the target folder as dbt's
// schemas describe them: manifest.json (v12), run_results.json (v6) and the
// SQL under compiled/ and run/.
//
// Files are written beside their place and renamed, so that a reader never
// sees half of one. The package knows what is in the files, not when they are
// written.
package artifact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// DBTVersion is the version of dbt whose artifacts these are like. Readers
// choose by it what they expect.
const DBTVersion = "1.11.7"

// AdapterVersion is the version of dbt-clickhouse whose configs these are.
const AdapterVersion = "1.10.1"

// Invocation is what each artifact says about the run that wrote it.
type Invocation struct {
	ID      string
	Started time.Time
	// Env holds the values of DBT_ENV_CUSTOM_ENV_ variables, by the rest of
	// their name.
	Env map[string]string
}

// stamp is a time as dbt writes it: UTC with six digits.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// write puts JSON in a file, all of it or nothing.
func write(path string, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return WriteFile(path, text)
}

// WriteFile puts a text in a file, all of it or nothing, and makes the folders
// on the way. A file that has the text already is left alone: to put another
// in its place is what costs most when a large project is compiled again.
func WriteFile(path string, text []byte) error {
	if before, err := os.ReadFile(path); err == nil && bytes.Equal(before, text) {
		return nil
	}
	return writeFile(path, func(out io.Writer) error {
		_, err := out.Write(text)
		return err
	})
}

func writeFile(path string, write func(out io.Writer) error) error {
	f, err := create(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			f, err = create(path)
		}
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// create makes the file that is to become the one at path.
func create(path string) (*os.File, error) {
	name := fmt.Sprintf(".%s.%016x", filepath.Base(path), rand.Uint64())
	return os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
}
