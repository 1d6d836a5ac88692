package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// longestAnswer bounds what is read of an answer or error.
const longestAnswer = 1 << 20

// ask asks, over HTTP, a question that has one row of strings for an answer.
func (a *Adapter) ask(ctx context.Context, sql string) ([]string, error) {
	response, err := a.post(ctx, url.Values{"default_format": {"TabSeparated"}}, strings.NewReader(sql))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(body), "\n"), "\t"), nil
}

// post sends a request of our own. An answer that is an exception is returned
// as the driver's.
func (a *Adapter) post(ctx context.Context, query url.Values, body io.Reader) (*http.Response, error) {
	if a.config.Database != "" {
		query.Set("database", a.config.Database)
	}
	u := url.URL{Scheme: "http", Host: a.config.addresses()[0], Path: "/", RawQuery: query.Encode()}
	if a.config.Secure {
		u.Scheme = "https"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-ClickHouse-User", a.config.User)
	if a.config.Password != "" {
		request.Header.Set("X-ClickHouse-Key", a.config.Password)
	} else if a.config.ClientCert != "" {
		request.Header.Set("X-ClickHouse-SSL-Certificate-Auth", "on")
	}
	response, err := a.deliver(request)
	if err != nil {
		return nil, err
	}
	refuse(response)
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return nil, err
	}
	return nil, exceptionOf(response, string(text))
}

func dialing(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

var exceptionText = regexp.MustCompile(`(?s)Code: (\d+)[.,]\s*(?:e\.displayText\(\) = )?(.*)$`)

// exceptionOf makes the driver's exception of an error response.
func exceptionOf(response *http.Response, text string) error {
	m := exceptionText.FindStringSubmatch(text)
	if m == nil {
		return &driver.HTTPError{StatusCode: response.StatusCode, Err: fmt.Errorf("response body: %.200q", text)}
	}
	number, err := strconv.ParseInt(m[1], 10, 32)
	if err != nil {
		return &driver.HTTPError{StatusCode: response.StatusCode, Err: fmt.Errorf("response body: %.200q", text)}
	}
	return &driver.HTTPError{StatusCode: response.StatusCode, Err: &driver.Exception{Code: int32(number), Message: m[2]}}
}
