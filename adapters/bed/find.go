package bed

import (
	"fmt"
	"os"
	"os/exec"
)

// Missing is the error of Start where a program is not installed.
type Missing struct{ What string }

func (e *Missing) Error() string {
	return e.What + " is not installed: run make bed, or as root: " +
		"apt-get install --no-install-recommends clickhouse-server libzookeeper-java default-jre-headless"
}

// programs are what a cluster runs.
type programs struct{ server, java, zookeeper string }

// findPrograms looks where Debian puts them, and then elsewhere.
func findPrograms() (programs, error) {
	var p programs
	for _, name := range []string{"/usr/sbin/clickhouse-server", "clickhouse-server"} {
		if path, err := exec.LookPath(name); err == nil {
			p.server = path
			break
		}
	}
	if p.server == "" {
		return p, &Missing{"Debian's clickhouse-server"}
	}
	var err error
	if p.java, err = exec.LookPath("java"); err != nil {
		return p, &Missing{"a Java runtime"}
	}
	p.zookeeper = "/usr/share/java/zookeeper.jar"
	if _, err := os.Stat(p.zookeeper); err != nil {
		return p, &Missing{fmt.Sprintf("ZooKeeper (%s)", p.zookeeper)}
	}
	return p, nil
}

// Installed says why no cluster can be started here, nil when one can.
func Installed() error {
	_, err := findPrograms()
	return err
}
