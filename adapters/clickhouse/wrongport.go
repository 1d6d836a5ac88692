package clickhouse

import (
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// explainPort says in words what it means when a port answers in the other
// protocol than the one that was spoken to it.
func explainPort(driver string, f *adapters.ServerError) *adapters.ServerError {
	said := f.Message
	if f.Err != nil {
		said += f.Err.Error()
	}
	switch {
	case driver == HTTP && strings.Contains(said, "is for clickhouse-client program"):
		f.Message = "this port speaks the native protocol, and HTTP was spoken to it: " +
			"write driver: native in the profile, or the server's HTTP port (8123, with TLS 8443)"
	// An answer that begins with the H of HTTP.
	case driver == Native && strings.Contains(said, "unexpected packet [72]"):
		f.Message = "this port speaks HTTP, and the native protocol was spoken to it: " +
			"write driver: http in the profile, or the server's native port (9000, with TLS 9440)"
	default:
		return f
	}
	f.Class = adapters.ClassOther
	return f
}
