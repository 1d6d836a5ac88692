package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/embedded/enginetest"
)

// usersXML are users who may all build in the database shop, and do different
// things with the journal's.
const usersXML = `<clickhouse><users>
  <nothing><password>pw</password><networks><ip>127.0.0.1</ip></networks><grants>SHOP</grants></nothing>
  <reader><password>pw</password><networks><ip>127.0.0.1</ip></networks><grants>SHOP<query>GRANT SELECT ON chmod.*</query></grants></reader>
  <writer><password>pw</password><networks><ip>127.0.0.1</ip></networks><grants>SHOP<query>GRANT INSERT ON chmod.*</query></grants></writer>
  <both><password>pw</password><networks><ip>127.0.0.1</ip></networks><grants>SHOP<query>GRANT SELECT, INSERT ON chmod.*</query></grants></both>
</users></clickhouse>`

const shopGrants = `<query>GRANT SELECT, INSERT, CREATE TABLE, CREATE VIEW, ALTER, DROP, TRUNCATE ON shop.*</query><query>GRANT TABLE ENGINE ON *</query>`

// TestStateWithoutGrants builds as users who may not make or use the journal's
// database: where there is none, where there is one, and where only part of it
// is granted. They are told, and build as ever.
func TestStateWithoutGrants(t *testing.T) {
	t.Parallel()
	self, err := exec.LookPath("chmod")
	require.NoError(t, err)
	engine, err := embedded.Find(embedded.Search{Project: "."})
	require.NoError(t, err, "run make engine")
	server := enginetest.Start(t, embedded.Options{
		Engine: engine, Command: []string{self, "__engine"},
		Config: map[string]string{"users.xml": strings.ReplaceAll(usersXML, "SHOP", shopGrants)},
	})
	_, port, err := net.SplitHostPort(server.Addr)
	require.NoError(t, err)
	dir := t.TempDir()
	profile := "shop:\n  target: nothing\n  outputs:\n"
	for user, password := range map[string]string{"nothing": "pw", "reader": "pw", "writer": "pw", "both": "pw", server.User: server.Password} {
		profile += fmt.Sprintf("    %s: {type: clickhouse, driver: native, host: 127.0.0.1, port: %s, user: %s, password: %s, schema: shop}\n", user, port, user, password)
	}
	for name, text := range map[string]string{
		"dbt_project.yml": "name: shop\nprofile: shop\n", "profiles.yml": profile,
		"models/a.sql": "{{ config(materialized='table', order_by='x') }} select 1 as x\n",
		"models/b.sql": "select x from {{ ref('a') }}\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	call := func(args ...string) string {
		t.Helper()
		out, err := chmod(t, dir, args...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	without := func(user string) {
		t.Helper()
		out := call("build", "--target", user)
		require.Regexp(t, "no journal is kept in the database chmod: .*[Nn]ot enough privileges", out)
		require.Contains(t, out, "state: off in the target leaves the journal out")
		require.Regexp(t, "PASS=2 .*ERROR=0", out)
	}
	admin := func(sql string) string {
		t.Helper()
		return call("show", "--quiet", "--target", server.User, "--inline-direct", sql)
	}
	admin("create database shop")
	without("nothing")
	require.Contains(t, call("locks"), "no run holds anything")

	require.NotContains(t, call("build", "--target", server.User), "no journal")
	without("nothing")
	without("reader")
	// Without leave to read, it is not known who else is at work.
	without("writer")
	// A dead run that cannot be written off.
	admin("insert into chmod.invocations (id, stamp, host, started_at, heartbeat_at, revision)" +
		" values ('gone', '0mjwaid1k097y18r003mvg30iiw', 'elsewhere', now() - 3600, now() - 3600, 1)")
	without("reader")

	out := call("build", "--target", "both")
	require.NotContains(t, out, "no journal")
	require.Regexp(t, "PASS=2 .*ERROR=0", out)
	kept := "select if(count() > 0, 'kept', 'lost') as x from chmod.journal where invocation in (select id from chmod.invocations final where user = 'both' and result = 'success')"
	require.Contains(t, admin(kept), "kept")
}
