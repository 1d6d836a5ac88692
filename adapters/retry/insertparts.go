package retry

import (
	"context"
	"sync/atomic"

	"github.com/chmod-sql/chmod/adapters"
)

// InsertParts implements adapters.Session.
func (s *session) InsertParts(ctx context.Context, st adapters.Statement, columns []adapters.Column, parts adapters.Parts) (adapters.Summary, error) {
	var summary adapters.Summary
	var err error
	var touched atomic.Bool
	s.again(ctx, st, false, func(st adapters.Statement) error {
		summary, err = s.Session.InsertParts(ctx, st, columns, func() (func() ([]any, error), error) {
			touched.Store(true)
			return parts()
		})
		if touched.Load() {
			return nil // the rows are gone
		}
		return err
	})
	return summary, err
}
