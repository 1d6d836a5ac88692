package clickhouse_test

import (
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy stands between an adapter and its server, to cut and to hold back.
type proxy struct {
	listener net.Listener
	target   string

	mutex sync.Mutex
	conns []net.Conn
	hold  chan struct{} // while not nil, nothing passes
	dials int
	gone  bool // nobody is let in
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: listener, target: target}
	go p.serve()
	t.Cleanup(func() {
		p.release()
		require.NoError(t, listener.Close())
		p.cut()
	})
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mutex.Lock()
		gone := p.gone
		p.mutex.Unlock()
		server, err := net.Dial("tcp", p.target)
		if err == nil && gone {
			server.Close()
		}
		if err != nil || gone {
			client.Close()
			continue
		}
		p.mutex.Lock()
		p.conns = append(p.conns, client, server)
		p.dials++
		p.mutex.Unlock()
		go p.copy(client, server)
		go p.copy(server, client)
	}
}

func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		p.mutex.Lock()
		hold := p.hold
		p.mutex.Unlock()
		if hold != nil {
			<-hold
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// cut ends all connections.
func (p *proxy) cut() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
}

// silence lets nothing pass, until release.
func (p *proxy) silence() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.hold = make(chan struct{})
}

func (p *proxy) release() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.hold != nil {
		close(p.hold)
		p.hold = nil
	}
}

// away closes every new connection at once, or no longer.
func (p *proxy) away(gone bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.gone = gone
}

func (p *proxy) dialed() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.dials
}
