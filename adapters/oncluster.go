package adapters

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
)

// DefaultPatience is how long a distributed statement is waited for when
// nothing else is said.
const DefaultPatience = 3 * time.Minute

// hostsInRows is a mode in which a server tells everything in rows and throws
// nothing.
var hostsInRows = Feature{"distributed_ddl_output_mode", 21, 4}

// OnCluster is a statement with an ON CLUSTER clause.
type OnCluster struct {
	Statement Statement
	// Cluster has the hosts of the clause.
	Cluster Cluster
	// Patience is how long hosts are waited for, in whole seconds. Hosts that
	// take longer are HostPending. DefaultPatience when zero.
	Patience time.Duration
}

// ClusterOutcome is what became of a distributed statement.
type ClusterOutcome struct {
	// Hosts are all of the cluster, in its order.
	Hosts []HostOutcome
	// Task is the statement's path in Keeper. It is known when a host is
	// pending, else it may be empty.
	Task    string
	Summary Summary
}

// ExecOnCluster runs a statement on all hosts of its clause and tells what each
// did. The error is nil when all are done, and a *HostsError when it is known
// that some are not. Any other error is about the statement as a whole; hosts
// are then unknown unless they said something before.
func ExecOnCluster(ctx context.Context, s Session, server Server, o OnCluster) (ClusterOutcome, error) {
	st := o.Statement
	modern := server.Version.Has(hostsInRows)
	if st.Comment == "" {
		// Newer servers keep it with the task, which is found by it.
		st.Comment = "chmod-" + uuid.NewString()
	}
	st.Settings = ddlSettings(o, modern)
	table, summary, err := s.Query(ctx, st)
	outcome := ClusterOutcome{Summary: summary}
	told, readErr := rowOutcomes(table)
	if readErr != nil {
		return outcome, errors.Join(err, readErr)
	}
	outcome.Task = taskOf(err)
	switch {
	case err == nil:
		// A host without a row has not finished.
		outcome.Hosts = complete(o.Cluster, told, HostPending, errStillPending)
		if outcome.Task == "" && len(in(outcome.Hosts, HostPending)) > 0 {
			outcome.Task, err = findTask(ctx, s, server, st.Comment)
			if err != nil {
				return outcome, errors.Join(outcomesError(outcome.Hosts), err)
			}
		}
	case outcome.Task != "":
		outcome.Hosts = complete(o.Cluster, told, HostPending, err)
		if later, err := TaskOutcomes(ctx, s, server, o.Cluster, outcome.Task); err == nil {
			// Finished in the meantime; or else the wait said it all.
			outcome.Hosts = later
		}
	case len(in(told, HostFailed)) > 0:
		// Rows have it all, and the error repeats the first of them.
		outcome.Hosts = complete(o.Cluster, told, HostUnknown, err)
	case blamed(o.Cluster, err) != nil:
		outcome.Hosts = complete(o.Cluster, blamed(o.Cluster, err), HostUnknown, err)
	default:
		outcome.Hosts = complete(o.Cluster, told, HostUnknown, err)
		return outcome, err
	}
	return outcome, outcomesError(outcome.Hosts)
}

var errStillPending = &ServerError{
	Class:   ClassTimeout,
	Message: "the host has not finished in time, and goes on in the background",
}

func ddlSettings(o OnCluster, modern bool) map[string]any {
	patience := o.Patience
	if patience == 0 {
		patience = DefaultPatience
	}
	// Zero would mean not to wait and to tell nothing.
	settings := map[string]any{"distributed_ddl_task_timeout": max(1, int((patience+time.Second-1)/time.Second))}
	if modern {
		settings["distributed_ddl_output_mode"] = "never_throw"
	}
	for name, value := range o.Statement.Settings {
		settings[name] = value
	}
	return settings
}

// rowOutcomes reads the rows of a distributed statement.
func rowOutcomes(table *Table) ([]HostOutcome, error) {
	if table == nil {
		return nil, nil
	}
	outcomes := make([]HostOutcome, 0, len(table.Rows))
	for _, row := range table.Rows {
		var o HostOutcome
		var status any
		var text string
		for i, c := range table.Columns {
			switch c.Name {
			case "host":
				o.Host.Host, _ = row[i].(string)
			case "port":
				o.Host.Port, _ = row[i].(uint16)
			case "status":
				status = row[i]
			case "error":
				text, _ = row[i].(string)
			}
		}
		switch code := status.(type) {
		case nil:
			o.State, o.Err = HostPending, errStillPending
		case int64:
			o.State = HostDone
			if code != 0 {
				o.State, o.Err = HostFailed, ExceptionOf(int(code), text)
			}
		default:
			return nil, fmt.Errorf("the status of a distributed statement is %v, a %T", status, status)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// complete puts what was told in the cluster's order, and adds the hosts that
// nothing was told about.
func complete(c Cluster, told []HostOutcome, missing HostState, why error) []HostOutcome {
	byAddr := make(map[string]HostOutcome, len(told))
	for _, o := range told {
		byAddr[o.Host.Addr()] = o
	}
	all := make([]HostOutcome, 0, len(c.Hosts))
	for _, h := range c.Hosts {
		o, ok := byAddr[h.Addr()]
		if !ok {
			o = HostOutcome{State: missing, Err: why}
		}
		delete(byAddr, h.Addr())
		o.Host = h
		all = append(all, o)
	}
	// Hosts that the definition of a moment ago did not have.
	for _, o := range told {
		if _, ok := byAddr[o.Host.Addr()]; ok {
			all = append(all, o)
		}
	}
	return all
}

var blame = regexp.MustCompile(`There was an error on \[([^\]]+)\]:\s*(?s)(.*)$`)

// blamed is the failure of the one host that an error names. Over HTTP that is
// all that old servers tell.
func blamed(c Cluster, err error) []HostOutcome {
	var s *ServerError
	if !errors.As(err, &s) {
		return nil
	}
	m := blame.FindStringSubmatch(s.Message)
	if m == nil {
		return nil
	}
	for _, h := range c.Hosts {
		if h.Addr() == strings.ReplaceAll(m[1], "%2E", ".") {
			return []HostOutcome{{Host: h, State: HostFailed, Err: ExceptionOf(s.Code, m[2])}}
		}
	}
	return nil
}
