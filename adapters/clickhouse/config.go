package clickhouse

import (
	"encoding/json"
	"fmt"
	"github.com/chmod-sql/chmod/adapters"
	"net"
	"strconv"
	"time"
)

// Drivers of Config.
const (
	Native = "native"
	HTTP   = "http"
)

// Config says which server to talk to and how. The zero value of a field
// means its default. A Config printed in any way shows no password.
type Config struct {
	// Driver is Native (the default) or HTTP.
	Driver string
	// Host is the server. Hosts, when given, are tried in order instead; each
	// may carry a port of its own.
	Host  string
	Hosts []string
	// Port is 9000, 9440, 8123 or 8443 by default, by Driver and Secure.
	Port     int
	User     string // "default" by default
	Password string
	// Database is what unqualified names refer to. Connecting fails when it
	// does not exist.
	Database string

	// Secure asks for TLS. NoVerify accepts any certificate.
	Secure        bool
	NoVerify      bool
	ClientCert    string // PEM file
	ClientCertKey string // PEM file, when not in ClientCert
	// ServerHostName is the name the certificate must have, if not Host's.
	ServerHostName string

	ConnectTimeout time.Duration // 10 s by default
	// SendReceiveTimeout is how long the server may stay silent, 300 s by
	// default. It does not bound statements that make progress.
	SendReceiveTimeout time.Duration
	// SyncRequestTimeout bounds small questions: killing, probing. 5 s by
	// default.
	SyncRequestTimeout time.Duration
	// Compression is "", "none", "lz4", "zstd", and with HTTP also "gzip",
	// "deflate" and "br".
	Compression string
	// CustomSettings hold for every statement, unless a SET in a session or a
	// statement's own settings say otherwise.
	CustomSettings map[string]any
	// Settings, when set, is asked once the server is known; its answer
	// replaces CustomSettings, which it is given.
	Settings func(server adapters.Server, custom map[string]any) map[string]any `json:"-"`
	// Threads is how many idle connections are kept, 4 by default.
	Threads int
	// Embedded marks the server as the embedded engine.
	Embedded bool
}

func (c Config) withDefaults() Config {
	if c.Driver == "" {
		c.Driver = Native
	}
	if c.Host == "" {
		c.Host = "localhost"
	}
	if c.User == "" {
		c.User = "default"
	}
	if c.Port == 0 {
		c.Port = defaultPort(c.Driver, c.Secure)
	}
	for d, v := range map[*time.Duration]time.Duration{
		&c.ConnectTimeout:     10 * time.Second,
		&c.SendReceiveTimeout: 300 * time.Second,
		&c.SyncRequestTimeout: 5 * time.Second,
	} {
		if *d <= 0 {
			*d = v
		}
	}
	if c.Threads <= 0 {
		c.Threads = 4
	}
	return c
}

func defaultPort(driver string, secure bool) int {
	switch {
	case driver == HTTP && secure:
		return 8443
	case driver == HTTP:
		return 8123
	case secure:
		return 9440
	}
	return 9000
}

// addresses are host:port pairs, in the order to try them.
func (c Config) addresses() []string {
	hosts := c.Hosts
	if len(hosts) == 0 {
		hosts = []string{c.Host}
	}
	addresses := make([]string, len(hosts))
	for i, h := range hosts {
		if _, _, err := net.SplitHostPort(h); err == nil {
			addresses[i] = h
			continue
		}
		addresses[i] = net.JoinHostPort(h, strconv.Itoa(c.Port))
	}
	return addresses
}

// masked is a Config whose own methods are gone and whose secrets are too.
type masked Config

func (c Config) mask() masked {
	if c.Password != "" {
		c.Password = "********"
	}
	return masked(c)
}

// String is the configuration without its password.
func (c Config) String() string { return fmt.Sprintf("%+v", c.mask()) }

// GoString is the configuration without its password.
func (c Config) GoString() string { return fmt.Sprintf("%#v", c.mask()) }

// MarshalJSON is the configuration without its password.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.mask()) }
