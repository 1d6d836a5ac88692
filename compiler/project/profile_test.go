package project_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/value"
)

// target loads a target from the text of a profiles.yml.
func target(t *testing.T, profiles string, o project.TargetOptions, r names) (*project.Target, string) {
	t.Helper()
	root := folder(t, map[string]string{"profiles.yml": profiles})
	o.WorkDir, o.ProjectDir, o.HomeDir = root, root, filepath.Join(root, "home")
	if o.Profile == "" {
		o.Profile = "shop"
	}
	got, list, err := project.LoadTarget(o, r)
	require.NoError(t, err)
	return got, messages(list)
}

func TestAnEmptyClickHouseTargetHasDefaults(t *testing.T) {
	got, found := target(t, "shop: {outputs: {default: {type: clickhouse}}}\n", project.TargetOptions{}, nil)
	require.Empty(t, found)
	require.Equal(t, "default", got.Name)
	require.Equal(t, "http", got.Driver)
	require.Equal(t, "localhost", got.Host)
	require.Equal(t, 8123, got.Port)
	require.Equal(t, "default", got.Schema)
	require.Equal(t, 1, got.Threads)
	require.True(t, got.Verify)
	require.True(t, got.CheckExchange)
	require.False(t, got.Implicit)
	require.Empty(t, got.Password.Reveal())
}

func TestTargetsMayHaveNamesThatYAMLTakesForBooleans(t *testing.T) {
	const profiles = "shop: {target: dev, outputs: {dev: {type: clickhouse, schema: a}, on: {type: clickhouse, schema: b}}}\n"
	got, found := target(t, profiles, project.TargetOptions{Target: "on"}, nil)
	require.Empty(t, found)
	require.Equal(t, "on", got.Name)
	require.Equal(t, "b", got.Schema)
	_, found = target(t, profiles, project.TargetOptions{Target: "off"}, nil)
	require.Contains(t, found, `has no target "off"`)
}

func TestEveryKeyOfATarget(t *testing.T) {
	got, found := target(t, `
shop:
  target: "{{ which }}"
  outputs:
    dev: {type: postgres, host: "{{ not_rendered }}"}
    prod:
      type: clickhouse
      driver: native
      host: "{{ host }}"
      port: "{{ port }}"
      user: me
      password: "{{ pw }}"
      schema: marts
      secure: true
      verify: no
      cluster: c1
      cluster_mode: true
      database_engine: Replicated
      retries: 3
      connect_timeout: 20
      compression: true
      custom_settings: {max_threads: 4}
      use_lw_deletes: true
      local_suffix: loc
      tcp_keepalive: [1, 2, 3]
      threads: 8
      unheard_of: 1
`, project.TargetOptions{}, names{"which": "prod", "host": "h", "port": "9440", "pw": "s3cret"})
	require.Empty(t, found)
	require.Equal(t, "prod", got.Name)
	require.Equal(t, "h", got.Host)
	require.Equal(t, 9440, got.Port)
	require.Equal(t, "native", got.Driver)
	require.True(t, got.Secure)
	require.False(t, got.Verify)
	require.Equal(t, 8, got.Threads)
	require.Equal(t, "lz4", got.Compression)
	require.Equal(t, "s3cret", got.Password.Reveal())
	require.Equal(t, "{'unheard_of': 1}", value.Repr(got.Extra))
	require.Equal(t, "[1, 2, 3]", value.Repr(got.TCPKeepalive))
	for key, want := range map[string]string{"type": "'clickhouse'", "name": "'prod'", "schema": "'marts'", "cluster": "'c1'",
		"profile_name": "'shop'", "threads": "8", "custom_settings": "{'max_threads': 4}", "database": "''"} {
		v, ok := got.Dict.Get(key)
		require.True(t, ok, key)
		require.Equal(t, want, value.Repr(v), key)
	}
	_, ok := got.Dict.Get("password")
	require.False(t, ok)
}

func TestSecretsAreNotShown(t *testing.T) {
	got, _ := target(t, "shop: {outputs: {default: {type: clickhouse, pass: s3cret}}}\n", project.TargetOptions{}, nil)
	require.Equal(t, "s3cret", got.Password.Reveal())
	text, err := json.Marshal(got.Password)
	require.NoError(t, err)
	for _, shown := range []string{fmt.Sprint(got.Password), fmt.Sprintf("%#v %q %d", got.Password, got.Password, got.Password),
		fmt.Sprintf("%+v", *got), string(text), value.Repr(got.Dict)} {
		require.NotContains(t, shown, "s3cret")
	}
}

