package generate_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
	"github.com/chmod-sql/chmod/compiler"
)

// BenchmarkLoad loads projects of several sizes. It is the one to profile:
//
//	go test ./cmd/bench/generate -run '^$' -bench Load/10000 -cpuprofile cpu.out
func BenchmarkLoad(b *testing.B) {
	for _, models := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(models), func(b *testing.B) {
			dir := b.TempDir()
			require.NoError(b, generate.Project{Models: models, Seed: 1}.Write(dir))
			for b.Loop() {
				_, err := compiler.Load(b.Context(), compiler.Options{ProjectDir: dir, ProfilesDir: dir})
				require.NoError(b, err)
			}
		})
	}
}
