package bed

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports are taken from below those that a kernel gives to outgoing
// connections: a killed node must find its own free when it comes back.
const lowestPort, highestPort = 16000, 32000

// freePorts finds count ports in a row that nobody listens on.
func freePorts(count int) (base int, err error) {
	const tries = 100
	for range tries {
		base = lowestPort + rand.IntN(highestPort-lowestPort-count)
		if err = listenable(base, count); err == nil {
			return base, nil
		}
	}
	return 0, fmt.Errorf("find %d free ports in a row: %w", count, err)
}

func listenable(base, count int) error {
	var err error
	for port := base; port < base+count && err == nil; port++ {
		var l net.Listener
		if l, err = net.Listen("tcp", address(port)); err == nil {
			err = l.Close()
		} else {
			err = fmt.Errorf("port %d is taken: %w", port, err)
		}
	}
	return err
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
