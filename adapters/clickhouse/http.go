package clickhouse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"github.com/chmod-sql/chmod/adapters"
)

// Headers of the server's HTTP interface.
const (
	headerSummary       = "X-Clickhouse-Summary"
	headerExceptionCode = "X-Clickhouse-Exception-Code"
)

// sessionTimeout is how long the server keeps an idle session, in seconds: as
// long as servers allow by default.
const sessionTimeout = 3600

// newTransport is what all links of an adapter share: connections carry no
// state over HTTP.
func newTransport(c Config, d dialer) *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			return plainDialer(d).dial(ctx, address)
		},
		TLSClientConfig:     d.tls,
		TLSHandshakeTimeout: d.timeout,
		MaxIdleConnsPerHost: c.Threads + 4,
		IdleConnTimeout:     c.SendReceiveTimeout,
		DisableCompression:  true,
	}
}

// plainDialer leaves TLS to the transport.
func plainDialer(d dialer) dialer {
	d.tls = nil
	return d
}

// overHTTP adds the parameters that make HTTP behave like a connection.
func (s *session) overHTTP(settings driver.Settings, e effect) {
	// Without it a statement that fails late has already succeeded.
	settings["wait_end_of_query"] = "1"
	if s.adapter.heartbeat() {
		// A byte now and then, or proxies and our own patience give up.
		settings["send_progress_in_http_headers"] = "1"
		settings["http_headers_progress_interval_ms"] = strconv.FormatInt(s.adapter.beat().Milliseconds(), 10)
	}
	if s.id == "" && e != effectNone {
		s.newID()
	}
	if s.id == "" {
		return
	}
	settings["session_id"] = s.id
	settings["session_timeout"] = strconv.Itoa(sessionTimeout)
	if s.known {
		// An error, then, instead of a new session without our settings.
		settings["session_check"] = "1"
	}
}

// heartbeat reports that the server can send headers while it works, and then
// tells of a failure in one.
func (a *Adapter) heartbeat() bool {
	return !a.bound && a.server.Version.AtLeast(22, 7)
}

func (a *Adapter) beat() time.Duration {
	return min(30*time.Second, a.config.SendReceiveTimeout/2)
}

// exchange is one link's way through the shared transport. It keeps what the
// driver drops.
type exchange struct {
	adapter *Adapter
	// summary is what the last response said was done.
	summary adapters.Progress
}

// RoundTrip implements http.RoundTripper.
func (e *exchange) RoundTrip(request *http.Request) (*http.Response, error) {
	if isHello(request) {
		return e.adapter.answerHello(request)
	}
	if e.adapter.revision == 0 {
		request = request.Clone(request.Context())
		query := request.URL.Query()
		query.Del("client_protocol_version")
		request.URL.RawQuery = query.Encode()
	}
	e.summary = adapters.Progress{}
	response, err := e.adapter.deliver(request)
	if err != nil {
		return nil, err
	}
	e.summary = summaryOf(response.Header)
	refuse(response)
	if response.StatusCode != http.StatusOK && e.adapter.revision == 0 {
		return response, modernize(response)
	}
	return response, nil
}

// deliver sends a request to the first host that can be reached.
func (a *Adapter) deliver(request *http.Request) (*http.Response, error) {
	addresses := a.config.addresses()
	if len(addresses) == 1 {
		return a.http.RoundTrip(request)
	}
	var response *http.Response
	var err error
	for _, address := range addresses {
		attempt := request.Clone(request.Context())
		attempt.URL.Host, attempt.Host = address, address
		if request.GetBody != nil {
			if attempt.Body, err = request.GetBody(); err != nil {
				return nil, err
			}
		}
		if response, err = a.http.RoundTrip(attempt); err == nil || !dialing(err) {
			break
		}
	}
	return response, err
}

// refuse gives a response the status it deserves: with headers sent early the
// server can only say in a later header that it failed.
func refuse(response *http.Response) {
	if response.StatusCode == http.StatusOK && response.Header.Get(headerExceptionCode) != "" {
		response.StatusCode = http.StatusInternalServerError
	}
}

// modernize writes the error of an old server as newer ones do: the driver
// reads those.
func modernize(response *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return err
	}
	response.Body.Close()
	if m := exceptionText.FindSubmatch(text); m != nil {
		text = fmt.Appendf(nil, "Code: %s. %s", m[1], m[2])
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return nil
}

// summaryOf reads what the server says it did; zero when it does not say.
func summaryOf(header http.Header) adapters.Progress {
	var s struct {
		ReadRows     uint64 `json:"read_rows,string"`
		ReadBytes    uint64 `json:"read_bytes,string"`
		WrittenRows  uint64 `json:"written_rows,string"`
		WrittenBytes uint64 `json:"written_bytes,string"`
		TotalRows    uint64 `json:"total_rows_to_read,string"`
	}
	if err := json.Unmarshal([]byte(header.Get(headerSummary)), &s); err != nil {
		return adapters.Progress{} // old servers do not send it
	}
	return adapters.Progress{
		ReadRows: s.ReadRows, ReadBytes: s.ReadBytes, TotalRows: s.TotalRows,
		WrittenRows: s.WrittenRows, WrittenBytes: s.WrittenBytes,
	}
}
