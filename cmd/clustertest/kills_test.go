package clustertest

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters/adaptertest/sequence"
)

// randomKills changes a source, and kills builds with kill -9 at any moment. What
// comes next makes good what they have left.
func randomKills(t *testing.T, count int, layout string) {
	killed := 0
	enough := sequence.Each(t, count, nil, func(t *testing.T, seed uint64, d *sequence.Diary) {
		s := newStand(t, seed, d, layout)
		s.change()
		whole := s.build()
		for range 3 + s.random.IntN(4) {
			s.change()
			switch n := s.random.IntN(8); {
			case n == 0:
				whole = s.build()
				s.sound()
			case n < 6:
				if s.kill(whole) {
					killed++
				}
			default:
				// Another one waits for it, and has to go on without it.
				second := s.start()
				if s.kill(whole) {
					killed++
				}
				s.ends(second)
				s.sound()
			}
		}
		s.change()
		s.build()
		s.sound()
	})
	t.Logf("%d builds were killed", killed)
	if enough && count > 1 {
		require.NotZero(t, killed)
	}
}

// building is a build that runs.
type building struct {
	out  bytes.Buffer
	wait func() error
	kill func() error
}

func (s *stand) start() *building {
	s.t.Helper()
	args := []string{"build", "--if-locked", "wait"}
	if s.random.IntN(6) == 0 {
		args = append(args, "--full-refresh")
	}
	b := &building{}
	c := s.chmod(args...)
	c.Stdout, c.Stderr = &b.out, &b.out
	require.NoError(s.t, c.Start())
	b.wait, b.kill = c.Wait, c.Process.Kill
	s.Note("%v", args)
	return b
}

// ends waits for a build, which has to go well.
func (s *stand) ends(b *building) {
	s.t.Helper()
	require.NoError(s.t, b.wait(), "%s", b.out.String())
}

// build is one that nobody disturbs; it returns how long that takes.
func (s *stand) build() time.Duration {
	s.t.Helper()
	began := time.Now()
	s.ends(s.start())
	return time.Since(began)
}

// kill starts a build and kills it somewhere on its way; false when it was
// quicker.
func (s *stand) kill(whole time.Duration) bool {
	s.t.Helper()
	b := s.start()
	at := time.Duration(s.random.Float64() * 1.1 * float64(whole))
	s.Note("  and killed after %s", at)
	ended := make(chan error, 1)
	go func() { ended <- b.wait() }()
	select {
	case err := <-ended:
		require.NoError(s.t, err, "%s", b.out.String())
		return false
	case <-time.After(at):
	}
	require.NoError(s.t, b.kill())
	return <-ended != nil
}

func TestRandomKills(t *testing.T)           { randomKills(t, 2, "") }
func TestRandomKillsOnReplicas(t *testing.T) { randomKills(t, 1, "1x3") }
func TestRandomKillsOnShards(t *testing.T)   { randomKills(t, 1, "2x2") }
