package project

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// outputKeys are the keys of a target that chmod knows; pass is password's
// short name.
var outputKeys = map[string]bool{"type": true, "threads": true, "schema": true, "database": true, "path": true,
	"driver": true, "host": true, "port": true, "user": true, "password": true, "pass": true, "retries": true,
	"cluster": true, "cluster_mode": true, "database_engine": true, "secure": true, "verify": true,
	"client_cert": true, "client_cert_key": true, "server_host_name": true, "connect_timeout": true,
	"send_receive_timeout": true, "sync_request_timeout": true, "compress_block_size": true, "compression": true,
	"check_exchange": true, "custom_settings": true, "use_lw_deletes": true, "local_suffix": true,
	"local_db_prefix": true, "allow_automatic_deduplication": true, "tcp_keepalive": true, "reuse_connections": true,
	"hosts": true, "ddl": true, "require": true, "ddl_timeout": true, "replica_timeout": true,
	"state": true, "state_schema": true, "drop_grace": true}

// output types a rendered target. Keys that are not known are tolerated:
// orchestrators write some.
func (p *profiles) output(name string, n *yaml.Node) *Target {
	of := " of the target " + name
	if p.Dict("the target "+name, n) == nil {
		return nil
	}
	t := &Target{Profile: p.o.Profile, Name: name, File: p.file.Abs, Span: n.Span, Extra: value.NewDict()}
	t.defaults()
	t.Port, t.Driver = 0, ""
	t.Type = p.kind(n, name)

	str := func(key, def string) string {
		if s := p.Str(key+of, n.Get(key)); s != "" {
			return s
		}
		return def
	}
	boolean := func(key string, def bool) bool { return p.Bool(key+of, n.Get(key), def) }
	integer := func(key string, def int) int { return p.Int(key+of, n.Get(key), def) }

	t.Schema = p.schema(n, of)
	t.Threads = p.threads(n, of, t.Type)
	t.Path = p.o.inProject(str("path", defaultWarehouse))
	t.Secure, t.Verify = boolean("secure", t.Secure), boolean("verify", t.Verify)
	t.Driver = p.driver(n, of)
	t.Host = str("host", t.Host)
	t.Port = p.port(t, n.Get("port"), of)
	t.User = str("user", t.User)
	t.Password = NewSecret(str("password", str("pass", "")))
	t.ClientCert, t.ClientCertKey = str("client_cert", ""), str("client_cert_key", "")
	t.ServerHostName = str("server_host_name", "")
	if t.Retries = integer("retries", t.Retries); !n.Get("retries").Null() {
		t.Patience = t.Retries
	}
	t.Cluster, t.ClusterMode = str("cluster", ""), boolean("cluster_mode", false)
	t.DatabaseEngine = str("database_engine", "")
	t.ConnectTimeout = integer("connect_timeout", t.ConnectTimeout)
	t.SendReceive = integer("send_receive_timeout", t.SendReceive)
	t.SyncRequest = integer("sync_request_timeout", t.SyncRequest)
	t.CompressBlock = integer("compress_block_size", t.CompressBlock)
	t.Compression = p.compression(n.Get("compression"), of)
	t.CheckExchange = boolean("check_exchange", t.CheckExchange)
	t.CustomSettings = p.Dict("custom_settings"+of, n.Get("custom_settings"))
	t.LightweightDrops = boolean("use_lw_deletes", false)
	t.LocalSuffix, t.LocalPrefix = str("local_suffix", t.LocalSuffix), str("local_db_prefix", "")
	t.AutoDeduplicate = boolean("allow_automatic_deduplication", false)
	t.Hosts = p.Strs("hosts"+of, n.Get("hosts"))
	t.PerHost = p.word("ddl", n, of, "on_cluster", "per_host") == "per_host"
	t.Require = p.word("require", n, of, "all", "quorum", "available")
	t.DDLTimeout, t.ReplicaTimeout = integer("ddl_timeout", t.DDLTimeout), integer("replica_timeout", t.ReplicaTimeout)
	t.State = p.switched("state", n, of, t.State)
	t.StateSchema = str("state_schema", t.StateSchema)
	if t.DropGrace = integer("drop_grace", 0); t.DropGrace < 0 {
		p.Wrong(n.Get("drop_grace"), fmt.Sprintf("drop_grace%s must not be negative", of), "write a number of seconds")
	}
	t.ReuseConnections = boolean("reuse_connections", t.ReuseConnections)
	if keep := n.Get("tcp_keepalive"); !keep.Null() {
		t.TCPKeepalive = keep.Value()
	}
	for _, e := range n.Entries {
		if !outputKeys[e.Name()] {
			t.Extra.Put(e.Name(), e.Value.Value())
			p.slip(e.Key, of)
		}
	}
	t.port()
	t.Dict = t.dict()
	return t
}

