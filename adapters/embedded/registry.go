package embedded

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// publicRegistry is where npm packages are when nobody says otherwise.
const publicRegistry = "https://registry.npmjs.org/"

// registry is an npm registry, reached the way npm on this machine reaches it.
type registry struct {
	base   *url.URL
	client *http.Client
}

// npmConfig finds values as npm does: environment, then the user's npmrc.
type npmConfig struct {
	getenv func(string) string
	rc     map[string]string
}

func readNPMConfig(getenv func(string) string) (npmConfig, error) {
	config := npmConfig{getenv: getenv}
	rc := config.variable("userconfig")
	if rc == "" {
		home := getenv("HOME")
		if home == "" {
			return config, nil
		}
		rc = filepath.Join(home, ".npmrc")
	}
	file, err := os.Open(rc)
	if os.IsNotExist(err) {
		return config, nil
	}
	if err != nil {
		return config, fmt.Errorf("read npm's configuration: %w", err)
	}
	defer file.Close()
	config.rc, err = parseNPMRC(file, getenv)
	if err != nil {
		return config, fmt.Errorf("read npm's configuration %s: %w", rc, err)
	}
	return config, nil
}

// parseNPMRC reads "key = value" lines; ${NAME} in a value is a variable.
func parseNPMRC(in io.Reader, getenv func(string) string) (map[string]string, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		values[strings.TrimSpace(key)] = expandBraced(value, getenv)
	}
	return values, lines.Err()
}

// expandBraced expands ${NAME}, and unlike os.Expand leaves $NAME alone, as a
// dollar may be part of a URL.
func expandBraced(text string, getenv func(string) string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			out.WriteString("${" + rest)
			return out.String()
		}
		out.WriteString(getenv(name))
		text = after
	}
}

func (c npmConfig) variable(key string) string {
	name := "npm_config_" + strings.ReplaceAll(key, "-", "_")
	if value := c.getenv(name); value != "" {
		return value
	}
	return c.getenv(strings.ToUpper(name))
}

func (c npmConfig) value(key string) string {
	if value := c.variable(key); value != "" {
		return value
	}
	return c.rc[key]
}

// newRegistry finds the registry of a package's scope.
func newRegistry(ctx context.Context, release Release, getenv func(string) string) (*registry, error) {
	config, err := readNPMConfig(getenv)
	if err != nil {
		return nil, err
	}
	scope, _, _ := strings.Cut(release.Package, "/")
	base := config.rc[scope+":registry"]
	if base == "" {
		base = config.value("registry")
	}
	if base == "" {
		base = askNPM(ctx)
	}
	if base == "" {
		base = publicRegistry
	}
	address, err := url.Parse(base)
	if err != nil || address.Host == "" || (address.Scheme != "https" && address.Scheme != "http") {
		return nil, fmt.Errorf("npm's registry is configured to be %q, which is no web address", base)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	for _, key := range []string{"https-proxy", "proxy"} {
		if text := config.value(key); text != "" && text != "null" {
			proxy, err := url.Parse(text)
			if err != nil {
				return nil, fmt.Errorf("npm's %s is configured to be %q: %w", key, text, err)
			}
			transport.Proxy = http.ProxyURL(proxy)
			break
		}
	}
	return &registry{base: address, client: &http.Client{Transport: transport}}, nil
}

// askNPM asks npm itself, which also reads the configuration of the machine.
// Without npm, or without an answer, it returns "".
func askNPM(ctx context.Context) string {
	answer, err := exec.CommandContext(ctx, "npm", "config", "get", "registry").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(answer))
}

// archive opens a release's archive and tells its integrity, which is the
// pinned one or else the registry's.
func (r *registry) archive(ctx context.Context, release Release) (body io.ReadCloser, size int64, expected string, err error) {
	name := path.Base(release.Package)
	address := r.base.JoinPath(release.Package, "-", name+"-"+release.Version+".tgz").String()
	expected = release.Integrity
	if expected == "" {
		if address, expected, err = r.published(ctx, release); err != nil {
			return nil, 0, "", err
		}
	}
	body, size, err = r.get(ctx, address)
	return body, size, expected, err
}

// published reads a version's document.
func (r *registry) published(ctx context.Context, release Release) (address, expected string, err error) {
	body, _, err := r.get(ctx, r.base.JoinPath(release.Package, release.Version).String())
	if err != nil {
		return "", "", err
	}
	defer body.Close()
	var document struct {
		Dist struct {
			Tarball   string `json:"tarball"`
			Integrity string `json:"integrity"`
		} `json:"dist"`
	}
	const enough = 1 << 20
	if err := json.NewDecoder(io.LimitReader(body, enough)).Decode(&document); err != nil {
		return "", "", fmt.Errorf("read what %s says about %s: %w", r.base.Host, release.Package, err)
	}
	return document.Dist.Tarball, document.Dist.Integrity, nil
}

func (r *registry) get(ctx context.Context, address string) (io.ReadCloser, int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, fmt.Errorf("download %s: %w", address, err)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, 0, fmt.Errorf("download: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return nil, 0, fmt.Errorf("download %s: the registry answers %s", address, response.Status)
	}
	return response.Body, response.ContentLength, nil
}
