package materialize_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// shop is a database of the engine to build in.
type shop struct {
	t        testing.TB
	adapter  adapters.Adapter
	database string
	// prepare, when set, completes what a model is planned from.
	prepare func(in *materialize.Input, adds bool)
}

func newShop(t testing.TB) *shop {
	return &shop{t: t, adapter: engine(t), database: enginetest.Database(t)}
}

// model is a model of the shop with config as names and values in turn.
func (s *shop) model(name string, config ...any) *manifest.Node {
	return &manifest.Node{
		UniqueID: "model.shop." + name, Name: name, ResourceType: manifest.Model, Schema: s.database, Alias: name,
		Config: manifest.NewConfig(value.DictOf(config...), nil), Span: source.Span{File: source.New(name+".sql", "", "")},
	}
}

// input observes the database for an invocation of its own.
func (s *shop) input(n *manifest.Node, sql string) materialize.Input {
	s.t.Helper()
	catalog, err := s.adapter.Catalog(s.t.Context(), []string{s.database})
	require.NoError(s.t, err)
	inv := materialize.Invocation{ID: uuid.New(), StartedAt: time.Now(), Host: "here", PID: os.Getpid()}
	return materialize.Input{
		Node: n, SQL: strings.ReplaceAll(sql, "$", s.database), Server: s.adapter.Server(), Invocation: inv,
		State:   materialize.Observe(catalog, materialize.Liveness{Invocation: inv, Now: time.Now()}),
		Comment: "materialize_test",
	}
}

// build plans and applies.
func (s *shop) build(n *manifest.Node, sql string) (*materialize.Result, error) {
	s.t.Helper()
	plan, err := materialize.New(s.input(n, sql))
	require.NoError(s.t, err)
	return materialize.Apply(s.t.Context(), s.adapter, plan, nil)
}

func (s *shop) rows(sql string) [][]any {
	s.t.Helper()
	return query(s.t, s.adapter, strings.ReplaceAll(sql, "$", s.database))
}

// tables are the names in the database, but for what is kept of earlier
// generations.
func (s *shop) tables() []string {
	return slices.DeleteFunc(s.allTables(), func(name string) bool {
		_, stamp, ok := materialize.ParseStaging(name)
		return ok && stamp.Role == materialize.RoleKept
	})
}

func (s *shop) allTables() []string {
	var names []string
	for _, r := range s.rows("SELECT name FROM system.tables WHERE database = '$' ORDER BY name") {
		names = append(names, r[0].(string))
	}
	return names
}
