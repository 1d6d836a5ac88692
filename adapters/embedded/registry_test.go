package embedded

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRegistryIsTheOneThatNPMUses(t *testing.T) {
	for name, test := range map[string]struct {
		variables map[string]string
		rc        string
		want      string
	}{
		"lower case variable": {map[string]string{"npm_config_registry": "https://a.test/"}, "registry=https://b.test/", "https://a.test/"},
		"upper case variable": {map[string]string{"NPM_CONFIG_REGISTRY": "https://a.test/npm"}, "", "https://a.test/npm"},
		"npmrc":               {nil, "# mine\n registry = \"https://b.test/\"\n", "https://b.test/"},
		"variable in npmrc":   {map[string]string{"PLACE": "c.test"}, "registry=https://${PLACE}/$x/", "https://c.test/$x/"},
		"the scope's own":     {map[string]string{"npm_config_registry": "https://a.test/"}, "@chdb:registry=https://scope.test/", "https://scope.test/"},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(home, ".npmrc"), []byte(test.rc), 0o600))
			getenv := func(name string) string {
				if name == "HOME" {
					return home
				}
				return test.variables[name]
			}
			registry, err := newRegistry(t.Context(), Release{Package: "@chdb/lib-test"}, getenv)
			require.NoError(t, err)
			require.Equal(t, test.want, registry.base.String())
		})
	}
}

func TestRegistryIsThePublicOneElse(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no npm to ask
	registry, err := newRegistry(t.Context(), Release{Package: "@chdb/lib-test"}, func(string) string { return "" })
	require.NoError(t, err)
	require.Equal(t, publicRegistry, registry.base.String())
}

func TestRegistryIsReachedThroughNPMsProxy(t *testing.T) {
	variables := map[string]string{"npm_config_registry": "https://a.test/", "npm_config_https_proxy": "http://proxy.test:3128"}
	registry, err := newRegistry(t.Context(), Release{Package: "@chdb/lib-test"}, func(name string) string { return variables[name] })
	require.NoError(t, err)
	request, err := http.NewRequest(http.MethodGet, "https://a.test/x", nil)
	require.NoError(t, err)
	proxy, err := registry.client.Transport.(*http.Transport).Proxy(request)
	require.NoError(t, err)
	require.Equal(t, "http://proxy.test:3128", proxy.String())
}

func TestRegistryThatIsNoAddressIsRefused(t *testing.T) {
	_, err := newRegistry(t.Context(), Release{Package: "@chdb/lib-test"}, func(name string) string {
		if name == "npm_config_registry" {
			return "file:///etc"
		}
		return ""
	})
	require.ErrorContains(t, err, "file:///etc")
}

func FuzzParseNPMRC(f *testing.F) {
	f.Add("registry=https://a.test/\n; c\n@x:registry = 'y'\n${A}=${B}${")
	f.Fuzz(func(t *testing.T, text string) {
		values, err := parseNPMRC(strings.NewReader(text), func(name string) string { return "<" + name + ">" })
		if err != nil {
			return
		}
		for key := range values {
			require.Equal(t, strings.TrimSpace(key), key)
		}
	})
}