// slip warns of a key that hardly differs from one that is known. Others are for
// templates, as in dbt.
func (p *profiles) slip(key *yaml.Node, of string) {
	known := slices.Sorted(maps.Keys(outputKeys))
	if fix := diag.DidYouMean(key.Text, known); fix != "" {
		p.List.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "unknown-key", Span: key.Span,
			What: fmt.Sprintf("there is no key %q%s", key.Text, of), Why: "it is kept for templates, and means nothing else", Fix: fix,
		})
	}
}

// word is a key that takes one of a few words; the first is the default.
func (p *profiles) word(key string, n *yaml.Node, of string, words ...string) string {
	node := n.Get(key)
	text := p.Str(key+of, node)
	if text == "" {
		return words[0]
	}
	if !slices.Contains(words, text) {
		fix := diag.DidYouMean(text, words)
		if fix == "" {
			fix = "write one of " + strings.Join(words, ", ")
		}
		p.Wrong(node, fmt.Sprintf("%s%s cannot be %q", key, of, text), fix)
	}
	return text
}

// switched is a key that is on or off, which some YAML readers take for
// booleans and others for words.
func (p *profiles) switched(key string, n *yaml.Node, of string, def bool) bool {
	node := n.Get(key)
	if on, ok := node.Scalar().(bool); ok {
		return on
	}
	if node.Null() {
		return def
	}
	return p.word(key, n, of, "on", "off") == "on"
}

func (p *profiles) kind(n *yaml.Node, name string) string {
	node := n.Get("type")
	kinds := []string{ClickHouse, Embedded}
	switch kind := p.Str("type of the target "+name, node); kind {
	case ClickHouse, Embedded:
		return kind
	case "":
		if node.Null() {
			p.Wrong(n, "the target "+name+" has no type", "add type: clickhouse, or type: embedded")
		}
	default:
		fix := diag.DidYouMean(kind, kinds)
		if fix == "" {
			fix = "chmod builds on ClickHouse alone: write type: clickhouse, or type: embedded"
		}
		p.List.Add(diag.Diagnostic{
			Code: "unknown-adapter", Span: node.Span,
			What: fmt.Sprintf("the target %s is of type %q", name, kind), Fix: fix,
		})
	}
	return ""
}

// schema is the ClickHouse database; dbt-clickhouse takes it as database, too,
// when both agree.
func (p *profiles) schema(n *yaml.Node, of string) string {
	schema, database := p.Str("schema"+of, n.Get("schema")), p.Str("database"+of, n.Get("database"))
	switch {
	case schema == "" && database == "":
		return "default"
	case schema == "":
		return database
	case database != "" && database != schema:
		p.Wrong(n.Get("database"), fmt.Sprintf("database%s is %q, and schema is %q", of, database, schema),
			"ClickHouse has one of them: remove database")
	}
	return schema
}

func (p *profiles) threads(n *yaml.Node, of, kind string) int {
	def := 1
	if kind == Embedded {
		def = embeddedThreads
	}
	threads := p.Int("threads"+of, n.Get("threads"), def)
	if p.o.Threads > 0 {
		return p.o.Threads
	}
	if threads < 1 {
		p.Wrong(n.Get("threads"), fmt.Sprintf("threads%s must be at least 1, not %d", of, threads), "")
	}
	return threads
}

func (p *profiles) driver(n *yaml.Node, of string) string {
	node := n.Get("driver")
	driver := p.Str("driver"+of, node)
	if driver != "" && driver != "native" && driver != "http" {
		p.Wrong(node, fmt.Sprintf("driver%s cannot be %q", of, driver), "write native or http, or leave it out")
	}
	return driver
}

// port reads a number; one in quotes comes from the environment. Any other
// text matters once a connection is made: tools that only parse write it.
func (p *profiles) port(t *Target, n *yaml.Node, of string) int {
	s, isText := n.Str()
	if !isText {
		port := p.Int("port"+of, n, 0)
		if port < 0 || port > 65535 {
			p.Wrong(n, fmt.Sprintf("port%s must be between 1 and 65535, not %d", of, port), "")
		}
		return port
	}
	if s == "" {
		return 0
	}
	port, err := strconv.Atoi(s)
	if err != nil || port < 1 || port > 65535 {
		t.Unusable.Add(diag.Diagnostic{
			Code: "profile-type", Span: n.Span,
			What: fmt.Sprintf("port%s must be a number, not %q", of, s), Fix: "write the server's port",
		})
		return 0
	}
	return port
}

// compression is a method's name; true asks for the default one.
func (p *profiles) compression(n *yaml.Node, of string) string {
	if on, ok := n.Scalar().(bool); ok {
		if on {
			return "lz4"
		}
		return ""
	}
	return p.Str("compression"+of, n)
}
