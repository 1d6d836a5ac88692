package clickhouse

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"github.com/chmod-sql/chmod/adapters"
)

// mostMakers is how many parts of an insert are made into blocks at a time.
// Reading what is sent costs more than sending it, but not many times more.
const mostMakers = 4

// belt makes blocks of rows, of several parts at a time, and hands them out in
// the order of the parts. Who makes blocks has two of its own: while one is
// sent, the next is filled.
type belt struct {
	parts adapters.Parts
	block func() (*proto.Block, error)
	jobs  chan job
	order chan chan made // the places of the parts, in order
}

// job is a part, and where its blocks go.
type job struct {
	rows func() ([]any, error)
	out  chan made
}

// made is a block, and where it is filled again; or why there is none.
type made struct {
	block *proto.Block
	free  chan *proto.Block
	err   error
}

// convey sends the rows of all parts in blocks. Whatever it started has ended
// when it returns.
func convey(ctx context.Context, parts adapters.Parts, block func() (*proto.Block, error), send func(*proto.Block) error) error {
	ctx, cancel := context.WithCancel(ctx)
	makers := min(runtime.GOMAXPROCS(0), mostMakers)
	b := &belt{parts: parts, block: block, jobs: make(chan job), order: make(chan chan made, makers)}
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	group.Go(func() { b.divide(ctx) })
	for range makers {
		group.Go(func() { b.make(ctx) })
	}
	for {
		out, ok := take(ctx, b.order)
		if !ok {
			return context.Cause(ctx) // nil after the last part
		}
		for m, ok := take(ctx, out); ok; m, ok = take(ctx, out) {
			if m.err != nil {
				return m.err
			}
			if err := send(m.block); err != nil {
				return err
			}
			m.block.Reset()
			m.free <- m.block // there is a place for each
		}
	}
}

// take receives, and is not ok at the end of either.
func take[T any](ctx context.Context, from <-chan T) (v T, ok bool) {
	select {
	case v, ok = <-from:
	case <-ctx.Done():
	}
	return v, ok
}

// put sends, and reports whether somebody still wants it.
func put[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// divide gives the parts to those who make blocks.
func (b *belt) divide(ctx context.Context) {
	defer close(b.jobs)
	defer close(b.order)
	for {
		rows, err := b.parts()
		if errors.Is(err, io.EOF) {
			return
		}
		out := make(chan made, 1)
		if err != nil {
			out <- made{err: errAbandoned{err}}
			put(ctx, b.order, out)
			return
		}
		if !put(ctx, b.order, out) || !put(ctx, b.jobs, job{rows: rows, out: out}) {
			return
		}
	}
}

// make makes blocks of one part after the other.
func (b *belt) make(ctx context.Context) {
	free := make(chan *proto.Block, 2)
	left := cap(free) // blocks that are yet to be made
	for j := range b.jobs {
		for err := error(nil); err == nil; {
			m := made{free: free}
			if left > 0 && len(free) == 0 {
				left--
				m.block, m.err = b.block()
			} else {
				m.block, _ = take(ctx, free)
			}
			if m.block == nil && m.err == nil {
				return // nobody wants it any more
			}
			if err = m.err; err == nil {
				err = load(m.block, j.rows)
			}
			switch {
			case err == nil, errors.Is(err, io.EOF) && m.block.Rows() > 0:
				if !put(ctx, j.out, m) {
					return
				}
			case errors.Is(err, io.EOF):
				free <- m.block
			default:
				put(ctx, j.out, made{err: err})
				return
			}
		}
		close(j.out)
	}
}

// load puts rows into a block until it is large enough, and returns io.EOF
// when there are no more.
func load(block *proto.Block, rows func() ([]any, error)) error {
	for size := 0; block.Rows() < batchRows && size < batchBytes; {
		row, err := rows()
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		if err != nil {
			return errAbandoned{err}
		}
		if err := block.Append(row...); err != nil {
			return err
		}
		size += sizeOf(row)
	}
	return nil
}
