package materialize_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

var update = flag.Bool("update", false, "rewrite the golden plans")

// described is the first file of a golden plan: a node, and what there is on
// the server.
type described struct {
	Node struct {
		Name, Kind, Description string
		Config                  yaml.Node
		Columns                 []struct {
			Name, Description, Type, Codec, TTL string
			Constraints                         []constraint
		}
		Constraints []constraint
		Contract    bool
	}
	Server   string
	Database string // its engine; empty when it does not exist
	// Cluster is the target's; Hosts are those of it or of the database, as
	// "shard replica name", with what is wrong with it after that.
	Cluster  string
	Hosts    []string
	Versions map[string]string   // of hosts
	Missing  map[string][]string // tables that a host lacks
	Extra    map[string][]string // tables that only some hosts have
	// UUIDs are those of tables that a host has another one of.
	UUIDs   map[string]map[string]string `yaml:"uuids"`
	PerHost bool                         `yaml:"per_host"`
	Require string
	Prefix  string
	Tables  map[string]listed
	// Databases are engines of other databases, TablesOf what is in them.
	Databases map[string]string
	TablesOf  map[string]map[string]listed `yaml:"tables_of"`
	Columns   [][2]string
	Pre, Post []string
	Seed      [][2]string
	Text      []string // columns of the seed that are text
	Nullable  bool     // by default, as the target's settings say
	Grants    [][2]string
	Refresh   bool
	Own       map[string]string // strategies of the project's own, and their SQL
	// Bounds are those of the chunks: rows, known, min and max.
	Bounds []int64
	// Pieces are chunks that the ledger has of a table.
	Pieces []struct {
		Staging, Text, Work string
		Rows                uint64
	}
	// Target is the table that the node adds to.
	Target *struct {
		Columns [][3]string // name, type, default kind
		Engine  string
		Feeds   []string
		Patched bool
		Create  string
	}
}

type constraint struct{ Type, Name, Expression string }

// listed is a table of a database.
type listed struct{ Engine, Comment, UUID string }

