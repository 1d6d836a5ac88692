package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// These tell the profile of a generated project, and a child, where the
// engine is.
const (
	portVariable     = "BENCH_PORT"
	userVariable     = "BENCH_USER"
	passwordVariable = "BENCH_PASSWORD"
)

// engine is the ClickHouse that everything is measured on. It is no child of
// what is measured, so that its work is not counted as chmod's.
type engine struct {
	server     *embedded.Server
	connection driver.Conn
	env        []string
}

func (b *bench) startEngine(ctx context.Context) (*engine, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	found, err := embedded.Find(embedded.Search{Project: here})
	if err != nil {
		return nil, fmt.Errorf("there is no engine, run `make engine`: %w", err)
	}
	dir := filepath.Join(b.options.work, "warehouse")
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("remove an earlier warehouse: %w", err)
	}
	server, err := embedded.Start(ctx, embedded.Options{Dir: dir, Engine: found})
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(server.Addr)
	if err != nil {
		return nil, err
	}
	e := &engine{server: server, env: []string{
		portVariable + "=" + port, userVariable + "=" + server.User, passwordVariable + "=" + server.Password,
	}}
	if e.connection, err = connect(server.Addr, server.User, server.Password); err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

// connect opens one connection with the driver, and nothing else of ours.
func connect(addr, user, password string) (driver.Conn, error) {
	connection, err := clickhouse.Open(&clickhouse.Options{
		Addr:         []string{addr},
		Auth:         clickhouse.Auth{Username: user, Password: password},
		MaxOpenConns: 1, MaxIdleConns: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("connect to the engine: %w", err)
	}
	return connection, nil
}

// connectChild is connect in a child, which finds the engine in variables.
func connectChild() (driver.Conn, error) {
	return connect(net.JoinHostPort("127.0.0.1", os.Getenv(portVariable)), os.Getenv(userVariable), os.Getenv(passwordVariable))
}

func (e *engine) stop() {
	if e.connection != nil {
		_ = e.connection.Close() // the engine is about to go
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := e.server.Stop(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench: stop the engine:", err)
	}
}

// empty makes the database anew, with the tables that projects read from.
func (e *engine) empty(ctx context.Context, p generate.Project) error {
	statements := append([]string{"DROP DATABASE IF EXISTS " + generate.Name + " SYNC"}, p.Prepare(generate.Name)...)
	for _, sql := range statements {
		if err := e.connection.Exec(ctx, sql); err != nil {
			return fmt.Errorf("prepare the database: %w", err)
		}
	}
	return nil
}
