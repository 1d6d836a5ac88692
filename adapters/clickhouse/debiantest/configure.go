package debiantest

import (
	"fmt"
	"os"
	"path/filepath"
)

// configure writes what the server needs to run in dir and nowhere else.
func configure(dir string, ports []int, old *Old) error {
	for name, text := range map[string]string{
		"config.xml": fmt.Sprintf(serverConfig, dir, dir, ports[0], ports[1], ports[2], dir, dir, dir),
		"users.xml":  fmt.Sprintf(usersConfig, old.User, old.Password, old.User, old.ReadOnly, old.ReadOnlyPassword, old.ReadOnly),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

const serverConfig = `<yandex>
  <logger><level>warning</level><log>%s/server.log</log><errorlog>%s/error.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>%d</tcp_port>
  <http_port>%d</http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <interserver_http_port>%d</interserver_http_port>
  <path>%s/data/</path>
  <tmp_path>%s/tmp/</tmp_path>
  <format_schema_path>%s/schemas/</format_schema_path>
  <mark_cache_size>67108864</mark_cache_size>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <timezone>UTC</timezone>
  <query_log><database>system</database><table>query_log</table><flush_interval_milliseconds>500</flush_interval_milliseconds></query_log>
  <remote_servers><alone><shard><replica><host>127.0.0.1</host><port>9</port></replica></shard></alone></remote_servers>
  <macros><shard>01</shard><replica>r1</replica></macros>
</yandex>
`

const usersConfig = `<yandex>
  <profiles>
    <default><log_queries>1</log_queries><background_pool_size>2</background_pool_size></default>
    <readonly><readonly>1</readonly></readonly>
  </profiles>
  <users>
    <%s><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></%s>
    <%s><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>readonly</profile><quota>default</quota></%s>
  </users>
  <quotas><default></default></quotas>
</yandex>
`