// invocation is the one that all golden plans are made for.
func invocation() materialize.Invocation {
	return materialize.Invocation{
		ID:        uuid.MustParse("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
		StartedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Host: "here", PID: 4711,
	}
}

// input is what a golden plan is planned from.
func (d described) input(t *testing.T, sql string) materialize.Input {
	config := &yaml.Node{Kind: yaml.MappingNode}
	if d.Node.Config.Kind != 0 {
		config = &d.Node.Config
	}
	// Everything is at the beginning of one file: places are tested apart.
	file := source.New("models/shop.yml", "", "shop\n")
	values := valueOf(t, config).(*value.Dict)
	n := &manifest.Node{
		UniqueID: d.Node.Kind + ".shop." + d.Node.Name, Name: d.Node.Name, ResourceType: d.Node.Kind, Schema: "shop", Alias: d.Node.Name,
		Description: d.Node.Description, Config: manifest.NewConfig(values, nil), Span: source.Span{File: file},
		Contract: manifest.Contract{Enforced: d.Node.Contract}, Constraints: constraints(d.Node.Constraints, file),
	}
	for _, c := range d.Node.Columns {
		n.Columns = append(n.Columns, manifest.Column{
			Name: c.Name, Description: c.Description, DataType: c.Type, Codec: c.Codec, TTL: c.TTL,
			Constraints: constraints(c.Constraints, file), Span: source.Span{File: file},
		})
	}
	version, err := adapters.ParseVersion(d.Server)
	require.NoError(t, err)
	in := materialize.Input{
		Node: n, SQL: strings.TrimSuffix(sql, "\n"), State: d.state(), Server: adapters.Server{Version: version, User: "dbt"},
		Invocation: invocation(), Topology: d.topology(t), DefaultNullable: d.Nullable,
	}
	in.FullRefresh = d.Refresh
	if d.Own != nil {
		in.Own = &materialize.OwnStrategies{Names: slices.Sorted(maps.Keys(d.Own)), SQL: func(name string, call materialize.StrategyCall) (string, error) {
			return strings.NewReplacer("$target", call.Target.String(), "$new", call.New.String()).Replace(d.Own[name]), nil
		}}
	}
	if len(d.Bounds) == 4 {
		in.Chunking.Bounds = &materialize.Bounds{Rows: uint64(d.Bounds[0]), Known: uint64(d.Bounds[1]), Min: d.Bounds[2], Max: d.Bounds[3], Counted: true}
	}
	for i, piece := range d.Pieces {
		in.Pieces = append(in.Pieces, materialize.Piece{
			Kind: materialize.PieceChunk, Staging: piece.Staging, Work: piece.Work, Number: i + 1, Text: piece.Text, Rows: piece.Rows,
		})
	}
	if d.Target != nil {
		definition := adapters.Definition{EngineFull: d.Target.Engine, CreateQuery: d.Target.Create}
		in.Target = &materialize.Target{Definition: definition, Patched: d.Target.Patched}
		if d.UUIDs != nil {
			in.Target.Hosts = map[string]adapters.Definition{}
			for _, h := range in.Topology.Clusters[d.Cluster] {
				in.Target.Hosts[h.Name] = definition
			}
		}
		for _, c := range d.Target.Columns {
			in.Target.Columns = append(in.Target.Columns, adapters.ColumnInfo{Column: adapters.Column{Name: c[0], Type: c[1]}, DefaultKind: c[2]})
		}
		for _, f := range d.Target.Feeds {
			in.Target.Feeds = append(in.Target.Feeds, adapters.Relation{Database: "shop", Name: f})
		}
	}
	for _, c := range d.Columns {
		in.Columns = append(in.Columns, adapters.Column{Name: c[0], Type: c[1]})
	}
	for _, h := range d.Pre {
		in.PreHooks = append(in.PreHooks, materialize.Hook{SQL: h, Transaction: !strings.Contains(h, "outside")})
	}
	for _, h := range d.Post {
		in.PostHooks = append(in.PostHooks, materialize.Hook{SQL: h, Transaction: !strings.Contains(h, "outside")})
	}
	for _, g := range d.Grants {
		in.Grants = append(in.Grants, materialize.Grant{Privilege: g[0], Grantee: g[1]})
	}
	if d.Seed != nil {
		in.Seed = &materialize.Seed{}
		for _, c := range d.Seed {
			column := materialize.SeedColumn{Column: adapters.Column{Name: c[0], Type: c[1]}}
			column.Text = strings.Contains(" "+strings.Join(d.Text, " ")+" ", " "+c[0]+" ")
			column.Defaults = column.Text
			in.Seed.Columns = append(in.Seed.Columns, column)
		}
	}
	return in
}

func (d described) state() *materialize.State {
	catalog := &adapters.Catalog{Databases: map[string]adapters.Database{}}
	add := func(database, engine string, all map[string]listed) {
		tables := map[string]adapters.TableInfo{}
		for name, table := range all {
			tables[name] = adapters.TableInfo{Relation: adapters.Relation{Database: database, Name: name}, Engine: table.Engine, Comment: table.Comment, UUID: table.UUID, Bytes: 1 << 40}
		}
		catalog.Databases[database] = adapters.Database{Name: database, Engine: engine, Tables: tables}
	}
	if d.Database != "" {
		add("shop", d.Database, d.Tables)
	}
	for name, engine := range d.Databases {
		add(name, engine, d.TablesOf[name])
	}
	hosts := map[string]*adapters.Catalog{}
	for _, h := range d.Hosts {
		fields := strings.SplitN(h, " ", 4)
		if len(fields) == 4 {
			continue
		}
		own := &adapters.Catalog{Databases: map[string]adapters.Database{}}
		for name, database := range catalog.Databases {
			database.Tables = maps.Clone(database.Tables)
			for _, missing := range d.Missing[fields[2]] {
				delete(database.Tables, missing)
			}
			for _, extra := range d.Extra[fields[2]] {
				database.Tables[extra] = adapters.TableInfo{Relation: adapters.Relation{Database: name, Name: extra}, Engine: "ReplicatedMergeTree"}
			}
			for table, id := range d.UUIDs[fields[2]] {
				if other, there := database.Tables[table]; there {
					other.UUID = id
					database.Tables[table] = other
				}
			}
			own.Databases[name] = database
		}
		hosts[fields[2]] = own
	}
	return materialize.ObserveCluster(catalog, hosts, materialize.Liveness{
		Invocation: invocation(), Now: invocation().StartedAt, Alive: func(pid int) bool { return pid == 4712 },
	})
}

func (d described) topology(t *testing.T) materialize.Topology {
	top := materialize.Topology{
		Cluster: d.Cluster, Clusters: map[string][]materialize.Host{}, PerHost: d.PerHost,
		Require: materialize.Require(d.Require), LocalPrefix: d.Prefix,
	}
	name := d.Cluster
	if name == "" {
		name = "shop" // the database's own
	}
	for _, text := range d.Hosts {
		fields := strings.SplitN(text, " ", 4)
		h := materialize.Host{Name: fields[2]}
		_, err := fmt.Sscan(fields[0], &h.Shard)
		require.NoError(t, err)
		_, err = fmt.Sscan(fields[1], &h.Replica)
		require.NoError(t, err)
		h.Macros = map[string]string{"shard": fields[0], "replica": "r" + fields[1]}
		if len(fields) == 4 {
			h.Down, h.Macros = fields[3], nil
		}
		if text, ok := d.Versions[h.Name]; ok {
			h.Version, err = adapters.ParseVersion(text)
			require.NoError(t, err)
		}
		top.Clusters[name] = append(top.Clusters[name], h)
	}
	return top
}

func constraints(all []constraint, file *source.File) []manifest.Constraint {
	var out []manifest.Constraint
	for _, c := range all {
		out = append(out, manifest.Constraint{Type: c.Type, Name: c.Name, Expression: c.Expression, Span: source.Span{File: file}})
	}
	return out
}

// valueOf reads YAML as a config holds it.
func valueOf(t *testing.T, n *yaml.Node) value.Value {
	switch n.Kind {
	case yaml.MappingNode:
		d := value.NewDict()
		for i := 0; i < len(n.Content); i += 2 {
			d.Put(n.Content[i].Value, valueOf(t, n.Content[i+1]))
		}
		return d
	case yaml.SequenceNode:
		var elems []value.Value
		for _, e := range n.Content {
			elems = append(elems, valueOf(t, e))
		}
		return value.NewList(elems...)
	}
	var v any
	require.NoError(t, n.Decode(&v))
	if i, ok := v.(int); ok {
		return int64(i)
	}
	return v
}

// golden reads a golden plan and plans it.
func golden(t *testing.T, path string) (*txtar.Archive, described, *materialize.Plan, error) {
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	var d described
	var sql string
	for _, f := range archive.Files {
		switch f.Name {
		case "node.yml":
			require.NoError(t, yaml.Unmarshal(f.Data, &d))
		case "node.sql":
			sql = string(f.Data)
		}
	}
	plan, err := materialize.New(d.input(t, sql))
	return archive, d, plan, err
}

func goldens(t *testing.T) []string {
	paths, err := filepath.Glob("testdata/plans/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	return paths
}

func TestGoldenPlans(t *testing.T) {
	for _, path := range goldens(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, _, plan, err := golden(t, path)
			var got string
			var failure *diag.Failure
			switch {
			case errors.As(err, &failure):
				for _, d := range failure.Diagnostics {
					got += d.Severity.String() + " " + d.Code + ": " + d.Error() + "\n"
				}
			default:
				require.NoError(t, err)
				got = plan.Text()
			}
			last := &archive.Files[len(archive.Files)-1]
			if *update {
				if last.Name != "plan.sql" {
					archive.Files = append(archive.Files, txtar.File{Name: "plan.sql"})
					last = &archive.Files[len(archive.Files)-1]
				}
				last.Data = []byte(got)
				require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o600))
				return
			}
			require.Equal(t, "plan.sql", last.Name)
			require.Equal(t, string(last.Data), got)
		})
	}
}
