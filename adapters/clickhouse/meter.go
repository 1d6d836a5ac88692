package clickhouse

import (
	"sync"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"github.com/chmod-sql/chmod/adapters"
)

// meter adds up the progress of one statement. The driver may still deliver
// some after the statement was given up: finish stops that.
type meter struct {
	report func(adapters.Progress)

	mutex    sync.Mutex
	total    adapters.Progress
	sent     uint64 // rows that we sent
	finished bool
}

func (m *meter) add(p *driver.Progress) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.finished {
		return
	}
	m.total.ReadRows += p.Rows
	m.total.ReadBytes += p.Bytes
	m.total.TotalRows += p.TotalRows
	m.total.WrittenRows += p.WroteRows
	m.total.WrittenBytes += p.WroteBytes
	m.tell()
}

// send counts rows given to an insert. The server's own count replaces them
// once there is one.
func (m *meter) send(rows int) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.sent += uint64(rows)
	m.tell()
}

func (m *meter) tell() {
	if m.report != nil {
		m.report(m.now())
	}
}

func (m *meter) now() adapters.Progress {
	p := m.total
	if p.WrittenRows < m.sent {
		p.WrittenRows = m.sent
	}
	return p
}

// finish returns the last word, over HTTP that of the response's headers.
func (m *meter) finish(e *exchange) adapters.Progress {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if e != nil {
		m.total = e.summary
	}
	if !m.finished && e != nil {
		m.tell()
	}
	m.finished = true
	return m.now()
}
