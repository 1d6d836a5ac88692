package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

var _ materialize.Ledger = (*Journal)(nil)

// pieceColumns are those that are written, in order.
var pieceColumns = []adapters.Column{
	{Name: "invocation", Type: "String"}, {Name: "time", Type: "DateTime"}, {Name: "node", Type: "String"}, {Name: "relation", Type: "String"},
	{Name: "kind", Type: "String"}, {Name: "work", Type: "String"}, {Name: "staging", Type: "String"}, {Name: "number", Type: "UInt32"},
	{Name: "piece", Type: "String"}, {Name: "last", Type: "UInt8"}, {Name: "rows", Type: "UInt64"}, {Name: "bytes", Type: "UInt64"},
	{Name: "seconds", Type: "Float64"},
}

// Enter implements materialize.Ledger. No piece is entered by an invocation that
// others may hold for dead.
func (j *Journal) Enter(ctx context.Context, pieces []materialize.Piece) error {
	if _, err := j.Hold(ctx); err != nil {
		return err
	}
	s, err := j.book.sessions.Session(ctx)
	if err != nil {
		return err
	}
	names := make([]string, len(pieceColumns))
	for i, c := range pieceColumns {
		names[i] = c.Name
	}
	at := 0
	_, err = s.Insert(ctx, adapters.Statement{
		SQL: "INSERT INTO " + j.book.table(materialize.PiecesTable).String() + " (" + adapters.QuoteIdents(names) + ")", Comment: j.book.comment,
	}, pieceColumns, func() ([]any, error) {
		if at == len(pieces) {
			return nil, io.EOF
		}
		p := pieces[at]
		at++
		last := uint8(0)
		if p.Last {
			last = 1
		}
		return []any{
			j.self.ID.String(), time.Now(), p.Node, p.Relation.String(), string(p.Kind), p.Work, p.Staging, uint32(p.Number),
			p.Text, last, p.Rows, p.Bytes, p.Elapsed.Seconds(),
		}, nil
	})
	return errors.Join(err, s.Close())
}

// Pieces are those of a kind that were done of a relation since a while, the
// oldest first. Each host may tell of the same ones.
func (b *Book) Pieces(ctx context.Context, kind materialize.PieceKind, r adapters.Relation, since time.Duration) ([]materialize.Piece, error) {
	tables, err := b.ask(ctx, "SELECT DISTINCT node, work, staging, number, piece, last, rows, bytes, seconds, toInt64(toUInt32(time)) AS at FROM "+
		b.table(materialize.PiecesTable).String()+" WHERE relation = "+adapters.Literal(r.String())+" AND kind = "+adapters.Literal(string(kind))+
		fmt.Sprintf(" AND time > now() - %d ORDER BY at, number", int(since.Seconds())))
	if err != nil {
		return nil, fmt.Errorf("read which pieces of %s are done: %w", r, err)
	}
	var pieces []materialize.Piece
	seen := map[string]bool{}
	for _, t := range tables {
		for _, row := range t.Rows {
			if key := fmt.Sprint(row...); seen[key] {
				continue
			} else {
				seen[key] = true
			}
			p, err := piece(row)
			if err != nil {
				return nil, err
			}
			p.Kind, p.Relation = kind, r
			pieces = append(pieces, p)
		}
	}
	return pieces, nil
}

func piece(row []any) (materialize.Piece, error) {
	var p materialize.Piece
	if len(row) != 10 {
		return p, fmt.Errorf("a piece came as %d cells", len(row))
	}
	number, ok := row[3].(uint32)
	last, okLast := row[5].(uint8)
	seconds, okSeconds := row[8].(float64)
	at, okAt := row[9].(int64)
	var okRows, okBytes bool
	p.Rows, okRows = row[6].(uint64)
	p.Bytes, okBytes = row[7].(uint64)
	if !ok || !okLast || !okSeconds || !okAt || !okRows || !okBytes {
		return p, fmt.Errorf("a piece came with a %T, a %T, a %T, a %T, a %T and a %T", row[3], row[5], row[6], row[7], row[8], row[9])
	}
	p.Node, p.Work, p.Staging, p.Text = fmt.Sprint(row[0]), fmt.Sprint(row[1]), fmt.Sprint(row[2]), fmt.Sprint(row[4])
	p.Number, p.Last, p.Elapsed, p.At = int(number), last != 0, time.Duration(seconds*float64(time.Second)), time.Unix(at, 0)
	return p, nil
}
