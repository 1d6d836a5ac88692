// Command chmod builds a warehouse on ClickHouse from SQL models.
package main

import (
	"os"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/cmd/internal/command"
)

// version is set when a release is built.
var version = "dev"

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) > 0 && args[0] == embedded.Subcommand {
		return embedded.Main(args[1:])
	}
	return command.Main(args, command.Surroundings{
		Version: version,
		In:      os.Stdin,
		Out:     os.Stdout,
		Err:     os.Stderr,
		Env:     os.LookupEnv,
		Loaded:  collectLate(),
	})
}
