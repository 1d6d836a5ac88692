package project

import (
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// Types of targets.
const (
	ClickHouse = "clickhouse"
	Embedded   = "embedded"
)

// Target is where a project is built: the selected output of its profile.
type Target struct {
	Profile string
	Name    string
	Type    string // ClickHouse or Embedded
	Schema  string
	Threads int
	// Implicit tells that there is no profile: an embedded target stands in.
	Implicit bool
	// File is the profiles.yml it comes from, absolute; empty when implicit.
	File string
	Span source.Span

	// Path is the embedded warehouse's folder, absolute.
	Path string

	// What follows are dbt-clickhouse's keys, defaults filled in.
	Driver         string // native or http
	Host           string
	Port           int
	User           string
	Password       Secret
	Secure         bool
	Verify         bool
	ClientCert     string
	ClientCertKey  string
	ServerHostName string
	Retries        int
	// Patience is how often a statement is tried again that failed for the
	// moment: Retries where it is given, and more than dbt's default elsewhere.
	Patience         int
	Cluster          string
	ClusterMode      bool
	DatabaseEngine   string
	ConnectTimeout   int // seconds, as are the others
	SendReceive      int
	SyncRequest      int
	CompressBlock    int
	Compression      string
	CheckExchange    bool
	CustomSettings   *value.Dict // nil without any
	LightweightDrops bool        // use_lw_deletes
	LocalSuffix      string
	LocalPrefix      string
	AutoDeduplicate  bool // allow_automatic_deduplication
	TCPKeepalive     value.Value

	// Hosts are servers to connect to, in the order to try them; with cluster,
	// all of its hosts in the cluster's order, where they are not reached as it
	// names them. PerHost is ddl: per_host. Require is all, quorum or
	// available.
	Hosts          []string
	PerHost        bool
	Require        string
	DDLTimeout     int // seconds
	ReplicaTimeout int

	// State says whether a journal is kept, in the database StateSchema.
	// DropGrace is how many seconds a replaced table is kept for those who
	// still read it.
	State       bool
	StateSchema string
	DropGrace   int

	ReuseConnections bool

	// Dict is the target that templates see. Its type is clickhouse for an
	// embedded target, too: projects ask for it, and it is one.
	Dict *value.Dict
	// Extra are keys that chmod does not know.
	Extra *value.Dict
	// Unusable says why the target cannot be connected to, although the
	// project can be read with it.
	Unusable diag.List
}

// implicit is the target of a project without a profile: an embedded warehouse
// with one database, named after the project.
func implicit(o TargetOptions) *Target {
	t := &Target{Profile: o.Profile, Name: "dev", Type: Embedded, Schema: o.ProjectName, Implicit: true}
	if t.Schema == "" {
		t.Schema = "default"
	}
	if t.Profile == "" {
		t.Profile = t.Schema
	}
	t.defaults()
	t.Path = o.inProject(defaultWarehouse)
	t.Threads = embeddedThreads
	if o.Threads > 0 {
		t.Threads = o.Threads
	}
	t.Dict = t.dict()
	return t
}

const (
	defaultWarehouse = ".chmod/warehouse"
	embeddedThreads  = 4
)

func (t *Target) defaults() {
	t.Host, t.User, t.Verify, t.Retries = "localhost", "default", true, 1
	t.Patience = 4
	t.ConnectTimeout, t.SendReceive, t.SyncRequest = 10, 300, 5
	t.CompressBlock, t.CheckExchange, t.ReuseConnections = 1048576, true, true
	t.LocalSuffix, t.Require = "local", "all"
	t.DDLTimeout, t.ReplicaTimeout = 60, 300
	t.State, t.StateSchema = true, "chmod"
	t.TCPKeepalive = false
	t.port()
}

// port settles driver and port, each from the other where one is missing.
func (t *Target) port() {
	if t.Driver == "" {
		t.Driver = "http"
		if t.Port == 9000 || t.Port == 9440 {
			t.Driver = "native"
		}
	}
	if t.Port != 0 {
		return
	}
	switch {
	case t.Driver == "native" && t.Secure:
		t.Port = 9440
	case t.Driver == "native":
		t.Port = 9000
	case t.Secure:
		t.Port = 8443
	default:
		t.Port = 8123
	}
}

// dict is the target as templates see it, without secrets.
func (t *Target) dict() *value.Dict {
	none := func(s string) value.Value {
		if s == "" {
			return nil
		}
		return s
	}
	var settings value.Value = value.NewDict()
	if t.CustomSettings != nil {
		settings = t.CustomSettings
	}
	return value.DictOf(
		"driver", t.Driver, "host", t.Host, "port", int64(t.Port), "user", t.User, "schema", t.Schema,
		"retries", int64(t.Retries), "cluster", none(t.Cluster), "database_engine", none(t.DatabaseEngine),
		"cluster_mode", t.ClusterMode, "secure", t.Secure, "verify", t.Verify,
		"client_cert", none(t.ClientCert), "client_cert_key", none(t.ClientCertKey),
		"connect_timeout", int64(t.ConnectTimeout), "send_receive_timeout", int64(t.SendReceive),
		"sync_request_timeout", int64(t.SyncRequest), "compress_block_size", int64(t.CompressBlock),
		"compression", t.Compression, "check_exchange", t.CheckExchange, "custom_settings", settings,
		"use_lw_deletes", t.LightweightDrops, "allow_automatic_deduplication", t.AutoDeduplicate,
		"local_suffix", t.LocalSuffix, "local_db_prefix", t.LocalPrefix,
		"database", "", "type", ClickHouse, "threads", int64(t.Threads),
		"name", t.Name, "target_name", t.Name, "profile_name", t.Profile)
}
