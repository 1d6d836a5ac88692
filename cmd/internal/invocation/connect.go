package invocation

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/adapters/clickhouse"
	"github.com/chmod-sql/chmod/adapters/embedded"
	"github.com/chmod-sql/chmod/adapters/retry"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/materialize"
)

// Connect connects to the target, or returns the connection that is there. An
// embedded engine is started, or joined when one runs and is shared.
func (i *Invocation) Connect(ctx context.Context) (adapters.Adapter, error) {
	i.connecting.Lock()
	defer i.connecting.Unlock()
	if i.adapter != nil {
		return i.adapter, nil
	}
	t := i.Project.Target
	if err := t.Unusable.Err(); err != nil {
		return nil, err
	}
	config := clickhouseConfig(t, i.Threads())
	if t.Type == project.Embedded {
		server, err := embedded.Open(ctx, embedded.Options{Dir: t.Path}, i.search())
		if err != nil {
			return nil, err
		}
		i.release = server.Release
		if err := pointAt(&config, server); err != nil {
			return nil, err
		}
	}
	var adapter adapters.Adapter
	patience := i.patience()
	connecting := patience
	connecting.Retries = t.Retries
	err := connecting.Do(ctx, func() (err error) {
		adapter, err = clickhouse.Open(ctx, config)
		return err
	})
	if err != nil {
		if i.release != nil {
			// The engine is of no use without the connection; why there is none
			// is what the caller must hear.
			_ = i.release(context.WithoutCancel(ctx))
		}
		return nil, fmt.Errorf("connect to target %q: %w", t.Name, err)
	}
	if i.through != nil {
		adapter = i.through(adapter)
	}
	adapter = retry.New(adapter, patience)
	i.adapter = adapter
	i.events.Send(event.Connected{Target: t.Name, Server: adapter.Server()})
	return adapter, nil
}

// search is where to look for an engine.
func (i *Invocation) search() embedded.Search { return embedded.Search{Project: i.Root()} }

// pointAt makes a configuration lead to an embedded engine.
func pointAt(c *clickhouse.Config, s *embedded.Server) error {
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return fmt.Errorf("address of the embedded engine: %w", err)
	}
	c.Driver, c.Host, c.User, c.Password, c.Embedded = clickhouse.Native, host, s.User, s.Password, true
	if c.Port, err = strconv.Atoi(port); err != nil {
		return fmt.Errorf("address of the embedded engine: %w", err)
	}
	return nil
}

// clickhouseConfig is how to reach a target.
func clickhouseConfig(t *project.Target, threads int) clickhouse.Config {
	c := clickhouse.Config{
		Driver: t.Driver, Host: t.Host, Hosts: t.Hosts, Port: t.Port, User: t.User, Password: t.Password.Reveal(),
		Secure: t.Secure, NoVerify: !t.Verify, ClientCert: t.ClientCert, ClientCertKey: t.ClientCertKey, ServerHostName: t.ServerHostName,
		ConnectTimeout: seconds(t.ConnectTimeout), SendReceiveTimeout: seconds(t.SendReceive), SyncRequestTimeout: seconds(t.SyncRequest),
		Compression: t.Compression, Threads: threads, Settings: materialize.SessionSettings,
	}
	if t.CustomSettings != nil {
		c.CustomSettings = map[string]any{}
		for k, v := range t.CustomSettings.All() {
			c.CustomSettings[value.Str(k)] = value.ToGo(v)
		}
	}
	return c
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// noExchange says that the target's profile rules EXCHANGE TABLES out.
func (i *Invocation) noExchange() bool { return false }
