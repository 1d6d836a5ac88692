package clickhouse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestConfigHidesPassword(t *testing.T) {
	c := Config{User: "me", Password: "hidden word"}
	encoded, err := json.Marshal(struct{ C *Config }{&c})
	require.NoError(t, err)
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("open", "config", c)
	for _, text := range []string{
		fmt.Sprint(c), fmt.Sprint(&c), fmt.Sprintf("%v %+v %#v %s", c, c, c, c), fmt.Sprintf("%+v", []any{c, &c}),
		string(encoded), logged.String(),
	} {
		require.NotContains(t, text, "hidden")
		require.Contains(t, text, "me")
	}
	require.Equal(t, "hidden word", c.Password)
}

func TestConfigDefaults(t *testing.T) {
	for want, c := range map[int]Config{9000: {}, 9440: {Secure: true}, 8123: {Driver: HTTP}, 8443: {Driver: HTTP, Secure: true}} {
		require.Equal(t, want, c.withDefaults().Port)
	}
	c := Config{ConnectTimeout: time.Second}.withDefaults()
	require.Equal(t, time.Second, c.ConnectTimeout)
	require.Equal(t, 300*time.Second, c.SendReceiveTimeout)
	require.Equal(t, []string{"localhost:9000"}, c.addresses())
	c.Hosts = []string{"a", "b:1", "::1"}
	require.Equal(t, []string{"a:9000", "b:1", "[::1]:9000"}, c.addresses())
}

func TestConfigMistakes(t *testing.T) {
	for want, c := range map[string]Config{
		"neither":            {Driver: "odbc"},
		"compression":        {Compression: "gzip"},
		"client certificate": {Secure: true, ClientCert: "no such file"},
		"secure: true":       {ClientCert: "no such file"},
	} {
		_, err := Open(t.Context(), c)
		require.ErrorContains(t, err, want)
	}
}
