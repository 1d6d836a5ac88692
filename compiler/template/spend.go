package template

import (
	"runtime/metrics"

	"github.com/chmod-sql/chmod/compiler/source"
	"github.com/chmod-sql/chmod/compiler/value"
)

// lookEvery is how many steps go by before a rendering looks whether it is to
// stop: some ten milliseconds.
const lookEvery = 1 << 18

// spend counts steps.
func (r *Renderer) spend(steps int, at source.Span) error {
	if r.steps += steps; r.steps < r.look {
		return nil
	}
	return locate(r.lookAround(), at)
}

// Spend counts the steps of what is called from a template.
func (r *Renderer) Spend(steps int) error {
	if r.steps += steps; r.steps < r.look {
		return nil
	}
	return r.lookAround()
}

// made counts what was read to make a value, and the value.
func (r *Renderer) made(v value.Value, from int, at source.Span) error {
	return r.spend(1+from+value.Cost(v), at)
}

func (r *Renderer) lookAround() error {
	r.look = r.steps + lookEvery
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if r.steps > r.limits.Steps {
		return &LimitError{"steps", r.limits.Steps}
	}
	if r.memory == nil {
		r.memory = &memory{}
	}
	if r.memory.growth() > r.limits.Memory {
		return &LimitError{"memory", r.limits.Memory}
	}
	return nil
}

// memory watches how the memory of the program grows. It sees what garbage
// collections have found to be in use, and so trusts no number that may hold
// garbage but the one to start from.
type memory struct {
	samples []metrics.Sample
	before  uint64
}

func (m *memory) growth() int {
	if m.samples == nil {
		start := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(start)
		if start[0].Value.Kind() == metrics.KindUint64 {
			m.before = start[0].Value.Uint64()
		}
		m.samples = []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	}
	metrics.Read(m.samples)
	if m.samples[0].Value.Kind() != metrics.KindUint64 {
		return 0 // a Go that does not tell
	}
	live := m.samples[0].Value.Uint64()
	return int(live - min(live, m.before))
}
