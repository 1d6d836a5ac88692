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
	t.Run("of another engine", func(t *testing.T) {
		s := newShop(t)
		n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id", "engine", "ReplacingMergeTree()")
		s.mustAdd(n, fmt.Sprintf(days, "first", 0, 3))
		n = s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id")
		s.refresh(n, fmt.Sprintf(days, "second", 0, 4))
		for _, want := range []string{"[[first 3]]", "[[second 4]]"} {
			require.NoError(t, s.rollback(s.adapter, n, false))
			require.Equal(t, want, fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")))
		}
	})
	t.Run("what is kept no more", func(t *testing.T) {
		s := newShop(t)
		for _, keep := range []bool{true, true, false} {
			s.refresh(s.model("orders", "materialized", "table", "keep_previous_generation", keep), "SELECT 1 AS id")
		}
		require.Equal(t, "orders", s.kinds())
	})
}

// Wherever a rollback breaks off, the table is whole, and so is what is kept:
// whoever comes next, a run, a rollback, a full refresh or a repair, takes neither
// for a leftover, and leaves none. Where the rollback lives, it cleans up itself.
func TestRollbackBreaksOff(t *testing.T) {
	for _, noExchange := range []bool{false, true} {
		onItsWay := 0
		for at, over := 1, false; !over; at++ {
			for _, after := range []bool{false, true} {
				for _, next := range []string{"run", "rollback", "repair", "refresh", "itself"} {
					s := newShop(t)
					n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id")
					held := func() string { return fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v")) }
					s.mustAdd(n, fmt.Sprintf(days, "first", 0, 4))
					s.refresh(n, fmt.Sprintf(days, "second", 0, 7))
					over = s.rollback(&killer{Adapter: s.adapter, at: at, after: after, dead: next != "itself"}, n, noExchange) == nil
					what := fmt.Sprintf("%s after statement %d %v, renames %v", next, at, after, noExchange)
					before := held()
					require.Contains(t, []string{"[[first 4]]", "[[second 7]]"}, before, what)
					other := map[string]string{"[[first 4]]": "[[second 7]]", "[[second 7]]": "[[first 4]]"}[before]
					if strings.Contains(s.kinds(), "orders r") {
						onItsWay++
						require.Equal(t, "orders, orders r", s.kinds(), what)
					}
					switch next {
					case "run":
						s.mustAdd(n, fmt.Sprintf(days, "none", 0, 0))
						require.Equal(t, before, held(), what)
					case "repair":
						s.repair(n)
					case "refresh":
						s.refresh(n, fmt.Sprintf(days, "third", 0, 2))
						other = before
					}
					if next != "rollback" {
						require.Equal(t, "orders, orders k", s.kinds(), what)
					}
					require.NoError(t, s.rollback(s.adapter, n, noExchange), what)
					require.Equal(t, other, held(), what)
					require.Equal(t, "orders, orders k", s.kinds(), what)
				}
			}
		}
		require.Positive(t, onItsWay, "renames %v", noExchange)
	}
}

// A rollback that was taken for dead changes nothing any more, wherever it was
// held back: what it would exchange has another name by then.
func TestRollbackWakesUp(t *testing.T) {
	for _, noExchange := range []bool{false, true} {
		for _, next := range []string{"run", "rollback", "refresh"} {
			s := newShop(t)
			n := s.model("orders", "materialized", "incremental", "order_by", "id", "unique_key", "id")
			held := func() string { return fmt.Sprint(s.rows("SELECT v, count() FROM $.orders GROUP BY v ORDER BY v")) }
			s.mustAdd(n, fmt.Sprintf(days, "first", 0, 4))
			s.refresh(n, fmt.Sprintf(days, "second", 0, 7))
			in := s.input(n, "")
			in.NoExchange = noExchange
			plan, err := materialize.Rollback(in, "")
			require.NoError(t, err)
			late := ""
			for _, step := range plan.Steps {
				if step.Swap {
					late = step.Statement.SQL
					break
				}
				exec(t, s.adapter, step.Statement.SQL)
			}
			require.NotEmpty(t, late)
			switch next {
			case "run":
				s.mustAdd(n, fmt.Sprintf(days, "third", 6, 2))
			case "rollback":
				require.NoError(t, s.rollback(s.adapter, n, noExchange))
			case "refresh":
				s.refresh(n, fmt.Sprintf(days, "third", 0, 2))
			}
			before := held()
			session, err := s.adapter.Session(t.Context())
			require.NoError(t, err)
			_, err = session.Exec(t.Context(), adapters.Statement{SQL: late})
			require.NoError(t, session.Close())
			require.Equal(t, adapters.ClassMissing, adapters.ClassOf(err), "%v", err)
			require.Equal(t, before, held(), "%s, renames %v", next, noExchange)
			s.mustAdd(n, fmt.Sprintf(days, "none", 0, 0))
			require.Equal(t, before, held(), "%s, renames %v", next, noExchange)
			require.Equal(t, "orders, orders k", s.kinds())
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
	const exchange = "EXCHANGE TABLES `shop`.`orders__chmod_r0mjwaid1k097y18r003mvg30iiw` AND `shop`.`orders`"
	swapped, done := map[string]string{"orders": "old", kept: "new"}, map[string]string{"orders": "new", kept: "old"}
	for name, c := range map[string]struct {
		hosts  []map[string]string
		prefer string
		want   string // the exchange, or the error
	}{
		"all":            {[]map[string]string{done, done, done}, "", exchange + " ON CLUSTER `main` []"},
		"the newest":     {[]map[string]string{{"orders": "c", kept: "a", later: "b"}, {"orders": "c", later: "b"}}, "", exchange + " ON CLUSTER `main` []"},
		"not everywhere": {[]map[string]string{done, {"orders": "new"}}, "", "the earlier generation of `shop`.`orders` is not on b:9000"},
		"missing":        {[]map[string]string{done, {kept: "old"}}, "", "`shop`.`orders` is not on b:9000"},
		"broken off":     {[]map[string]string{done, swapped, done}, "", "a:9000, c:9000 against b:9000; --prefer names a host"},
		"gone on with":   {[]map[string]string{done, swapped, done}, "b:9000", exchange + " [a:9000 c:9000]"},
		"taken back":     {[]map[string]string{done, swapped, done}, "c:9000", exchange + " [b:9000]"},
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

// What a rollback that was broken off had on its way is taken back before anything
// else, under the one name that it has elsewhere.
func TestTakingBackOnHosts(t *testing.T) {
	const kept, way = "orders__chmod_k0mjwaid1j097y18r003mvaaaaaa", "orders__chmod_r0mjwaid1k097y18r003mvaaaaaa"
	const own, ownWay = "orders__chmod_k0mjwaid1k097y18r003mvaaaaaa", "orders__chmod_r0mjwaid1k097y18r003mvg30iiw"
	const older = "orders__chmod_k0mjwaid1i097y18r003mvaaaaaa"
	rename := func(from, to, rest string) string {
		return "RENAME TABLE `shop`.`" + from + "` TO `shop`.`" + to + "`" + rest
	}
	exchange := "EXCHANGE TABLES `shop`.`" + ownWay + "` AND `shop`.`orders`"
	everywhere := " ON CLUSTER `main` []"
	for name, c := range map[string]struct {
		hosts  []map[string]string
		prefer string
		want   []string
		err    string
	}{
		"set off everywhere": {
			hosts: []map[string]string{{"orders": "new", way: "old"}, {"orders": "new", way: "old"}},
			want:  []string{rename(way, own, everywhere), rename(own, ownWay, everywhere), exchange + everywhere, rename(ownWay, own, everywhere)},
		},
		"set off on one": {
			hosts: []map[string]string{{"orders": "new", way: "old"}, {"orders": "new", kept: "old"}},
			want:  []string{rename(way, kept, " [a:9000]"), rename(kept, ownWay, everywhere), exchange + everywhere, rename(ownWay, kept, everywhere)},
		},
		"beside what was kept before": {
			hosts: []map[string]string{{"orders": "new", way: "old", older: "x"}, {"orders": "new", kept: "old", older: "x"}},
			want:  []string{rename(way, kept, " [a:9000]"), rename(kept, ownWay, everywhere), exchange + everywhere, rename(ownWay, kept, everywhere)},
		},
		"arrived on one": {
			hosts: []map[string]string{{"orders": "old", kept: "new"}, {"orders": "old", way: "new"}},
			want:  []string{rename(way, kept, " [b:9000]"), rename(kept, ownWay, everywhere), exchange + everywhere, rename(ownWay, kept, everywhere)},
		},
		"exchanged on one": {
			hosts: []map[string]string{{"orders": "old", way: "new"}, {"orders": "new", way: "old"}},
			err:   "hosts have different generations of `shop`.`orders`",
		},
		"exchanged on one, and gone on with": {
			hosts: []map[string]string{{"orders": "old", way: "new"}, {"orders": "new", way: "old"}}, prefer: "a:9000",
			want: []string{rename(way, own, everywhere), rename(own, ownWay, " [b:9000]"), exchange + " [b:9000]", rename(ownWay, own, " [b:9000]")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := generations(t, c.hosts...)
			k, ok := materialize.KeptOf(in)
			require.True(t, ok)
			_, there := c.hosts[0][k.Name]
			require.True(t, there, "the columns of %s are read on the first host", k.Name)
			plan, err := materialize.Rollback(in, c.prefer)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			var got []string
			for _, s := range plan.Steps {
				if s.Kind == materialize.KindExec {
					got = append(got, fmt.Sprint(s.Statement.SQL, " ", s.Hosts))
				}
			}
			require.Equal(t, c.want, got, plan.Text())
		})
	}
}
