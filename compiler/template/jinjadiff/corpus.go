package jinjadiff

import (
	"bufio"
	"bytes"
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
