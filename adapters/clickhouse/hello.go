package clickhouse

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
	chproto "github.com/ClickHouse/ch-go/proto"
	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// helloQuery is what the driver asks on each connection over HTTP. Old servers
// do not know its functions, and others have told us already.
const helloQuery = "SELECT displayName(), version(), revision(), timezone()"

func isHello(request *http.Request) bool {
	if request.ContentLength != int64(len(helloQuery)) || request.GetBody == nil {
		return false
	}
	body, err := request.GetBody()
	if err != nil {
		return false
	}
	text, err := io.ReadAll(body)
	return err == nil && string(text) == helloQuery
}

// answerHello answers in the server's place. A revision of 0 makes the driver
// read what servers send to those who do not name theirs.
func (a *Adapter) answerHello(request *http.Request) (*http.Response, error) {
	block := proto.NewBlock()
	cells := []struct {
		name  string
		kind  column.Type
		value any
	}{
		{"displayName()", "String", ""},
		{"version()", "String", plainVersion(a.server.Version.Text)},
		{"revision()", "UInt32", uint32(a.revision)},
		{"timezone()", "String", a.server.Timezone},
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		if err := block.AddColumn(c.name, c.kind); err != nil {
			return nil, err
		}
		row[i] = c.value
	}
	if err := block.Append(row...); err != nil {
		return nil, err
	}
	buffer := new(chproto.Buffer)
	if err := block.Encode(buffer, driver.ClientTCPProtocolVersion); err != nil {
		return nil, err
	}
	body := buffer.Buf
	if c := a.options.Compression; c != nil && (c.Method == driver.CompressionLZ4 || c.Method == driver.CompressionZSTD) {
		w := compress.NewWriter(compress.Level(c.Level), compress.Method(c.Method))
		if err := w.Compress(body); err != nil {
			return nil, err
		}
		body = w.Data
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Request: request,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

// plainVersion is a version as the driver reads it: numbers and dots.
func plainVersion(text string) string {
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); i >= 0 {
		return text[:i]
	}
	return text
}
