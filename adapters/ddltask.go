package adapters

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// watching is in the error of a distributed statement that was waited for too
// long.
var watching = regexp.MustCompile(`(?:Watching|Distributed DDL) task (\S*/query-\d+) `)

// taskOf is the path of the task whose hosts did not all finish in time, if
// that is what the error says.
func taskOf(err error) string {
	var s *ServerError
	if !errors.As(err, &s) || s.Class != ClassTimeout {
		return ""
	}
	m := watching.FindStringSubmatch(s.Message)
	if m == nil {
		return ""
	}
	return m[1]
}

// findTask finds the newest task that was sent with a comment. Servers that
// tell no task in an error keep the settings with it.
func findTask(ctx context.Context, s Session, server Server, comment string) (string, error) {
	if !server.Version.Has(hostsInRows) {
		return "", nil
	}
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT max(entry) FROM system.distributed_ddl_queue WHERE settings['log_comment'] = " + Literal(comment)})
	if err != nil {
		return "", fmt.Errorf("find the distributed statement's task: %w", err)
	}
	for _, row := range table.Rows {
		task, _ := row[0].(string)
		return task, nil
	}
	return "", nil
}

// TaskOutcomes tells how far a distributed statement is whose hosts were not
// all waited for. Hosts that have not finished are HostPending. Servers forget
// a task after some days.
func TaskOutcomes(ctx context.Context, s Session, server Server, c Cluster, task string) ([]HostOutcome, error) {
	told, err := finished(ctx, s, server, task)
	if err != nil {
		return nil, fmt.Errorf("read what became of %s: %w", task, err)
	}
	return complete(c, told, HostPending, errStillPending), nil
}

// AwaitTask is TaskOutcomes, asked again until no host is pending or ctx ends.
// Its error is that of ExecOnCluster.
func AwaitTask(ctx context.Context, s Session, server Server, c Cluster, task string) ([]HostOutcome, error) {
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		outcomes, err := TaskOutcomes(ctx, s, server, c, task)
		if err != nil {
			return nil, err
		}
		if len(in(outcomes, HostPending)) == 0 {
			return outcomes, outcomesError(outcomes)
		}
		select {
		case <-ctx.Done():
			return outcomes, outcomesError(outcomes)
		case <-time.After(wait):
		}
	}
}

func finished(ctx context.Context, s Session, server Server, task string) ([]HostOutcome, error) {
	if server.Version.Has(hostsInRows) {
		return finishedInQueue(ctx, s, task)
	}
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT name, value FROM system.zookeeper WHERE path = " + Literal(task+"/finished")})
	if err != nil {
		return nil, err
	}
	outcomes := make([]HostOutcome, 0, len(table.Rows))
	for _, row := range table.Rows {
		var name, value string
		if err := assign(row, &name, &value); err != nil {
			return nil, fmt.Errorf("system.zookeeper: %w", err)
		}
		o, err := finishedNode(name, value)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// finishedNode reads what a host left in Keeper when it had finished: under
// its address, a code and a text.
func finishedNode(name, value string) (HostOutcome, error) {
	var o HostOutcome
	host, port, found := cutLast(name, ":")
	number, err := strconv.ParseUint(port, 10, 16)
	if !found || err != nil {
		return o, fmt.Errorf("a task was finished by %q, which is no address", name)
	}
	if o.Host.Host, err = url.PathUnescape(host); err != nil {
		return o, fmt.Errorf("a task was finished by %q: %w", name, err)
	}
	o.Host.Port = uint16(number)
	first, text, _ := strings.Cut(value, "\n")
	code, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return o, fmt.Errorf("%s finished a task with %q, which is no code", name, first)
	}
	o.State = HostDone
	if code != 0 {
		o.State, o.Err = HostFailed, ExceptionOf(code, text)
	}
	return o, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func finishedInQueue(ctx context.Context, s Session, task string) ([]HostOutcome, error) {
	sql := "SELECT ifNull(toString(host), ''), toUInt16(ifNull(port, 0)), toInt64(ifNull(toInt64(exception_code), 0)), ifNull(toString(exception_text), '')" +
		" FROM system.distributed_ddl_queue WHERE entry = " + Literal(path.Base(task)) + " AND status = 'Finished'"
	table, _, err := s.Query(ctx, Statement{SQL: sql})
	if err != nil {
		return nil, err
	}
	outcomes := make([]HostOutcome, 0, len(table.Rows))
	for _, row := range table.Rows {
		var o HostOutcome
		var code int64
		var text string
		if err := assign(row, &o.Host.Host, &o.Host.Port, &code, &text); err != nil {
			return nil, fmt.Errorf("system.distributed_ddl_queue: %w", err)
		}
		o.State = HostDone
		if code != 0 {
			o.State, o.Err = HostFailed, ExceptionOf(int(code), text)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}
