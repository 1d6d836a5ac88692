package command

import (
	"fmt"
	"io"
	"sync"
)

// written is a writer that keeps the first error of writing: a result that
// went nowhere is no success.
type written struct {
	out io.Writer
	mu  sync.Mutex
	err error
}

func (w *written) Write(text []byte) (int, error) {
	n, err := w.out.Write(text)
	if err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.err == nil {
			w.err = fmt.Errorf("write the output: %w", err)
		}
	}
	return n, err
}

func (w *written) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