func TestDriverAndPortSettleEachOther(t *testing.T) {
	for written, want := range map[string]string{
		"port: 9000":                   "native 9000",
		"port: 9440":                   "native 9440",
		"port: 8123":                   "http 8123",
		"port: 1234":                   "http 1234",
		"driver: native":               "native 9000",
		"driver: native, secure: true": "native 9440",
		"secure: true":                 "http 8443",
		"port: '9000'":                 "native 9000",
		"database: d":                  "http 8123",
	} {
		got, found := target(t, "shop: {outputs: {default: {type: clickhouse, "+written+"}}}\n", project.TargetOptions{}, nil)
		require.Empty(t, found, written)
		require.Equal(t, want, fmt.Sprint(got.Driver, " ", got.Port), written)
	}
}

func TestAMockPortIsNoMistakeUntilConnecting(t *testing.T) {
	got, found := target(t, "shop: {outputs: {default: {type: clickhouse, port: mock_value}}}\n", project.TargetOptions{}, nil)
	require.Empty(t, found)
	require.ErrorContains(t, got.Unusable.Err(), `port of the target default must be a number, not "mock_value"`)
}

func TestEmbedded(t *testing.T) {
	got, found := target(t, "shop: {outputs: {default: {type: embedded, path: wh, schema: s}}}\n", project.TargetOptions{}, nil)
	require.Empty(t, found)
	require.Equal(t, project.Embedded, got.Type)
	require.Equal(t, "wh", filepath.Base(got.Path))
	require.True(t, filepath.IsAbs(got.Path))
	require.Equal(t, 4, got.Threads)
	kind, _ := got.Dict.Get("type")
	require.Equal(t, "clickhouse", kind)
	got, _ = target(t, "shop: {outputs: {default: {type: embedded}}}\n", project.TargetOptions{Threads: 2}, nil)
	require.True(t, strings.HasSuffix(filepath.ToSlash(got.Path), "/.chmod/warehouse"), got.Path)
	require.Equal(t, 2, got.Threads)
}

func TestWithoutAProfile(t *testing.T) {
	root := folder(t, map[string]string{"x": ""})
	o := project.TargetOptions{Profile: "shop", ProjectName: "shop", WorkDir: root, ProjectDir: root, HomeDir: root}
	got, list, err := project.LoadTarget(o, nil)
	require.NoError(t, err)
	require.Zero(t, list.Len())
	require.True(t, got.Implicit)
	require.Equal(t, []any{"dev", "embedded", "shop", 4}, []any{got.Name, got.Type, got.Schema, got.Threads})
	require.Equal(t, filepath.Join(root, ".chmod", "warehouse"), got.Path)

	o.Target = "prod"
	got, list, err = project.LoadTarget(o, nil)
	require.NoError(t, err)
	require.Nil(t, got)
	require.ErrorContains(t, list.Err(), `there is no target "prod"`)

	o.Target, o.ProfilesDir = "", filepath.Join(root, "nowhere")
	_, list, err = project.LoadTarget(o, nil)
	require.NoError(t, err)
	require.ErrorContains(t, list.Err(), "there is no profiles.yml in ")

	require.NoError(t, os.WriteFile(filepath.Join(root, "profiles.yml"), []byte("broken: ["), 0o644))
	o.ProfilesDir, o.Profile = "", ""
	got, list, err = project.LoadTarget(o, nil)
	require.NoError(t, err)
	require.Zero(t, list.Len(), "no profile is named, so that none is read")
	require.True(t, got.Implicit)
}

func TestProfilesAreSearchedInOrder(t *testing.T) {
	profile := func(host string) string {
		return "shop: {outputs: {default: {type: clickhouse, host: " + host + "}}}\n"
	}
	root := folder(t, map[string]string{
		"flag/profiles.yml": profile("flag"), "work/profiles.yml": profile("work"),
		"project/profiles.yml": profile("project"), "home/.dbt/profiles.yml": profile("home"),
	})
	o := project.TargetOptions{Profile: "shop", ProfilesDir: filepath.Join(root, "flag"), WorkDir: filepath.Join(root, "work"),
		ProjectDir: filepath.Join(root, "project"), HomeDir: filepath.Join(root, "home")}
	host := func() string {
		got, list, err := project.LoadTarget(o, nil)
		require.NoError(t, err)
		require.Empty(t, messages(list))
		return got.Host
	}
	require.Equal(t, "flag", host())
	o.ProfilesDir = ""
	require.Equal(t, "work", host())
	o.WorkDir = filepath.Join(root, "empty")
	require.Equal(t, "project", host())
	o.ProjectDir = filepath.Join(root, "empty")
	require.Equal(t, "home", host())
}

