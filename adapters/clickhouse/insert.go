package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// A batch of an insert ends with one of these.
const (
	batchRows  = 65_536
	batchBytes = 16 << 20
)

// errAbandoned marks the error of a caller's next.
type errAbandoned struct{ error }

func (e errAbandoned) Unwrap() error { return e.error }

// Insert implements adapters.Session. Over the native protocol and over HTTP
// it is one INSERT, sent block by block; blocks that the server has taken stay
// when a later one fails.
func (s *session) Insert(ctx context.Context, st adapters.Statement, columns []adapters.Column, next func() ([]any, error)) (adapters.Summary, error) {
	return s.insert(ctx, st, func(ctx context.Context, sql string, c *call) error {
		if s.link.http != nil {
			return s.insertHTTP(ctx, sql, columns, next, c)
		}
		return s.insertNative(ctx, sql, columns, next, c)
	})
}

// insert runs an INSERT, whose rows are sent by send.
func (s *session) insert(ctx context.Context, st adapters.Statement, send func(ctx context.Context, sql string, c *call) error) (adapters.Summary, error) {
	sql, err := insertSQL(st.SQL)
	if err != nil {
		return adapters.Summary{}, err
	}
	st.SQL = sql
	summary, err := s.run(ctx, st, func(ctx context.Context, c *call) error { return send(ctx, sql, c) })
	var abandoned errAbandoned
	if errors.As(err, &abandoned) {
		return summary, abandoned.error
	}
	return summary, err
}

func (s *session) insertNative(ctx context.Context, sql string, columns []adapters.Column, next func() ([]any, error), c *call) error {
	batch, err := s.link.conn.PrepareBatch(ctx, sql)
	if err != nil {
		return err
	}
	// The driver does not look at ctx while it writes.
	defer s.link.abortAfter(ctx)()
	if got := len(batch.Columns()); got != len(columns) {
		return errors.Join(fmt.Errorf("the insert names %d columns, but %d were announced", got, len(columns)), batch.Abort())
	}
	size := 0
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			c.send(batch.Rows())
			return batch.Send()
		}
		if err != nil {
			return abandon(err, batch.Abort)
		}
		if err := batch.Append(row...); err != nil {
			return err // the driver has given the batch up
		}
		if size += sizeOf(row); batch.Rows() < batchRows && size < batchBytes {
			continue
		}
		c.send(batch.Rows())
		size = 0
		if err := batch.Flush(); err != nil {
			return errors.Join(err, batch.Abort())
		}
	}
}

// abandon ends an insert whose rows ended with err.
func abandon(err error, abort func() error) error {
	// The connection is cut, and the server drops the block in hand.
	if abortErr := abort(); abortErr != nil {
		err = errors.Join(err, abortErr)
	}
	return errAbandoned{err}
}

// sizeOf is about how many bytes a row takes.
func sizeOf(row []any) int {
	size := 8 * len(row)
	for _, v := range row {
		switch v := v.(type) {
		case string:
			size += len(v)
		case *string:
			if v != nil {
				size += len(*v)
			}
		case []byte:
			size += len(v)
		}
	}
	return size
}

// insertSQL writes an INSERT so that the driver's own reading of it does no
// harm: it looks for the column list with regular expressions, and drops what
// they do not match. Parentheses in names are escaped, and none of its own
// ideas of the columns' order fits a list without a space before it.
func insertSQL(sql string) (string, error) {
	l := lexer{sql: sql}
	var out strings.Builder
	depth, lists := 0, 0
	last := 0
	for t, ok := l.next(); ok; t, ok = l.next() {
		text := l.text(t)
		between := t.start > last
		last = t.end
		switch {
		case t.kind == quotedToken:
			text = strings.NewReplacer("(", `\x28`, ")", `\x29`).Replace(text)
		case text == "(" && t.kind == punctToken:
			if depth++; depth == 1 {
				lists++
			}
			between = false
		case text == ")" && t.kind == punctToken:
			depth--
		case text == ";" && t.kind == punctToken:
			continue
		case depth == 0 && lists > 0 && (l.is(t, "VALUES") || l.is(t, "FORMAT")):
			continue
		}
		if between && out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(text)
	}
	if lists != 1 || depth != 0 {
		return "", fmt.Errorf("rows are inserted with INSERT INTO table (columns), not with %.80q", sql)
	}
	return out.String(), nil
}
