package materialize_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
	"github.com/chmod-sql/chmod/adapters/retry"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// ledger keeps pieces in memory. Those of the dead do not come.
type ledger struct {
	pieces []materialize.Piece
	k      *killer
}

func (l *ledger) Enter(_ context.Context, pieces []materialize.Piece) error {
	if l.k != nil && l.k.dead && l.k.count >= l.k.at {
		return errKilled
	}
	l.pieces = append(l.pieces, pieces...)
	return nil
}

// chunked builds a model with what the ledger has.
func (s *shop) chunked(through adapters.Adapter, l *ledger, n *manifest.Node, sql string, o materialize.Options) (*materialize.Result, error) {
	in := s.input(n, sql)
	in.Pieces = l.pieces
	plan, err := materialize.New(in)
	require.NoError(s.t, err)
	o.Ledger = l
	return materialize.ApplyWith(s.t.Context(), through, plan, o)
}

// short is an adapter on which inserts need too much memory: they fail on the
// way, as long as they are of more than so many rows.
type short struct {
	adapters.Adapter
	most  int
	fails int
}

func (a *short) Session(ctx context.Context) (adapters.Session, error) {
	s, err := a.Adapter.Session(ctx)
	return &shortSession{s, a}, err
}

type shortSession struct {
	adapters.Session
	a *short
}

func (s *shortSession) Exec(ctx context.Context, st adapters.Statement) (adapters.Summary, error) {
	head, body, ok := strings.Cut(st.SQL, "\n")
	if !ok || !strings.HasPrefix(head, "INSERT INTO ") || st.Settings["max_bytes_before_external_group_by"] != nil {
		return s.Session.Exec(ctx, st)
	}
	count, _, err := s.Query(ctx, adapters.Statement{SQL: "SELECT toUInt64(count()) FROM (\n" + body + "\n)"})
	if err != nil || count.Rows[0][0].(uint64) <= uint64(s.a.most) {
		return s.Session.Exec(ctx, st)
	}
	s.a.fails++
	part := st
	part.SQL = head + "\nSELECT * FROM (\n" + body + "\n) LIMIT 2"
	summary, err := s.Session.Exec(ctx, part)
	return summary, errors.Join(err, adapters.ExceptionOf(241, "Memory limit (for query) exceeded: would use 1.00 GiB, maximum: 512.00 MiB"))
}

func tooBig(err error) bool {
	var s *adapters.ServerError
	return errors.As(err, &s) && s.Code == 241
}

// sparing answers a lack of memory, and nothing else.
var sparing = materialize.Patience{TooBig: tooBig, Spare: func(error) map[string]any {
	return map[string]any{"max_bytes_before_external_group_by": 1 << 20}
}}

// source makes rows of all times, some of none.
func (s *shop) source(rows int) {
	exec(s.t, s.adapter, "CREATE OR REPLACE TABLE "+s.database+".src ENGINE = MergeTree ORDER BY id AS"+
		" SELECT toUInt64(number) AS id, if(number % 11 = 0, NULL, toDateTime('2025-11-20 00:00:00', 'UTC') + number * 36000)::Nullable(DateTime('UTC')) AS at,"+
		" toDate('2026-01-01') + toInt64(number % 40) AS day, toInt32(number) - 50 AS n, toString(number % 7) AS kind,"+
		fmt.Sprintf(" toDateTime64('1969-12-01 00:00:00', 3, 'UTC') + number * 100000 AS old FROM numbers(%d)", rows))
}

const orders = "SELECT id, at, day, n, kind, old FROM $.src"

// same compares the model's table with what its SQL returns.
func (s *shop) same(sql string) {
	s.t.Helper()
	// Arrays show no NULL otherwise.
	hash := "SELECT toUInt64(count()), sum(cityHash64(id, toString(at), day, n, kind, old)) FROM "
	require.Equal(s.t, s.rows(hash+"("+sql+")"), s.rows(hash+"$.orders"))
}

var chunkings = []*value.Dict{
	value.DictOf("column", "at"), value.DictOf("column", "at", "size", "week"), value.DictOf("column", "at", "chunks", int64(5)),
	value.DictOf("column", "at", "size", "month", "begin", "2025-11-25", "end", "2025-12-20"),
	value.DictOf("column", "day", "size", "week"), value.DictOf("column", "day", "size", "quarter"), value.DictOf("column", "id", "size", int64(17)),
	value.DictOf("column", "n", "size", int64(30)), value.DictOf("column", "kind", "chunks", int64(3)), value.DictOf("column", "kind"),
	value.DictOf("column", "old", "size", "month"), value.DictOf("column", "id", "size", int64(10), "begin", int64(20), "end", int64(41)),
}

