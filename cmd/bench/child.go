package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// childSubcommand makes this binary do one piece of work in a process of its
// own, so that it is measured as chmod is.
const childSubcommand = "__child"

// flat asks for a project whose models read tables only.
const flat = "flat"

func child(args []string) int {
	if err := childWork(context.Background(), args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func childWork(ctx context.Context, args []string) error {
	switch {
	case len(args) == 4 && args[0] == "project":
		models, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return generate.Project{Models: models, Seed: seed, Flat: args[3] == flat}.Write(args[2])
	case len(args) == 3 && args[0] == "csv":
		rows, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return generate.Table{Rows: rows, Seed: seed}.Write(args[2])
	case len(args) == 1 && args[0] == "prepare":
		connection, err := connectChild()
		if err != nil {
			return err
		}
		defer connection.Close() // the process ends
		return (&engine{connection: connection}).empty(ctx, generate.Project{})
	case len(args) == 2 && args[0] == "replay":
		return replay(ctx, args[1])
	case len(args) == 4 && args[0] == "insert":
		rows, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return insert(ctx, rows, args[2], args[3])
	}
	return errors.New("this subcommand is for the program itself")
}

// self runs a piece of work of this binary.
func (b *bench) self(ctx context.Context, args ...string) (Cost, error) {
	return b.selfWith(ctx, nil, args...)
}

func (b *bench) selfWith(ctx context.Context, env []string, args ...string) (Cost, error) {
	path, err := os.Executable()
	if err != nil {
		return Cost{}, fmt.Errorf("find this binary: %w", err)
	}
	return program{args: append([]string{path, childSubcommand}, args...), env: env}.once(ctx)
}
