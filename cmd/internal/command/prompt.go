package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/cmd/internal/view"
)

// prompt reads statements, each up to a semicolon or the end, and shows what
// they return. A mistake ends it only when nobody is there to correct it.
func (a *app) prompt(ctx context.Context, server *embedded.Server) error {
	host, port, err := net.SplitHostPort(server.Addr)
	if err != nil {
		return fmt.Errorf("address of the engine: %w", err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("address of the engine: %w", err)
	}
	adapter, err := clickhouse.Open(ctx, clickhouse.Config{Host: host, Port: number, User: server.User, Password: server.Password, Embedded: true})
	if err != nil {
		return err
	}
	defer adapter.Close()
	session, err := adapter.Session(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	typing := interactive(a.In)
	lines := bufio.NewScanner(a.In)
	lines.Buffer(nil, 1<<26)
	var pending strings.Builder
	for {
		if typing {
			fmt.Fprint(a.Out, map[bool]string{true: "> ", false: ". "}[pending.Len() == 0])
		}
		more := lines.Scan()
		if more {
			pending.WriteString(lines.Text() + "\n")
		}
		whole, rest := statements(pending.String())
		pending.Reset()
		if more {
			pending.WriteString(rest)
		} else {
			whole = append(whole, rest)
		}
		for _, sql := range whole {
			if err := a.answer(ctx, session, sql); err != nil {
				if !typing {
					return err
				}
				fmt.Fprintln(a.Err, err)
			}
		}
		if !more {
			return lines.Err()
		}
	}
}

func (a *app) answer(ctx context.Context, session adapters.Session, sql string) error {
	if sql = strings.TrimSpace(sql); sql == "" {
		return nil
	}
	table, _, err := session.Query(ctx, adapters.Statement{SQL: sql})
	if err != nil {
		return err
	}
	if table != nil && len(table.Columns) > 0 {
		fmt.Fprint(a.Out, view.Grid(table))
	}
	return nil
}

// interactive reports whether somebody types.
func interactive(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
