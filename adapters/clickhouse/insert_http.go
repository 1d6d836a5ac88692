package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"github.com/chmod-sql/chmod/adapters"
)

// insertHTTP streams the rows as the body of one request. The driver would
// send one INSERT per batch, each with all of its rows in memory.
func (s *session) insertHTTP(ctx context.Context, sql string, columns []adapters.Column, next func() ([]any, error), call *call) error {
	return s.stream(ctx, sql, call, func(w io.Writer) error { return s.encode(w, columns, next, call) })
}

// stream sends as the body what encode writes.
func (s *session) stream(ctx context.Context, sql string, call *call, encode func(io.Writer) error) error {
	// An insert of nothing first: what fails at once fails before rows are on
	// their way. Later the server reads all of them before it says anything.
	if err := s.direct(ctx, sql+" FORMAT Native", call.settings); err != nil {
		return err
	}
	query := url.Values{"query": {sql + " FORMAT Native"}}
	for name, value := range call.settings {
		query.Set(name, fmt.Sprint(value))
	}
	query.Set("query_id", call.queryID)
	reader, writer := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := encode(writer)
		// Nil is the end of the body; an error cuts it, so that the server
		// does not take half of it for all.
		writer.CloseWithError(err)
		written <- err
	}()
	// Only its Read: a host that cannot be reached must not close it.
	response, err := s.adapter.post(ctx, query, struct{ io.Reader }{reader})
	// The server may answer before it has read everything.
	reader.CloseWithError(errAnswered)
	encodeErr := <-written
	if encodeErr != nil && !errors.Is(encodeErr, errAnswered) && !errors.Is(encodeErr, io.ErrClosedPipe) {
		return encodeErr
	}
	if err != nil {
		return errNotAgain{err}
	}
	defer response.Body.Close()
	if encodeErr != nil {
		return fmt.Errorf("the server answered %s before it had all rows: %w", response.Status, encodeErr)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	s.link.http.summary = summaryOf(response.Header)
	return nil
}

// errNotAgain marks an error after which rows are gone: the insert cannot be
// sent once more.
type errNotAgain struct{ error }

func (e errNotAgain) Unwrap() error { return e.error }

var errAnswered = errors.New("the server has answered already")

// encode writes the rows in Native format, as servers of all versions read it.
func (s *session) encode(w io.Writer, columns []adapters.Column, next func() ([]any, error), call *call) error {
	block, err := s.newBlock(columns)
	if err != nil {
		return err
	}
	buffer := new(chproto.Buffer)
	flush := func() error { return writeBlock(w, block, buffer, call) }
	size := 0
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return flush()
		}
		if err != nil {
			return errAbandoned{err}
		}
		if err := block.Append(row...); err != nil {
			return err
		}
		if size += sizeOf(row); block.Rows() < batchRows && size < batchBytes {
			continue
		}
		size = 0
		if err := flush(); err != nil {
			return err
		}
	}
}

// writeBlock writes a block that is not empty, and empties it.
func writeBlock(w io.Writer, block *proto.Block, buffer *chproto.Buffer, call *call) error {
	if block.Rows() == 0 {
		return nil
	}
	if err := block.Encode(buffer, 0); err != nil {
		return err
	}
	call.send(block.Rows())
	block.Reset()
	_, err := w.Write(buffer.Buf)
	buffer.Reset()
	return err
}
