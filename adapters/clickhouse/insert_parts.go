package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"github.com/chmod-sql/chmod/adapters"
)

// InsertParts implements adapters.Session.
func (s *session) InsertParts(ctx context.Context, st adapters.Statement, columns []adapters.Column, parts adapters.Parts) (adapters.Summary, error) {
	return s.insert(ctx, st, func(ctx context.Context, sql string, c *call) error {
		if s.link.http == nil {
			return s.insertPartsNative(ctx, sql, columns, parts, c)
		}
		return s.stream(ctx, sql, c, func(w io.Writer) error {
			buffer := new(chproto.Buffer)
			return convey(ctx, parts, func() (*proto.Block, error) { return s.newBlock(columns) }, func(block *proto.Block) error {
				return writeBlock(w, block, buffer, c)
			})
		})
	})
}

func (s *session) insertPartsNative(ctx context.Context, sql string, columns []adapters.Column, parts adapters.Parts, c *call) error {
	batch, err := s.link.conn.PrepareBatch(ctx, sql)
	if err != nil {
		return err
	}
	// The driver does not look at ctx while it writes.
	defer s.link.abortAfter(ctx)()
	own := batch.Columns()
	if len(own) != len(columns) {
		return errors.Join(fmt.Errorf("the insert names %d columns, but %d were announced", len(own), len(columns)), batch.Abort())
	}
	// Of the server's types, whatever names they were announced by.
	types := make([]adapters.Column, len(own))
	for i, col := range own {
		types[i] = adapters.Column{Name: col.Name(), Type: string(col.Type())}
	}
	err = convey(ctx, parts, func() (*proto.Block, error) { return s.newBlock(types) }, func(block *proto.Block) error {
		// The driver sends its own columns only: they trade places with those
		// that were filled elsewhere.
		if err := trade(own, block.Columns); err != nil {
			return err
		}
		c.send(batch.Rows())
		if err := batch.Flush(); err != nil {
			return err
		}
		return trade(own, block.Columns)
	})
	var abandoned errAbandoned
	switch {
	case errors.As(err, &abandoned):
		return abandon(abandoned.error, batch.Abort)
	case err != nil:
		return errors.Join(err, batch.Abort())
	}
	return batch.Send()
}

// trade exchanges what columns of the same types hold.
func trade(a, b []column.Interface) error {
	for i := range a {
		x, y := reflect.ValueOf(a[i]), reflect.ValueOf(b[i])
		if x.Type() != y.Type() || x.Kind() != reflect.Pointer {
			return fmt.Errorf("a column of %s came as one of %s", a[i].Type(), b[i].Type())
		}
		kept := reflect.New(x.Type().Elem()).Elem()
		kept.Set(x.Elem())
		x.Elem().Set(y.Elem())
		y.Elem().Set(kept)
	}
	return nil
}

// newBlock is an empty block as the driver makes it.
func (s *session) newBlock(columns []adapters.Column) (*proto.Block, error) {
	location, err := time.LoadLocation(s.adapter.server.Timezone)
	if err != nil {
		return nil, fmt.Errorf("the server's time zone: %w", err)
	}
	version := s.adapter.server.Version
	block := &proto.Block{ServerContext: &column.ServerContext{
		VersionMajor: uint64(version.Major), VersionMinor: uint64(version.Minor), VersionPatch: uint64(version.Patch),
		Timezone: location,
	}}
	for _, c := range columns {
		if err := block.AddColumn(c.Name, column.Type(c.Type)); err != nil {
			return nil, err
		}
	}
	return block, nil
}
