package materialize_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/materialize"
)

// refresh builds an incremental model from nothing.
func (s *shop) refresh(n *manifest.Node, sql string) {
	s.t.Helper()
	_, err := s.add(s.adapter, n, s.always(sql), true)
	require.NoError(s.t, err)
}

// rollback goes back to what is kept of the model.
func (s *shop) rollback(through adapters.Adapter, n *manifest.Node, noExchange bool) error {
	s.t.Helper()
	in := s.input(n, "")
	in.NoExchange = noExchange
	plan, err := materialize.Rollback(in, "")
	if err != nil {
		return err
	}
	_, err = materialize.Apply(s.t.Context(), through, plan, nil)
	return err
}

// kinds are the tables of the database, those that runs name by their use.
func (s *shop) kinds() string {
	var all []string
	for _, name := range s.allTables() {
		if base, stamp, ok := materialize.ParseStaging(name); ok {
			name = base + " " + string(stamp.Role)
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

func TestRollback(t *testing.T) {
	for _, noExchange := range []bool{false, true} {
		t.Run(fmt.Sprintf("renames %v", noExchange), func(t *testing.T) {
			s := newShop(t)
			n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id")
			held := func() string { return fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v ORDER BY v")) }
			s.mustAdd(n, fmt.Sprintf(days, "first", 0, 4))
			require.ErrorContains(t, s.rollback(s.adapter, n, noExchange), "orders: there is no earlier generation of")
			s.refresh(n, fmt.Sprintf(days, "second", 0, 7))
			require.Equal(t, "orders, orders k", s.kinds())
			s.mustAdd(n, fmt.Sprintf(days, "third", 6, 2))
			require.Equal(t, "[[second 6] [third 2]]", held())
			for _, want := range []string{"[[first 4]]", "[[second 6] [third 2]]", "[[first 4]]"} {
				require.NoError(t, s.rollback(s.adapter, n, noExchange))
				require.Equal(t, want, held())
				require.Equal(t, "orders, orders k", s.kinds())
			}
			s.mustAdd(n, fmt.Sprintf(days, "fourth", 3, 2))
			require.Equal(t, "[[first 3] [fourth 2]]", held())
			s.refresh(n, fmt.Sprintf(days, "fifth", 0, 1))
			require.Equal(t, "orders, orders k", s.kinds())
			require.NoError(t, s.rollback(s.adapter, n, noExchange))
			require.Equal(t, "[[first 3] [fourth 2]]", held())
			// The table is dropped by hand: what is kept can be had back.
			exec(t, s.adapter, "DROP TABLE "+s.database+".orders SYNC")
			require.NoError(t, s.rollback(s.adapter, n, noExchange))
			require.Equal(t, "[[fifth 1]]", held())
			require.Equal(t, "orders", s.kinds())
		})
	}
}

// Other tables are kept where that is asked for, and incremental ones are not
// where it is asked for, either.
func TestWhatIsKept(t *testing.T) {
	for _, c := range []struct {
		config []any
		want   string
	}{
		{[]any{"materialized", "table"}, "orders"},
		{[]any{"materialized", "table", "keep_previous_generation", true}, "orders, orders k"},
		{[]any{"materialized", "table", "keep_previous_generation", true, "engine", "Memory"}, "orders"},
		{[]any{"materialized", "incremental"}, "orders, orders k"},
		{[]any{"materialized", "incremental", "keep_previous_generation", false}, "orders"},
	} {
		t.Run(fmt.Sprint(c.config...), func(t *testing.T) {
			s := newShop(t)
			n := s.model("orders", c.config...)
			for range 3 {
				s.refresh(n, "SELECT 1 AS id")
			}
			require.Equal(t, c.want, s.kinds())
		})
	}
	t.Run("what is kept no more", func(t *testing.T) {
		s := newShop(t)
		for _, keep := range []bool{true, true, false} {
			s.refresh(s.model("orders", "materialized", "table", "keep_previous_generation", keep), "SELECT 1 AS id")
		}
		require.Equal(t, "orders", s.kinds())
	})
}

// Wherever a rollback breaks off, the table is whole, and so is what is kept;
// the next run takes neither for a leftover.
func TestRollbackBreaksOff(t *testing.T) {
	for at := 1; at <= 2; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprint(at, after), func(t *testing.T) {
				s := newShop(t)
				n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id")
				s.mustAdd(n, fmt.Sprintf(days, "first", 0, 4))
				s.refresh(n, fmt.Sprintf(days, "second", 0, 7))
				_ = s.rollback(&killer{Adapter: s.adapter, at: at, after: after, dead: true}, n, false) // it may be over by then
				require.Contains(t, []string{"[[first 4]]", "[[second 7]]"}, fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")))
				s.mustAdd(n, fmt.Sprintf(days, "none", 0, 0))
				require.Equal(t, "orders, orders k", s.kinds())
				before := fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v"))
				require.NoError(t, s.rollback(s.adapter, n, false))
				require.NotEqual(t, before, fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")))
			})
		}
	}
}

// generations is a state in which hosts have tables by name and UUID.
func generations(t *testing.T, hosts ...map[string]string) materialize.Input {
	catalogs := map[string]*adapters.Catalog{}
	var all []materialize.Host
	for i, tables := range hosts {
		d := adapters.Database{Name: "shop", Engine: "Atomic", Tables: map[string]adapters.TableInfo{}}
		for name, uuid := range tables {
			d.Tables[name] = adapters.TableInfo{Relation: adapters.Relation{Database: "shop", Name: name}, Engine: "ReplicatedMergeTree", UUID: uuid}
		}
		name := string(rune('a'+i)) + ":9000"
		catalogs[name] = &adapters.Catalog{Databases: map[string]adapters.Database{"shop": d}}
		all = append(all, materialize.Host{Name: name, Shard: 1, Replica: i + 1, Macros: map[string]string{"shard": "1", "replica": name}})
	}
	version, err := adapters.ParseVersion("26.7.1.1")
	require.NoError(t, err)
	n := (&shop{database: "shop"}).model("orders", "materialized", "incremental", "order_by", "id")
	return materialize.Input{
		Node: n, Invocation: invocation(), Server: adapters.Server{Version: version},
		State:    materialize.ObserveCluster(catalogs["a:9000"], catalogs, materialize.Liveness{Invocation: invocation(), Now: invocation().StartedAt}),
		Topology: materialize.Topology{Cluster: "main", Clusters: map[string][]materialize.Host{"main": all}},
	}
}

func TestRollbackOnHosts(t *testing.T) {
	const kept, later = "orders__chmod_k0mjwaid1k097y18r003mvaaaaaa", "orders__chmod_k0mjwaid1l097y18r003mvaaaaaa"
	swapped, done := map[string]string{"orders": "old", kept: "new"}, map[string]string{"orders": "new", kept: "old"}
	for name, c := range map[string]struct {
		hosts  []map[string]string
		prefer string
		want   string // the exchange, or the error
	}{
		"all":            {[]map[string]string{done, done, done}, "", "EXCHANGE TABLES `shop`.`" + kept + "` AND `shop`.`orders` ON CLUSTER `main` []"},
		"the newest":     {[]map[string]string{{"orders": "c", kept: "a", later: "b"}, {"orders": "c", later: "b"}}, "", "EXCHANGE TABLES `shop`.`" + later + "` AND `shop`.`orders` ON CLUSTER `main` []"},
		"not everywhere": {[]map[string]string{done, {"orders": "new"}}, "", "the earlier generation of `shop`.`orders` is not on b:9000"},
		"missing":        {[]map[string]string{done, {kept: "old"}}, "", "`shop`.`orders` is not on b:9000"},
		"broken off":     {[]map[string]string{done, swapped, done}, "", "a:9000, c:9000 against b:9000; --prefer names a host"},
		"gone on with":   {[]map[string]string{done, swapped, done}, "b:9000", "EXCHANGE TABLES `shop`.`" + kept + "` AND `shop`.`orders` [a:9000 c:9000]"},
		"taken back":     {[]map[string]string{done, swapped, done}, "c:9000", "EXCHANGE TABLES `shop`.`" + kept + "` AND `shop`.`orders` [b:9000]"},
		"nothing to do":  {[]map[string]string{done, done}, "b:9000", ""},
		"a third one":    {[]map[string]string{done, swapped, {"orders": "x", kept: "y"}}, "a:9000", "c:9000 has the generation of a:9000 under neither name"},
		"none":           {[]map[string]string{{"orders": "new"}}, "", "there is no earlier generation"},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := materialize.Rollback(generations(t, c.hosts...), c.prefer)
			if err != nil {
				require.ErrorContains(t, err, c.want)
				return
			}
			got := ""
			for _, s := range plan.Steps {
				if s.Swap {
					got = fmt.Sprint(s.Statement.SQL, " ", s.Hosts)
				}
			}
			require.Equal(t, c.want, got, plan.Text())
		})
	}
}
