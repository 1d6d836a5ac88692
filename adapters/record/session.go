package record

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// session is one session of an Adapter.
type session struct {
	adapter *Adapter
	number  int
	closed  bool
}

func (s *session) Exec(ctx context.Context, st adapters.Statement) (adapters.Summary, error) {
	if err := s.usable(ctx); err != nil {
		return adapters.Summary{}, err
	}
	_, summary, err := s.adapter.answer(ctx, Recorded{Statement: st, Session: s.number, Kind: Exec})
	return summary, err
}

func (s *session) Query(ctx context.Context, st adapters.Statement) (*adapters.Table, adapters.Summary, error) {
	if err := s.usable(ctx); err != nil {
		return nil, adapters.Summary{}, err
	}
	return s.adapter.answer(ctx, Recorded{Statement: st, Session: s.number, Kind: Query})
}

func (s *session) Insert(ctx context.Context, st adapters.Statement, _ []adapters.Column, next func() ([]any, error)) (adapters.Summary, error) {
	if err := s.usable(ctx); err != nil {
		return adapters.Summary{}, err
	}
	var rows [][]any
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return adapters.Summary{}, err
		}
		rows = append(rows, slices.Clone(row))
	}
	_, summary, err := s.adapter.answer(ctx, Recorded{Statement: st, Session: s.number, Kind: Insert, Rows: rows})
	if summary.Progress.WrittenRows == 0 {
		summary.Progress.WrittenRows = uint64(len(rows))
	}
	return summary, err
}

func (s *session) Close() error {
	s.adapter.mutex.Lock()
	defer s.adapter.mutex.Unlock()
	if !s.closed {
		s.closed = true
		s.adapter.open--
	}
	return nil
}

func (s *session) usable(ctx context.Context) error {
	if s.closed {
		return errClosed
	}
	return ctx.Err()
}