func TestMistakesInAProfile(t *testing.T) {
	for written, want := range map[string]string{
		"shopp: {}":                  `error unknown-profile there is no profile "shop" in profiles.yml: it has shopp (did you mean "shopp"?)`,
		"config: {}":                 `error unknown-profile there is no profile "shop" in profiles.yml: it has none (add the profile, or name another with profile: in the project's file)`,
		"":                           `error unknown-profile there is no profile "shop" in profiles.yml: it has none (add the profile, or name another with profile: in the project's file)`,
		"shop: [x]":                  "error profile-type profiles.yml:1:7: the profile shop must be a mapping, not a list",
		"shop: {target: x}":          "error profile-type profiles.yml:1:7: the profile shop has no outputs (add outputs: with a target below it)",
		"shop: {outputs: {dev: {}}}": `error unknown-target profiles.yml:1:7: the profile shop has no target "default": it has dev`,
		"shop: {target: prd, outputs: {prod: {type: clickhouse}}}":               `error unknown-target profiles.yml:1:16: the profile shop has no target "prd": it has prod (did you mean "prod"?)`,
		"shop: {target: '{{ nope }}', outputs: {}}":                              "error missing-variable profiles.yml:1:16: there is no nope",
		"shop: {outputs: {default: {host: x}}}":                                  "error profile-type profiles.yml:1:27: the target default has no type (add type: clickhouse, or type: embedded)",
		"shop: {outputs: {default: {type: postgres}}}":                           `error unknown-adapter profiles.yml:1:34: the target default is of type "postgres" (chmod builds on ClickHouse alone: write type: clickhouse, or type: embedded)`,
		"shop: {outputs: {default: {type: clickhous}}}":                          `error unknown-adapter profiles.yml:1:34: the target default is of type "clickhous" (did you mean "clickhouse"?)`,
		"shop: {outputs: {default: {type: clickhouse, port: 99999}}}":            "error profile-type profiles.yml:1:52: port of the target default must be between 1 and 65535, not 99999",
		"shop: {outputs: {default: {type: clickhouse, secure: 'yes'}}}":          "error profile-type profiles.yml:1:54: secure of the target default must be true or false, not a string (write it without quotes)",
		"shop: {outputs: {default: {type: clickhouse, threads: 0}}}":             "error profile-type profiles.yml:1:55: threads of the target default must be at least 1, not 0",
		"shop: {outputs: {default: {type: clickhouse, driver: odbc}}}":           `error profile-type profiles.yml:1:54: driver of the target default cannot be "odbc" (write native or http, or leave it out)`,
		"shop: {outputs: {default: {type: clickhouse, custom_settings: x}}}":     "error profile-type profiles.yml:1:63: custom_settings of the target default must be a mapping, not a string",
		"shop: {outputs: {default: {type: clickhouse, schema: a, database: b}}}": `error profile-type profiles.yml:1:67: database of the target default is "b", and schema is "a" (ClickHouse has one of them: remove database)`,
	} {
		t.Run(written, func(t *testing.T) {
			got, found := target(t, written+"\n", project.TargetOptions{}, names{})
			require.Nil(t, got)
			require.Equal(t, want, found)
		})
	}
}

func FuzzLoadTarget(f *testing.F) {
	f.Add("shop: {target: default, outputs: {default: {type: clickhouse, port: 9000, tcp_keepalive: [1]}}}")
	f.Add("shop:\n  outputs:\n    default:\n      type: embedded\n      path: ~/x\n      threads: x\n")
	root := f.TempDir() // of this worker, which tries one text after the other
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(root, "profiles.yml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, list, err := project.LoadTarget(project.TargetOptions{Profile: "shop", WorkDir: root, ProjectDir: root}, names{})
		if err != nil {
			t.Fatal(err)
		}
		if got == nil && !list.HasErrors() {
			t.Fatal("no target and no reason")
		}
	})
}
