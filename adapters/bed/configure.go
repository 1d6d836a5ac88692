package bed

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// newCluster lays out a cluster and starts nothing.
func newCluster(programs programs, o Options, base int) *Cluster {
	c := &Cluster{
		Layout: o.Layout, Name: Name, All: All, Dead: Dead,
		User: "deployer", Password: "it's a secret", Reader: "reader", ReaderPassword: "reader",
		Dir: o.Dir, Keeper: address(base + keeperPort), base: base, detached: o.Detach,
	}
	keeper := filepath.Join(c.Dir, "keeper")
	c.keeper = &process{name: "ZooKeeper", dir: keeper, command: []string{
		programs.java, "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
		"-Dzookeeper.forceSync=no", "-cp", programs.zookeeper,
		"org.apache.zookeeper.server.quorum.QuorumPeerMain", filepath.Join(keeper, "zoo.cfg"),
	}}
	for n := 1; n <= o.nodes(); n++ {
		dir := filepath.Join(c.Dir, fmt.Sprintf("node%d", n))
		command := []string{programs.server, "--config-file=" + filepath.Join(dir, "config.xml")}
		if n == o.SmallDisk {
			command = onSmallDisk(filepath.Join(dir, "data"), command)
		}
		c.nodes = append(c.nodes, &process{name: fmt.Sprintf("node %d", n), dir: dir, command: command})
		c.Nodes = append(c.Nodes, Node{
			Shard: (n-1)/o.Replicas + 1, Replica: (n-1)%o.Replicas + 1,
			Addr:     address(nodePort(base, n, nativePort)),
			HTTPAddr: address(nodePort(base, n, httpPort)),
			DataDir:  filepath.Join(dir, "data"),
		})
	}
	return c
}

// configure writes what the processes need to run in their folders and
// nowhere else.
func (c *Cluster) configure() error {
	if err := c.writePlan(); err != nil {
		return err
	}
	keeper := map[string]any{"Dir": c.keeper.dir, "Port": c.base + keeperPort}
	if err := write(filepath.Join(c.keeper.dir, "zoo.cfg"), keeperConfig, keeper); err != nil {
		return err
	}
	for i, p := range c.nodes {
		n := i + 1
		keeper := nodePort(c.base, n, gatePort)
		if c.detached {
			keeper = c.base + keeperPort
		}
		values := map[string]any{
			"Dir": p.dir, "Keeper": keeper, "Clusters": c.remoteServers(), "Cluster": Name,
			"Native": nodePort(c.base, n, nativePort), "HTTP": nodePort(c.base, n, httpPort),
			"Interserver": nodePort(c.base, n, interserver),
			"Shard":       fmt.Sprintf("%02d", c.Nodes[i].Shard), "Replica": fmt.Sprintf("r%d", c.Nodes[i].Replica),
			"User": c.User, "Password": c.Password, "Reader": c.Reader, "ReaderPassword": c.ReaderPassword,
		}
		if err := write(filepath.Join(p.dir, "config.xml"), serverConfig, values); err != nil {
			return err
		}
		if err := write(filepath.Join(p.dir, "users.xml"), usersConfig, values); err != nil {
			return err
		}
	}
	return nil
}

func write(path, text string, values any) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	t, err := template.New(filepath.Base(path)).Parse(text)
	if err != nil {
		return err
	}
	var out strings.Builder
	if err := t.Execute(&out, values); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(out.String()), 0o600)
}

// remoteServers are the clusters that every node knows.
func (c *Cluster) remoteServers() string {
	var layout, all strings.Builder
	for i, node := range c.Nodes {
		if node.Replica == 1 {
			layout.WriteString("<shard><internal_replication>true</internal_replication>")
		}
		layout.WriteString(replicaXML(node.Port()))
		if node.Replica == c.Replicas {
			layout.WriteString("</shard>")
		}
		all.WriteString("<shard>" + replicaXML(c.Nodes[i].Port()) + "</shard>")
	}
	dead := "<shard><internal_replication>true</internal_replication>" +
		replicaXML(c.Nodes[0].Port()) + replicaXML(c.base+deadPort) + "</shard>"
	return fmt.Sprintf("<%[1]s>%[2]s</%[1]s><%[3]s>%[4]s</%[3]s><%[5]s>%[6]s</%[5]s>",
		Name, layout.String(), All, all.String(), Dead, dead)
}

func replicaXML(port int) string {
	return fmt.Sprintf("<replica><host>127.0.0.1</host><port>%d</port></replica>", port)
}

const keeperConfig = `tickTime=500
dataDir={{.Dir}}/data
clientPort={{.Port}}
clientPortAddress=127.0.0.1
admin.enableServer=false
4lw.commands.whitelist=srvr
maxClientCnxns=200
forceSync=no
`

// A replica learns once a second, and not once a minute, that its session with
// Keeper has ended.
const serverConfig = `<yandex>
  <logger><level>information</level><log>{{.Dir}}/log/server.log</log><errorlog>{{.Dir}}/log/error.log</errorlog><size>50M</size><count>2</count></logger>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>{{.Native}}</tcp_port>
  <http_port>{{.HTTP}}</http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <interserver_http_port>{{.Interserver}}</interserver_http_port>
  <path>{{.Dir}}/data/</path>
  <tmp_path>{{.Dir}}/tmp/</tmp_path>
  <format_schema_path>{{.Dir}}/schemas/</format_schema_path>
  <max_concurrent_queries>100</max_concurrent_queries>
  <mark_cache_size>67108864</mark_cache_size>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <timezone>UTC</timezone>
  <zookeeper><node><host>127.0.0.1</host><port>{{.Keeper}}</port></node><session_timeout_ms>5000</session_timeout_ms></zookeeper>
  <merge_tree><zookeeper_session_expiration_check_period>1</zookeeper_session_expiration_check_period></merge_tree>
  <macros><cluster>{{.Cluster}}</cluster><shard>{{.Shard}}</shard><replica>{{.Replica}}</replica></macros>
  <distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
  <query_log><database>system</database><table>query_log</table><flush_interval_milliseconds>500</flush_interval_milliseconds></query_log>
  <remote_servers>{{.Clusters}}</remote_servers>
</yandex>
`

// Nodes talk to each other as default.
const usersConfig = `<yandex>
  <profiles>
    <default><log_queries>1</log_queries><max_memory_usage>2000000000</max_memory_usage><background_pool_size>4</background_pool_size><background_schedule_pool_size>4</background_schedule_pool_size></default>
    <readonly><readonly>1</readonly></readonly>
  </profiles>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <{{.User}}><password>{{.Password}}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></{{.User}}>
    <{{.Reader}}><password>{{.ReaderPassword}}</password><networks><ip>127.0.0.1</ip></networks><profile>readonly</profile><quota>default</quota></{{.Reader}}>
  </users>
  <quotas><default></default></quotas>
</yandex>
`