func TestChunksHaveAllRows(t *testing.T) {
	s := newShop(t)
	for i, by := range chunkings {
		t.Run(value.Str(by), func(t *testing.T) {
			counts := []int{120}
			if i%5 == 1 {
				counts = []int{0, 1, 120}
			}
			for _, rows := range counts {
				s.source(rows)
				var chunks int
				result, err := s.chunked(s.adapter, &ledger{}, s.model("orders", "materialized", "table", "order_by", "id", "chunk_by", by), orders, materialize.Options{
					Observe: func(e materialize.Event) {
						if f, ok := e.(materialize.StepFinished); ok && f.Step.Chunk != nil {
							chunks++
						}
					},
				})
				require.NoError(t, err)
				require.EqualValues(t, rows, result.Rows)
				s.same(orders)
				require.Equal(t, []string{"orders", "src"}, s.tables())
				require.Positive(t, chunks)
				if rows == 120 && value.Str(by) != value.Str(chunkings[5]) {
					require.Greater(t, chunks, 1)
				}
			}
		})
	}
}

// A chunk that is too big is cut in two, with all after it, and what it had
// inserted is taken out.
func TestChunksTooBig(t *testing.T) {
	for name, engine := range map[string]string{"rows can be taken out": "MergeTree", "they cannot": "Log"} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.source(120)
			var how []string
			a := &short{Adapter: s.adapter, most: 9}
			n := s.model("orders", "materialized", "table", "engine", engine, "chunk_by", value.DictOf("column", "id", "size", int64(40)))
			result, err := s.chunked(a, &ledger{}, n, orders, materialize.Options{Patience: sparing, Observe: func(e materialize.Event) {
				if l, ok := e.(materialize.StepLightened); ok {
					how = append(how, l.How)
				}
			}})
			require.NoError(t, err)
			require.EqualValues(t, 120, result.Rows)
			s.same(orders)
			require.Equal(t, []string{"with chunks half as big", "with chunks half as big", "with chunks half as big"}, how)
			require.Equal(t, 3, a.fails)
		})
	}
}

// What cannot be cut is done with the disk's help.
func TestTooBigUsesDisk(t *testing.T) {
	for name, config := range map[string][]any{
		"in one": nil, "a chunk of one value": {"chunk_by", value.DictOf("column", "kind", "chunks", int64(2))},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.source(120)
			a := &short{Adapter: s.adapter, most: 3}
			var last string
			n := s.model("orders", append([]any{"materialized", "table"}, config...)...)
			_, err := s.chunked(a, &ledger{}, n, orders, materialize.Options{Patience: sparing, Observe: func(e materialize.Event) {
				if l, ok := e.(materialize.StepLightened); ok {
					last = l.How
				}
			}})
			require.NoError(t, err)
			s.same(orders)
			require.Equal(t, "using the disk where memory is short", last)
		})
	}
}

// A run that is asked to stop does so between two chunks, and the next one goes
// on.
func TestChunksStop(t *testing.T) {
	s := newShop(t)
	s.source(120)
	n := s.model("orders", "materialized", "table", "chunk_by", value.DictOf("column", "id", "size", int64(30)))
	l, stop, inserted := &ledger{}, make(chan struct{}), 0
	observe := func(e materialize.Event) {
		if f, ok := e.(materialize.StepFinished); ok && f.Step.Chunk != nil {
			if inserted++; inserted == 2 {
				close(stop)
			}
		}
	}
	_, err := s.chunked(s.adapter, l, n, orders, materialize.Options{Stop: stop, Observe: observe})
	require.ErrorIs(t, err, materialize.ErrStopped)
	var step *materialize.StepError
	require.ErrorAs(t, err, &step)
	require.Equal(t, 2, step.Kept)
	require.Len(t, s.tables(), 2, "the source, and what the next run takes over")
	_, err = s.chunked(s.adapter, l, n, orders, materialize.Options{Observe: observe})
	require.NoError(t, err)
	require.Equal(t, 4, inserted)
	s.same(orders)
	require.Equal(t, []string{"orders", "src"}, s.tables())
}

// What somebody has done to the table that is taken over is found, and all is
// built anew.
func TestChunksDoNotTrust(t *testing.T) {
	s := newShop(t)
	s.source(120)
	n := s.model("orders", "materialized", "table", "chunk_by", value.DictOf("column", "id", "size", int64(30)))
	l := &ledger{}
	k := &killer{Adapter: s.adapter, at: 6, dead: true}
	l.k = k
	_, err := s.chunked(k, l, n, orders, materialize.Options{})
	require.ErrorIs(t, err, errKilled)
	require.NotEmpty(t, l.pieces)
	exec(t, s.adapter, "INSERT INTO "+s.database+"."+s.tables()[0]+" SELECT * FROM "+s.database+".src LIMIT 1")
	l.k = nil
	over := false
	_, err = s.chunked(s.adapter, l, n, orders, materialize.Options{Observe: func(e materialize.Event) {
		lightened, ok := e.(materialize.StepLightened)
		over = over || ok && lightened.How == "from the first chunk"
	}})
	require.NoError(t, err)
	require.True(t, over)
	s.same(orders)
	require.Equal(t, []string{"orders", "src"}, s.tables())
}

