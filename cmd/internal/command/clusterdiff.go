package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/cmd/internal/invocation"
	"github.com/chmod-sql/chmod/compiler"
	"github.com/chmod-sql/chmod/materialize"
)

func (a *app) clusterDiff() *cobra.Command {
	var c comparing
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Show what differs from the project, and between hosts",
		Long: `Compare what each host of the target has with what the project says, and with
the other hosts: relations that are missing, left behind, of another build, or
have another engine, columns, keys, settings, comments or grants; replicas that
Keeper does not know, that are read-only or lack parts. Each difference is shown
with what makes it go away. Nothing is changed.

It ends with 1 when there are differences, and with 0 when there are none.`,
		Example: `  chmod cluster diff
  chmod cluster diff --select marts --target prod
  chmod cluster diff --output json
  chmod cluster diff --foreign`,
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProject(cmd, compiler.Flags{}, func(ctx context.Context, call *call, inv *invocation.Invocation) (bool, error) {
				compared, err := inv.Compare(ctx, invocation.Question{Selection: a.selection(c.choosing), Prefer: c.prefer, Foreign: c.foreign})
				if err != nil {
					return false, err
				}
				text := diffText(compared)
				if c.output == "json" {
					if text, err = diffJSON(compared); err != nil {
						return false, err
					}
				}
				call.events.Send(event.Printed{Text: text})
				return len(compared.Divergences) == 0, nil
			})
		},
	}
	c.declare(cmd)
	toggle(cmd.Flags(), &c.foreign, "foreign", "", "show relations that chmod has not made, too")
	return cmd
}

// diffText shows the differences by relation.
func diffText(c *invocation.Compared) string {
	var b strings.Builder
	type line struct {
		what, remedy string
		hosts        []string
	}
	for start := 0; start < len(c.Divergences); {
		first := c.Divergences[start]
		end := start
		var lines []*line
		for ; end < len(c.Divergences) && c.Divergences[end].Relation == first.Relation && c.Divergences[end].NodeID == first.NodeID; end++ {
			d := c.Divergences[end]
			at := slices.IndexFunc(lines, func(l *line) bool { return l.what == d.What && l.remedy == remedyText(d) })
			if at < 0 {
				at = len(lines)
				lines = append(lines, &line{what: d.What, remedy: remedyText(d)})
			}
			lines[at].hosts = append(lines[at].hosts, onHost(d.Host))
		}
		b.WriteString(relationName(first.Relation))
		if first.NodeID != "" {
			b.WriteString("  " + first.NodeID)
		}
		b.WriteString("\n")
		for _, l := range lines {
			fmt.Fprintf(&b, "  %s: %s\n    %s\n", strings.Join(l.hosts, ", "), l.what, l.remedy)
		}
		start = end
	}
	b.WriteString(summaryOf(c))
	return b.String()
}

// summaryOf counts what was compared.
func summaryOf(c *invocation.Compared) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s compared on %s, %d different", plural(c.Relations, "relation"), plural(max(1, hostsUp(c)), "host"), c.Different)
	for _, id := range slices.Sorted(maps.Keys(c.Unknown)) {
		fmt.Fprintf(&b, "\nnot all of %s was compared: %s", id, oneLine(c.Unknown[id].Error()))
	}
	for _, h := range c.Hosts {
		if h.Down != "" {
			fmt.Fprintf(&b, "\n%s was not asked: %s", h.Name, oneLine(h.Down))
		}
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func hostsUp(c *invocation.Compared) int {
	up := 0
	for _, h := range c.Hosts {
		if h.Down == "" {
			up++
		}
	}
	return up
}

func remedyText(d materialize.Divergence) string {
	switch d.Remedy {
	case materialize.RemedyRepair:
		return "-> chmod cluster repair"
	case materialize.RemedyBuild:
		if d.Command == "" {
			return "-> the next build"
		}
		return "-> " + d.Command
	case materialize.RemedyPrefer:
		return "-> chmod cluster repair --prefer HOST"
	}
	return "-> by hand"
}

type diffOutput struct {
	Relations   int                `json:"relations"`
	Different   int                `json:"different"`
	Differences []differenceOutput `json:"differences"`
	// Unknown are nodes that could not be compared in full, Down hosts that
	// could not be asked, each with why.
	Unknown map[string]string `json:"unknown,omitempty"`
	Down    map[string]string `json:"down,omitempty"`
}

type differenceOutput struct {
	Node     string `json:"node,omitempty"`
	Database string `json:"database"`
	Name     string `json:"name"`
	Host     string `json:"host,omitempty"`
	Aspect   string `json:"aspect"`
	What     string `json:"what"`
	Remedy   string `json:"remedy"`
	Command  string `json:"command,omitempty"`
}

func diffJSON(c *invocation.Compared) (string, error) {
	out := diffOutput{Relations: c.Relations, Different: c.Different, Differences: []differenceOutput{}, Unknown: map[string]string{}, Down: map[string]string{}}
	for _, d := range c.Divergences {
		out.Differences = append(out.Differences, differenceOutput{
			Node: d.NodeID, Database: d.Relation.Database, Name: d.Relation.Name, Host: d.Host, Aspect: string(d.Aspect), What: d.What,
			Remedy: string(d.Remedy), Command: d.Command,
		})
	}
	for id, err := range c.Unknown {
		out.Unknown[id] = oneLine(err.Error())
	}
	for _, h := range c.Hosts {
		if h.Down != "" {
			out.Down[h.Name] = h.Down
		}
	}
	return jsonText(out)
}
