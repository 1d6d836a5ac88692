//go:build record

package dbt

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

// recorder names the environment variable with the path of a dbt that has
// dbt-clickhouse:
//
//	CHMOD_RECORD_DBT=venv/bin/dbt go test -tags record ./adapters/bed/dbt -run TestRecord -count=1
const recorder = "CHMOD_RECORD_DBT"

// TestRecord runs the real dbt against an embedded engine and writes down what
// it sends.
func TestRecord(t *testing.T) {
	program := os.Getenv(recorder)
	require.NotEmpty(t, program, "%s names no dbt to record", recorder)
	for _, m := range models() {
		t.Run(m.name, func(t *testing.T) { m.record(t, program) })
	}
}

func (m model) record(t *testing.T, program string) {
	server := engineWithCluster(t)
	p := newProxy(t, server.HTTPAddr)
	p.noExchange = !m.exchange
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	cluster := ""
	if m.cluster {
		cluster = ", cluster: bed"
	}
	_, port, _ := strings.Cut(strings.TrimPrefix(p.URL, "http://"), ":")
	write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n")
	write("profiles.yml", fmt.Sprintf("shop:\n  target: it\n  outputs:\n    it: {type: clickhouse, driver: http, host: 127.0.0.1, port: %s, user: %s, password: %q, schema: %s, threads: 1%s}\n",
		port, server.User, server.Password, Database, cluster))
	write("models/orders.sql", "{{ config("+m.config+") }}\n"+m.sql+"\n")
	for i, c := range m.calls {
		if c.breaks != "" {
			p.breaks = func(sql string) bool { return strings.HasPrefix(strings.ToLower(sql), c.breaks) }
		}
		args := []string{"run", "--vars", fmt.Sprintf("{generation: %d}", i+1)}
		run := exec.CommandContext(t.Context(), program, append(args, "--profiles-dir", ".")...)
		run.Dir = dir
		run.Env = append(os.Environ(), "DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DBT_USE_COLORS=false")
		out, err := run.CombinedOutput()
		if c.breaks == "" {
			require.NoError(t, err, "%s", out)
		} else {
			require.Error(t, err)
		}
		r := Recording{Statements: p.taken(), About: about(server, m, c, args, string(out))}
		require.NotEmpty(t, r.Statements)
		require.NoError(t, os.WriteFile(filepath.Join("testdata", m.name+"_"+c.name+".txtar"), r.write(), 0o644))
	}
}

// about is what the recording says of itself.
func about(server *embedded.Server, m model, c call, args []string, out string) string {
	var versions []string
	for line := range strings.Lines(out) {
		for _, mark := range []string{"Running with ", "Registered adapter: "} {
			if _, v, ok := strings.Cut(line, mark); ok {
				versions = append(versions, strings.TrimSpace(v))
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "What dbt (%s, driver http) sends to ClickHouse %s for the model orders,\n", strings.Join(versions, ", "), server.Version)
	fmt.Fprintf(&b, "config(%s),\nwith `dbt %s`", m.config, strings.Join(args, " "))
	if m.cluster {
		b.WriteString(" and `cluster: bed` in the profile")
	}
	fmt.Fprintf(&b, ", recorded %s.\n", time.Now().UTC().Format(time.DateOnly))
	b.WriteString("Between them was a proxy that took ON CLUSTER out and made the engine a plain one, since that server has no Keeper")
	if !m.exchange {
		b.WriteString(",\nand that answered EXCHANGE as a server without it does")
	}
	b.WriteString(".\n")
	if c.breaks != "" {
		fmt.Fprintf(&b, "The statement that begins with `%s`, and all after it, failed; they are not listed.\n", c.breaks)
	}
	return b.String()
}

// engineWithCluster is an engine that knows a cluster of itself.
func engineWithCluster(t *testing.T) *embedded.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const overlay = `<clickhouse>
  <remote_servers><bed><shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>%d</port>
  </replica></shard></bed></remote_servers>
  <macros><cluster>bed</cluster><shard>01</shard><replica>r1</replica></macros>
</clickhouse>`
	port := freePort(t)
	server, err := embedded.Start(ctx, embedded.Options{
		Dir: t.TempDir(), Engine: enginetest.Engine(t), HTTP: true, Port: port, Grace: 100 * time.Millisecond,
		Config: map[string]string{"50-cluster.xml": fmt.Sprintf(overlay, port)},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop(context.Background())) })
	return server
}

// write is the text that Read reads.
func (r Recording) write() []byte {
	a := &txtar.Archive{Comment: []byte(r.About)}
	for i, s := range r.Statements {
		a.Files = append(a.Files, txtar.File{Name: fmt.Sprintf("%02d", i+1), Data: []byte(s + "\n")})
	}
	return txtar.Format(a)
}
