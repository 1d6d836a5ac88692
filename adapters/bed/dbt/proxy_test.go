//go:build record

package dbt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy stands between dbt and a server without Keeper. It notes the statements
// about models and makes them such as the server can run.
type proxy struct {
	*httptest.Server
	// noExchange makes the server one without EXCHANGE.
	noExchange bool

	mutex sync.Mutex
	noted []string
	// breaks is which statement is answered with an error, as are all that
	// follow; nil for none.
	breaks func(sql string) bool
	broken bool
}

func newProxy(t *testing.T, server string) *proxy {
	target, err := url.Parse("http://" + server)
	require.NoError(t, err)
	p := &proxy{}
	forward := httputil.NewSingleHostReverseProxy(target)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		values := r.URL.Query()
		sql, inBody := values.Get("query"), false
		if sql == "" {
			sql, inBody = string(body), true
		}
		instead, answer := p.passes(sql)
		switch {
		case answer != "":
			w.Header().Set("X-ClickHouse-Exception-Code", "48")
			http.Error(w, answer, http.StatusInternalServerError)
			return
		case instead == "":
			return // done, without a word
		case inBody:
			body = []byte(instead)
		default:
			values.Set("query", instead)
			r.URL.RawQuery = values.Encode()
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Length", fmt.Sprint(len(body)))
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

var (
	comment    = regexp.MustCompile(`(?s)/\*\s*(\{.*?\})\s*\*/`)
	reads      = regexp.MustCompile(`(?is)^\s*(SELECT|WITH|EXISTS|DESCRIBE|SHOW|SET)\b`)
	onCluster  = regexp.MustCompile(`(?i)\s+ON\s+CLUSTER\s+["` + "`" + `]?\w+["` + "`" + `]?(\s+SYNC)?`)
	replicated = regexp.MustCompile(`Replicated(\w*MergeTree)\([^)]*\)`)
)

// passes notes a statement and says what to send instead; nothing for one that
// the server cannot run, and an answer for one that fails.
func (p *proxy) passes(sql string) (instead, failure string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var by struct {
		Node string `json:"node_id"`
	}
	if m := comment.FindStringSubmatch(sql); m != nil {
		_ = json.Unmarshal([]byte(m[1]), &by) // a comment of somebody else's is none of ours
	}
	plain := strings.TrimSpace(comment.ReplaceAllString(sql, ""))
	plain = strings.TrimSpace(strings.TrimSuffix(plain, "FORMAT Native"))
	if by.Node != "" && !reads.MatchString(plain) {
		if p.breaks != nil && p.breaks(plain) {
			p.broken = true
		}
		if p.broken {
			return "", "Code: 999. DB::Exception: the recording ends here"
		}
		p.noted = append(p.noted, dense(plain))
	}
	if p.noExchange && strings.HasPrefix(strings.ToUpper(plain), "EXCHANGE") {
		return "", "Code: 48. DB::Exception: this server has no EXCHANGE. (NOT_IMPLEMENTED)"
	}
	if strings.HasPrefix(plain, "SYSTEM SYNC REPLICA") || strings.HasPrefix(strings.ToLower(plain), "system sync replica") {
		return "", ""
	}
	sql = onCluster.ReplaceAllString(sql, "")
	return replicated.ReplaceAllString(sql, "$1()"), ""
}

// taken are the statements noted since the last time.
func (p *proxy) taken() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	noted := p.noted
	p.noted, p.broken, p.breaks = nil, false, nil
	return noted
}

// dense is a statement without the white space that templates leave.
func dense(sql string) string {
	var lines []string
	for line := range strings.Lines(sql) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
