package record

import (
	"context"
	"errors"
	"io"

	"github.com/chmod-sql/chmod/adapters"
)

// InsertParts implements adapters.Session: the rows are recorded in order.
func (s *session) InsertParts(ctx context.Context, st adapters.Statement, columns []adapters.Column, parts adapters.Parts) (adapters.Summary, error) {
	var rows func() ([]any, error)
	return s.Insert(ctx, st, columns, func() ([]any, error) {
		for {
			if rows != nil {
				if row, err := rows(); !errors.Is(err, io.EOF) {
					return row, err
				}
			}
			var err error
			if rows, err = parts(); err != nil {
				return nil, err
			}
		}
	})
}
