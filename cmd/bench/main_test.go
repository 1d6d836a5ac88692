package main

import (
	"os"
	"testing"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/cmd/internal/command"
)

// asChmod makes the test binary the chmod that is measured.
const asChmod = "BENCH_TEST_AS_CHMOD"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case embedded.Subcommand:
			os.Exit(embedded.Main(os.Args[2:]))
		case childSubcommand:
			os.Exit(child(os.Args[2:]))
		}
	}
	if os.Getenv(asChmod) != "" {
		os.Exit(command.Main(os.Args[1:], command.Surroundings{
			Version: "test", In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.LookupEnv,
		}))
	}
	os.Exit(m.Run())
}
