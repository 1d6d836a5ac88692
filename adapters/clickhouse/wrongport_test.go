package clickhouse

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func TestAPortOfTheOtherProtocol(t *testing.T) {
	// What a native port answers to HTTP.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte("Port 9000 is for clickhouse-client program\r\nYou must use port 8123 for HTTP.\r\n")) // the client's error tells
	}))
	defer server.Close()
	host, text, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	port, err := strconv.Atoi(text)
	require.NoError(t, err)

	_, err = Open(t.Context(), Config{Driver: HTTP, Host: host, Port: port, User: "default"})
	require.ErrorContains(t, err, "this port speaks the native protocol, and HTTP was spoken to it: write driver: native")
	var f *adapters.ServerError
	require.ErrorAs(t, err, &f)
	require.Equal(t, adapters.ClassOther, f.Class, "to ask again would not help")
}

func TestExplainPort(t *testing.T) {
	f := explainPort(Native, &adapters.ServerError{Class: adapters.ClassNetwork, Message: "[handshake] unexpected packet [72] from server"})
	require.Contains(t, f.Message, "this port speaks HTTP, and the native protocol was spoken to it: write driver: http")
	same := &adapters.ServerError{Class: adapters.ClassNetwork, Message: "no route to host"}
	require.Equal(t, "no route to host", explainPort(HTTP, same).Message)
}
