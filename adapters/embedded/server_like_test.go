package embedded_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

func TestStrangersAreRefusedAndDoNotEndTheEngine(t *testing.T) {
	server := enginetest.Server(t)
	const wrongPassword, tooManySessions = 516, 700
	for range 5 {
		requireCode(t, login(t, server, server.User, "guess"), wrongPassword)
		requireCode(t, login(t, server, server.User, ""), wrongPassword)
		requireCode(t, login(t, server, "nobody", ""), wrongPassword)
		requireCode(t, login(t, server, "default", ""), tooManySessions)
		requireCode(t, login(t, server, "default", "guess"), wrongPassword)
	}
	for _, query := range []url.Values{
		{"query": {"SELECT 1"}},
		{"query": {"SELECT 1"}, "user": {"default"}, "max_sessions_for_user": {"0"}},
		{"query": {"SELECT 1"}, "user": {"default"}, "session_id": {"s"}},
		{"query": {"SELECT 1"}, "user": {server.User}, "password": {"guess"}},
	} {
		response, err := http.Get("http://" + server.HTTPAddr + "/?" + query.Encode())
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.NotEqual(t, http.StatusOK, response.StatusCode, "%s: %s", query, body)
	}
	requireAnswers(t, server)
}

func TestGarbageOnThePortDoesNotEndTheEngine(t *testing.T) {
	server := enginetest.Server(t)
	for name, garbage := range map[string]string{
		"http":    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"tls":     "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"zeros":   string(make([]byte, 4096)),
		"nothing": "",
	} {
		connection, err := net.Dial("tcp", server.Addr)
		require.NoError(t, err, name)
		_, err = connection.Write([]byte(garbage))
		require.NoError(t, err, name)
		require.NoError(t, connection.(*net.TCPConn).CloseWrite())
		require.NoError(t, connection.SetReadDeadline(time.Now().Add(timeToEnd)))
		// Whatever it answers, or a reset.
		_, _ = io.Copy(io.Discard, connection)
		require.NoError(t, connection.Close())
		requireAnswers(t, server)
	}
	unknown, err := clickhouse.Open(&clickhouse.Options{Addr: []string{server.Addr},
		Auth: clickhouse.Auth{Username: server.User, Password: server.Password, Database: "nowhere"}})
	require.NoError(t, err)
	defer unknown.Close()
	requireCode(t, unknown.Ping(t.Context()), 81)
	requireAnswers(t, server)
}

func TestWarehouseSurvivesRuns(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "first")
	// Without clients the engine stops in good order, and writes its logs.
	server := enginetest.Start(t, embedded.Options{Dir: dir, Grace: timeToEnd})
	first := enginetest.Connect(t, server, "")
	execute(t, first,
		"CREATE DATABASE shop",
		"CREATE TABLE shop.orders ENGINE = MergeTree ORDER BY n AS SELECT number AS n FROM numbers(1000)",
		"CREATE VIEW default.total AS SELECT sum(n) AS s FROM shop.orders",
	)
	require.NoError(t, first.Close())
	requireStops(t, server)

	// A project may be moved between runs.
	moved := filepath.Join(root, "second")
	require.NoError(t, os.Rename(dir, moved))
	for range 2 {
		server = enginetest.Start(t, embedded.Options{Dir: moved})
		connection := enginetest.Connect(t, server, "")
		require.EqualValues(t, 499500, query1[uint64](t, connection, "SELECT s FROM default.total"))

		// Unprepared, `system` forgets itself: the log then cannot be written
		// and flushing it never ends.
		ctx, cancel := context.WithTimeout(t.Context(), timeToEnd)
		defer cancel()
		require.NoError(t, connection.Exec(ctx, "SYSTEM FLUSH LOGS"))
		require.EqualValues(t, 1, query1[uint64](t, connection,
			"SELECT count() FROM system.query_log WHERE type = 'QueryFinish' AND query LIKE 'CREATE DATABASE shop%'"))
		require.NotZero(t, query1[uint64](t, connection, "SELECT count() FROM system.part_log"))
		require.Equal(t, "Atomic", query1[string](t, connection, "SELECT engine FROM system.databases WHERE name = 'system'"))
		requireStops(t, server)
	}
}

func TestDefaultDatabaseIsAnOrdinaryOne(t *testing.T) {
	server := enginetest.Server(t)
	connection := enginetest.Connect(t, server, "")
	require.Equal(t, "Atomic", query1[string](t, connection, "SELECT engine FROM system.databases WHERE name = 'default'"))

	database := enginetest.Database(t)
	execute(t, connection,
		"CREATE TABLE "+database+".incoming (n UInt8) ENGINE = MergeTree ORDER BY n",
		"RENAME TABLE "+database+".incoming TO default.renamed_into",
		"CREATE TABLE default.exchanged (n UInt16) ENGINE = MergeTree ORDER BY n",
		"EXCHANGE TABLES default.renamed_into AND default.exchanged",
		"DROP TABLE default.renamed_into SYNC",
		"DROP TABLE default.exchanged SYNC",
	)
	requireCode(t, connection.Exec(t.Context(), "SELECT * FROM default.`/etc/hostname`"), 60)
}

func TestSettingsAreAServers(t *testing.T) {
	connection := enginetest.Connect(t, enginetest.Server(t), "")
	requireCode(t, connection.Exec(t.Context(), "selec 1"), 62)
	requireCode(t, connection.Exec(t.Context(), "SELECT addressToLine(0)"), 446)

	// The one left out is changed for old clients, which clickhouse-go counts
	// as, by every server.
	rows, err := connection.Query(t.Context(), "SELECT name FROM system.settings WHERE changed AND value != default "+
		"AND name != 'enable_producing_buckets_out_of_order_in_aggregation'")
	require.NoError(t, err)
	defer rows.Close()
	var changed []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		changed = append(changed, name)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{"max_memory_usage"}, changed)
}

func TestOptionsReachTheEngine(t *testing.T) {
	const memory = 3 << 30
	server := enginetest.Start(t, embedded.Options{
		MemoryBytes: memory,
		Config: map[string]string{
			"10-cluster.xml": `<clickhouse>
				<macros><shard>7</shard></macros>
				<remote_servers><alone><shard><replica><host>127.0.0.1</host><port>1</port></replica></shard></alone></remote_servers>
			</clickhouse>`,
			"20-profile.xml": `<clickhouse><profiles><default><max_threads>3</max_threads></default></profiles></clickhouse>`,
			"30-users.xml": `<clickhouse><users><reader>
				<password>secret</password><profile>default</profile><quota>default</quota>
				<networks><ip>127.0.0.1</ip></networks>
			</reader></users></clickhouse>`,
		},
	})
	connection := enginetest.Connect(t, server, "")
	require.Equal(t, "7", query1[string](t, connection, "SELECT getMacro('shard')"))
	require.EqualValues(t, 1, query1[uint64](t, connection, "SELECT count() FROM system.clusters WHERE cluster = 'alone'"))
	require.Equal(t, "3", query1[string](t, connection, "SELECT value FROM system.settings WHERE name = 'max_threads'"))
	require.Equal(t, "3221225472", query1[string](t, connection, "SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'"))
	require.NoError(t, login(t, server, "reader", "secret"))

	_, err := embedded.Start(t.Context(), embedded.Options{
		Dir: t.TempDir(), Engine: enginetest.Engine(t), Config: map[string]string{"../x.xml": ""},
	})
	require.ErrorContains(t, err, "overlay")
}
