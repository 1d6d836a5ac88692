package jinjadiff

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Corpus reads the questions of a corpus's folder: *.jsonl.
func Corpus(dir string) ([]Ask, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("find the corpus: %w", err)
	}
	var asks []Ask
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the corpus: %w", err)
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			ask := Ask{From: fmt.Sprintf("corpus:%s:%d", filepath.Base(path), n)}
			if err := json.Unmarshal(lines.Bytes(), &ask); err != nil {
				return nil, fmt.Errorf("read %s, line %d: %w", path, n, err)
			}
			asks = append(asks, ask)
		}
	}
	return asks, nil
}

// Fill asks Python all questions of a corpus's file anew and writes down what
// it answers. A line may say that its error is elsewhere: then the corpus does
// not hold us to Jinja2's line of it.
func Fill(ctx context.Context, o Options, path string) error {
	oracle, err := NewOracle(ctx, o.Python, o.Context)
	if err != nil {
		return err
	}
	defer oracle.Close()
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the corpus: %w", err)
	}
	var filled bytes.Buffer
	to := json.NewEncoder(&filled)
	to.SetEscapeHTML(false)
	for n, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
		var c filledCase
		if err := json.Unmarshal(line, &c); err != nil {
			return fmt.Errorf("read %s, line %d: %w", path, n+1, err)
		}
		answer, err := oracle.Ask(ctx, c.Ask)
		if err != nil {
			return err
		}
		if answer.Lost != "" {
			return fmt.Errorf("%s, line %d: %s", path, n+1, answer.Lost)
		}
		c.Want, c.Error, c.Line = answer.Want, answer.Error, answer.Line
		if c.Elsewhere {
			c.Line = 0
		}
		if err := to.Encode(c); err != nil {
			return fmt.Errorf("write the corpus: %w", err)
		}
	}
	if err := os.WriteFile(path, filled.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the corpus: %w", err)
	}
	return nil
}

// filledCase is a line of the corpus.
type filledCase struct {
	Ask
	Elsewhere bool    `json:"elsewhere,omitempty"`
	Want      *string `json:"want,omitempty"`
	Error     string  `json:"error,omitempty"`
	Line      int     `json:"line,omitempty"`
}
