package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
)

func (a *app) clusterStatus() *cobra.Command {
	var c comparing
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how each host is, and how many relations differ",
		Long: `Show of each host of the target's cluster: its shard and replica, version,
Keeper session, read-only tables, replication lag and queue, free disk space,
clock and uptime; then how many of the project's relations are the same on all
hosts. It fails when a host is down; that relations differ is no failure.`,
		Example: `  chmod cluster status
  chmod cluster status --target prod --output json`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, call *call, inv *invocation.Invocation) (bool, error) {
				return call.clusterStatus(ctx, inv, c)
			})
		},
	}
	c.declare(cmd)
	hide(cmd.Flags(), "prefer")
	return cmd
}

func (c *call) clusterStatus(ctx context.Context, inv *invocation.Invocation, asked comparing) (bool, error) {
	status, err := inv.Status(ctx)
	if err != nil {
		return false, err
	}
	fine := !slices.ContainsFunc(status.Hosts, func(h invocation.HostStatus) bool { return h.Down != "" })
	// How the hosts are is worth knowing, too, when the rest cannot be told.
	compared, whyNot := inv.Compare(ctx, invocation.Question{Selection: c.app.selection(asked.choosing)})
	if ctx.Err() != nil {
		return false, whyNot
	}
	if asked.output == "json" {
		text, err := statusJSON(status, compared, whyNot)
		if err != nil {
			return false, err
		}
		c.events.Send(event.Printed{Text: text})
		return fine, nil
	}
	c.events.Send(event.Printed{Text: statusText(status, compared)})
	return fine, whyNot
}

func statusText(s *invocation.Status, compared *invocation.Compared) string {
	var b strings.Builder
	if s.Cluster == "" {
		b.WriteString("no cluster: the target is one server\n")
	} else {
		fmt.Fprintf(&b, "cluster %s\n", s.Cluster)
	}
	for _, h := range s.Hosts {
		fmt.Fprintf(&b, "  shard %d replica %d  %s  %s\n", h.Shard, h.Replica, h.Name, hostText(h.Host, h.Facts, len(s.Hosts)))
	}
	if compared == nil {
		return strings.TrimSuffix(b.String(), "\n")
	}
	fmt.Fprintf(&b, "%s fine, %d different\n", plural(compared.Relations-compared.Different, "relation"), compared.Different)
	byHost := map[string]map[adapters.Relation]bool{}
	for _, d := range compared.Divergences {
		if byHost[d.Host] == nil {
			byHost[d.Host] = map[adapters.Relation]bool{}
		}
		byHost[d.Host][d.Relation] = true
	}
	for _, host := range slices.Sorted(maps.Keys(byHost)) {
		fmt.Fprintf(&b, "  %s: %d different: %s\n", onHost(host), len(byHost[host]), some(byHost[host]))
	}
	if len(compared.Divergences) > 0 {
		b.WriteString("see \"chmod cluster diff\"\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// some names the first few relations.
func some(relations map[adapters.Relation]bool) string {
	const enough = 5
	var names []string
	for r := range relations {
		names = append(names, relationName(r))
	}
	slices.Sort(names)
	if len(names) > enough {
		return strings.Join(names[:enough], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}

// relationName is a relation for people.
func relationName(r adapters.Relation) string { return r.Database + "." + r.Name }

type statusOutput struct {
	Cluster   string       `json:"cluster,omitempty"`
	Hosts     []hostOutput `json:"hosts"`
	Relations *int         `json:"relations,omitempty"`
	Different *int         `json:"different,omitempty"`
	// Uncompared says why relations could not be compared.
	Uncompared string `json:"uncompared,omitempty"`
}

type hostOutput struct {
	Address           string            `json:"address"`
	Shard             int               `json:"shard"`
	Replica           int               `json:"replica"`
	Up                bool              `json:"up"`
	Down              string            `json:"down,omitempty"`
	Name              string            `json:"name,omitempty"`
	Version           string            `json:"version,omitempty"`
	UptimeSeconds     int64             `json:"uptime_seconds,omitempty"`
	Keeper            string            `json:"keeper,omitempty"`
	ReadOnly          []string          `json:"readonly"`
	LagSeconds        *int64            `json:"lag_seconds,omitempty"`
	Queue             uint64            `json:"queue"`
	PartsToFetch      uint64            `json:"parts_to_fetch"`
	ClockAheadSeconds float64           `json:"clock_ahead_seconds"`
	Disks             []diskOutput      `json:"disks"`
	Macros            map[string]string `json:"macros,omitempty"`
	Different         []string          `json:"different,omitempty"`
}

type diskOutput struct {
	Name  string `json:"name"`
	Free  uint64 `json:"free_bytes"`
	Total uint64 `json:"total_bytes"`
}

func statusJSON(s *invocation.Status, compared *invocation.Compared, whyNot error) (string, error) {
	out := statusOutput{Cluster: s.Cluster}
	differ := map[string][]string{}
	if compared != nil {
		out.Relations, out.Different = &compared.Relations, &compared.Different
		for _, d := range compared.Divergences {
			if name := relationName(d.Relation); !slices.Contains(differ[d.Host], name) {
				differ[d.Host] = append(differ[d.Host], name)
			}
		}
	} else if whyNot != nil {
		out.Uncompared = whyNot.Error()
	}
	for _, h := range s.Hosts {
		o := hostOutput{Address: h.Name, Shard: h.Shard, Replica: h.Replica, Up: h.Down == "", Down: h.Down, ReadOnly: []string{}, Disks: []diskOutput{}}
		if h.Down == "" {
			f := h.Facts
			o.Name, o.Version, o.UptimeSeconds, o.Keeper, o.Macros = f.HostName, f.Server.Version.Text, int64(f.Uptime.Seconds()), string(f.Keeper), f.Macros
			if lag := f.Lag(); lag < unknownLag {
				seconds := int64(lag.Seconds())
				o.LagSeconds = &seconds
			}
			o.Queue, o.PartsToFetch = f.Queue()
			o.ClockAheadSeconds = f.ClockAhead.Seconds()
			for _, r := range f.ReadOnly() {
				o.ReadOnly = append(o.ReadOnly, relationName(r))
			}
			for _, d := range f.Disks {
				o.Disks = append(o.Disks, diskOutput{d.Name, d.Free, d.Total})
			}
		}
		o.Different = differ[h.Name]
		if s.Cluster == "" {
			o.Different = differ[""]
		}
		out.Hosts = append(out.Hosts, o)
	}
	return jsonText(out)
}

// jsonText writes a result of a command.
func jsonText(v any) (string, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return "", errors.Join(fmt.Errorf("write the result as JSON"), err)
	}
	return string(text), nil
}