// TestRandomChunks builds tables in chunks, breaks the builds off at any
// statement, changes the source, the SQL and the config in between, and lets
// memory be short. In the end, a table holds what its SQL returns.
func TestRandomChunks(t *testing.T) {
	deaths, taken := 0, 0
	enough := sequence.Each(t, 8, nil, func(t *testing.T, seed uint64, d *sequence.Diary) {
		r := sequence.Random(seed, 7)
		s := newShop(t)
		by, engine, l := sequence.Pick(r, chunkings...), sequence.Pick(r, "MergeTree", "MergeTree", "ReplacingMergeTree", "AggregatingMergeTree", "Log"), &ledger{}
		rows, sql := 20+r.IntN(150), orders
		s.source(rows)
		for range 2 + r.IntN(5) {
			switch r.IntN(8) {
			case 0: // what was done is of other rows then
				l.pieces, rows = nil, 20+r.IntN(150)
				s.source(rows)
			case 1:
				sql = sequence.Pick(r, orders, orders+" WHERE id % 3 > 0")
			case 2:
				by = sequence.Pick(r, chunkings...)
			}
			n := s.model("orders", "materialized", "table", "order_by", "id", "engine", engine, "chunk_by", by)
			k := &killer{Adapter: s.adapter, at: 1 + r.IntN(14), after: r.IntN(2) == 0, dead: r.IntN(3) > 0}
			l.k = k
			o := materialize.Options{Patience: sparing}
			var through adapters.Adapter = k
			if r.IntN(3) == 0 {
				through = &short{Adapter: k, most: 30}
			}
			o.Observe = func(e materialize.Event) {
				if f, ok := e.(materialize.StepFinished); ok && len(f.Step.Inherits) > 0 && f.Err == nil {
					taken++
				}
			}
			_, err := s.chunked(through, l, n, sql, o)
			d.Note("%s of %d rows, %s, %v, short %v, broken off at %d (after it %v, dead %v): %v", sql, rows, engine, by, through != k, k.at, k.after, k.dead, err)
			if err != nil {
				// It may have died while it answered a lack of memory.
				require.True(t, errors.Is(err, errKilled) || tooBig(err) && k.count >= k.at, "%v", err)
				deaths++
			}
		}
		l.k = nil
		n := s.model("orders", "materialized", "table", "order_by", "id", "engine", engine, "chunk_by", by)
		result, err := s.chunked(s.adapter, l, n, sql, materialize.Options{})
		require.NoError(t, err)
		s.same(sql)
		require.Equal(t, s.rows("SELECT toUInt64(count()) FROM (" + sql + ")")[0][0], result.Rows)
		require.Equal(t, []string{"orders", "src"}, s.tables())
	})
	t.Logf("%d builds were broken off, %d taken over", deaths, taken)
	if enough {
		require.NotZero(t, deaths)
		require.NotZero(t, taken)
	}
}

// A server's own complaint is answered, by smaller chunks and then by its disk.
func TestMemoryOfAServer(t *testing.T) {
	s := newShop(t)
	limits := value.DictOf("max_memory_usage", int64(40_000_000), "max_threads", int64(1), "max_bytes_ratio_before_external_group_by", float64(0))
	var how []string
	o := materialize.Options{
		Patience: materialize.Patience{TooBig: retry.TooBig, Spare: func(err error) map[string]any { return retry.Spare(s.adapter.Server().Version, err) }},
		Observe: func(e materialize.Event) {
			if l, ok := e.(materialize.StepLightened); ok {
				how = append(how, l.How)
			}
		},
	}
	const sql = "SELECT number AS id, count() AS n, groupArray(number) AS all FROM numbers(800000) GROUP BY id"
	for name, want := range map[string]string{"chunks": "with chunks half as big", "one": "using the disk where memory is short"} {
		how = nil
		config := []any{"materialized", "table", "order_by", "id", "query_settings", limits}
		if name == "chunks" {
			config = append(config, "chunk_by", value.DictOf("column", "id", "size", int64(400_000), "begin", int64(0), "end", int64(800_000)))
		}
		_, err := s.chunked(s.adapter, &ledger{}, s.model("orders", config...), sql, o)
		require.NoError(t, err, name)
		require.Contains(t, how, want)
		require.Equal(t, "[[800000 800000]]", fmt.Sprint(s.rows("SELECT count(), uniqExact(id) FROM $.orders")))
	}
}
