package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// user is the name that clients log in with.
const user = "chmod"

// settings puts back the defaults of a server where the library, as
// clickhouse-local, has others.
func settings(kind Kind, memory int64) []element {
	all := []element{
		value("log_queries", "1"),
		// The server's own cap holds for the sum and is soft: a burst of
		// queries was seen to pass it by half.
		value("max_memory_usage", strconv.FormatInt(memory, 10)),
	}
	if kind == Library {
		all = append(all,
			value("implicit_select", "0"),
			value("allow_introspection_functions", "0"),
			value("storage_file_read_method", "pread"),
			value("output_format_arrow_use_native_writer", "1"),
		)
	}
	return all
}

// configuration renders config.xml. Users, profiles and quotas are in the same
// file, so that overlays reach them too.
func configuration(a assignment, ports ports) string {
	l := layout(a.Warehouse)
	root := []element{
		value("users_config", l.config()),
		value("max_server_memory_usage", strconv.FormatInt(a.Memory, 10)),
		value("mark_cache_size", "67108864"),
		value("shutdown_wait_unfinished", "1"),
		value("background_pool_size", "2"),
		logger(l),
		systemLog("query_log"),
		systemLog("part_log"),
		profiles(a),
		{"quotas", []element{{"default", nil, ""}}, ""},
		{"users", users(a), ""},
	}
	switch a.Engine.Kind {
	case Library:
		// Else `default` becomes an overlay, see prepareDatabases.
		root = append(root, value("default_database", ""))
	case Binary:
		root = append(root, serverOnly(l, ports)...)
	}
	var out strings.Builder
	element{"clickhouse", root, ""}.write(&out, 0)
	return out.String()
}

// logger keeps two files of what the engine says.
func logger(l layout) element {
	return element{"logger", []element{
		value("level", "information"),
		value("log", l.serverLog()),
		value("size", "16M"),
		value("count", "1"),
		value("console", "0"),
	}, ""}
}

func systemLog(table string) element {
	return element{table, []element{
		value("database", "system"),
		value("table", table),
		value("flush_interval_milliseconds", "500"),
	}, ""}
}

// users lets clients in as [user] with the password of this start.
//
// The library needs a second one: it runs its own session as `default`, from
// 127.0.0.1 and without a password, and knows no other way. That session lasts
// as long as the engine, so a limit of one session keeps everybody else out.
func users(a assignment) []element {
	sum := sha256.Sum256([]byte(a.Password))
	local := element{"networks", []element{value("ip", "127.0.0.1")}, ""}
	all := []element{{user, []element{
		value("password_sha256_hex", hex.EncodeToString(sum[:])),
		local,
		value("profile", "default"),
		value("quota", "default"),
		value("access_management", "1"),
		value("named_collection_control", "1"),
		value("show_named_collections", "1"),
		value("show_named_collections_secrets", "1"),
	}, ""}}
	if a.Engine.Kind == Library {
		all = append(all, element{"default", []element{
			value("password", ""),
			local,
			value("profile", engineProfile),
			value("quota", "default"),
			{"grants", []element{value("query", "GRANT SYSTEM LISTEN ON *.*")}, ""},
		}, ""})
	}
	return all
}

// engineProfile is the profile of the library's own session.
const engineProfile = "engine"

// profiles are clients' and, for the library, its own session's.
func profiles(a assignment) element {
	all := []element{{"default", settings(a.Engine.Kind, a.Memory), ""}}
	if a.Engine.Kind == Library {
		all = append(all, element{engineProfile, []element{
			value("profile", "default"),
			value("max_sessions_for_user", "1"),
			// Nobody in the door but the engine: see users.
			{"constraints", []element{{"max_sessions_for_user", []element{value("const", "")}, ""}}, ""},
		}, ""})
	}
	return element{"profiles", all, ""}
}

// serverOnly is what clickhouse-local takes from its command line.
func serverOnly(l layout, ports ports) []element {
	all := []element{
		value("path", l.data()+"/"),
		value("tmp_path", filepath.Join(l.data(), "tmp")+"/"),
		value("user_files_path", filepath.Join(l.data(), "user_files")+"/"),
		value("format_schema_path", filepath.Join(l.data(), "format_schemas")+"/"),
		value("listen_host", "127.0.0.1"),
		value("tcp_port", strconv.Itoa(ports.tcp)),
		value("default_profile", "default"),
		value("default_database", "default"),
		{"user_directories", []element{
			{"users_xml", []element{value("path", l.config())}, ""},
			{"local_directory", []element{value("path", filepath.Join(l.data(), "access")+"/")}, ""},
		}, ""},
	}
	if ports.http != 0 {
		all = append(all, value("http_port", strconv.Itoa(ports.http)))
	}
	return all
}

// ports are a server's; the library asks the kernel for its own.
type ports struct{ tcp, http int }

// writeConfiguration writes config.xml and the overlays, which ClickHouse
// merges over it in the order of their names.
func writeConfiguration(a assignment, ports ports) error {
	l := layout(a.Warehouse)
	overlays := filepath.Join(l.run(), "config.d")
	if err := os.MkdirAll(overlays, 0o700); err != nil {
		return fmt.Errorf("write the engine's configuration: %w", err)
	}
	for name, text := range a.Config {
		if name != filepath.Base(name) || filepath.Ext(name) != ".xml" {
			return fmt.Errorf("the name of a configuration overlay must be a plain *.xml, not %q", name)
		}
		if err := writeFile(filepath.Join(overlays, name), text); err != nil {
			return err
		}
	}
	return writeFile(l.config(), configuration(a, ports))
}

// element is a configuration's: with children, or with text.
type element struct {
	name     string
	children []element
	text     string
}

func value(name, text string) element { return element{name, nil, text} }

func (e element) write(out *strings.Builder, depth int) {
	indent := strings.Repeat("  ", depth)
	if e.children == nil {
		out.WriteString(indent + "<" + e.name + ">")
		// A strings.Builder does not fail.
		_ = xml.EscapeText(out, []byte(e.text))
		out.WriteString("</" + e.name + ">\n")
		return
	}
	out.WriteString(indent + "<" + e.name + ">\n")
	for _, child := range e.children {
		child.write(out, depth+1)
	}
	out.WriteString(indent + "</" + e.name + ">\n")
}
