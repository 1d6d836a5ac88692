package materialize_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// broken is a golden repair: a node, and what each host has of it.
type broken struct {
	described `yaml:",inline"`
	// Kinds are tables by a name; Has are the kinds that hosts have, by the names
	// of the tables.
	Kinds map[string]struct {
		Create, Engine, UUID, Path string
		ReadOnly                   bool `yaml:"readonly"`
		Parts                      int
	}
	Has map[string]map[string]string
	// Granted are the grants on the node, by host.
	Granted map[string][][2]string
	// Keeper are the replicas that it knows, by path.
	Keeper map[string][]string
	Prefer string
}

// plans compares and plans, and tells both.
func (b broken) plans(t *testing.T, sql string) (string, []*materialize.Plan) {
	in := b.input(t, sql)
	survey := &materialize.Survey{Holdings: map[string]map[adapters.Relation]adapters.Holding{}, Replicas: b.Keeper}
	survey.Grants = b.grants()
	catalogs := map[string]*adapters.Catalog{}
	for host, tables := range b.Has {
		held := map[adapters.Relation]adapters.Holding{}
		found := map[string]adapters.TableInfo{}
		for name, kind := range tables {
			k, ok := b.Kinds[kind]
			require.True(t, ok, kind)
			r := adapters.Relation{Database: "shop", Name: name}
			h := adapters.Holding{Relation: r, Engine: k.Engine, UUID: k.UUID, Detached: k.Create == ""}
			h.CreateQuery = strings.Replace(k.Create, "NAME", name, 1)
			for n := range k.Parts {
				h.Parts = append(h.Parts, adapters.Part{Partition: "all", Name: fmt.Sprintf("all_%d_%d_0", n, n), MinBlock: int64(n), MaxBlock: int64(n), Rows: 10})
			}
			if k.Path != "" {
				h.Replica = &adapters.ReplicaFacts{Relation: r, Path: k.Path, Replica: b.replica(host), ReadOnly: k.ReadOnly}
			}
			held[r] = h
			if !h.Detached {
				found[name] = adapters.TableInfo{Relation: r, Engine: k.Engine, UUID: k.UUID}
			}
		}
		survey.Holdings[host] = held
		catalogs[host] = &adapters.Catalog{Databases: map[string]adapters.Database{"shop": {Name: "shop", Engine: b.Database, Tables: found}}}
	}
	first := slices.Sorted(maps.Keys(catalogs))[0]
	in.State = materialize.ObserveCluster(catalogs[first], catalogs, materialize.Liveness{
		Invocation: invocation(), Now: invocation().StartedAt, Alive: func(pid int) bool { return pid == 4712 },
	})
	e, err := materialize.Expect(in)
	require.NoError(t, err)
	// Without a server that writes them: both sides are written alike here.
	require.NoError(t, materialize.Read(t.Context(), nil, adapters.Server{}, []*materialize.Expected{e}))
	c := materialize.Compare(materialize.Question{Expected: []*materialize.Expected{e}, Survey: survey, State: in.State, Databases: []string{"shop"}, Prefer: b.Prefer})
	var out strings.Builder
	for _, d := range c.Divergences {
		fmt.Fprintf(&out, "%s on %s: %s: %s (%s)\n", d.Relation.Name, d.Host, d.Aspect, d.What, strings.TrimSpace(string(d.Remedy)+" "+d.Command))
	}
	plans := c.Plans(materialize.Repair{Server: in.Server, Topology: in.Topology, Invocation: in.Invocation, Databases: []string{"shop"}})
	for _, p := range plans {
		out.WriteString("\n" + p.Text())
	}
	return out.String(), plans
}

func (b broken) grants() map[string]map[adapters.Relation][]materialize.Grant {
	all := map[string]map[adapters.Relation][]materialize.Grant{}
	for host, pairs := range b.Granted {
		var grants []materialize.Grant
		for _, g := range pairs {
			grants = append(grants, materialize.Grant{Privilege: g[0], Grantee: g[1]})
		}
		all[host] = map[adapters.Relation][]materialize.Grant{{Database: "shop", Name: b.Node.Name}: grants}
	}
	return all
}

// replica is what a host is called in Keeper.
func (b broken) replica(host string) string {
	for _, h := range b.Hosts {
		if fields := strings.Fields(h); fields[2] == host {
			return "r" + fields[1]
		}
	}
	return ""
}

func repairs(t *testing.T, do func(name, path string, archive *txtar.Archive, b broken, sql string)) {
	paths, err := filepath.Glob("testdata/repairs/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		require.NoError(t, err)
		var b broken
		require.NoError(t, yaml.Unmarshal(archive.Files[0].Data, &b), path)
		do(strings.TrimSuffix(filepath.Base(path), ".txtar"), path, archive, b, string(archive.Files[1].Data))
	}
}

func TestGoldenRepairs(t *testing.T) {
	repairs(t, func(name, path string, archive *txtar.Archive, b broken, sql string) {
		t.Run(name, func(t *testing.T) {
			got, _ := b.plans(t, sql)
			if *update {
				archive.Files = append(archive.Files[:2], txtar.File{Name: "repair.sql", Data: []byte(got)})
				require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o600))
				return
			}
			require.Equal(t, string(archive.Files[2].Data), got)
		})
	})
}

// Every statement of the golden repairs is SQL to the current parser.
func TestGoldenRepairsParse(t *testing.T) {
	a := engine(t)
	checked := 0
	repairs(t, func(name, _ string, _ *txtar.Archive, b broken, sql string) {
		_, plans := b.plans(t, sql)
		for _, p := range plans {
			for _, s := range p.Steps {
				statements := []string{s.Statement.SQL, s.Direct, s.UndoDirect}
				if s.Undo != nil {
					statements = append(statements, s.Undo.SQL)
				}
				for _, text := range statements {
					if text == "" {
						continue
					}
					rows := query(t, a, "SELECT formatQueryOrNull("+adapters.Literal(text)+") IS NOT NULL")
					require.Equal(t, uint8(1), rows[0][0], "%s: %s", name, text)
					checked++
				}
			}
		}
	})
	require.Greater(t, checked, 30)
}
