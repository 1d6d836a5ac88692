package adapters

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ReplicaOutcome is how far one host's replica of a table is. HostDone has all
// rows that any host had when it was asked; HostPending lacks some; HostFailed
// cannot get them, having no such table or no session with Keeper.
type ReplicaOutcome struct {
	HostOutcome
	// Path is the table's in Keeper: replicas of one path have the same rows.
	Path  string
	Parts []Part
	Rows  uint64 // of Parts
	// Active and Total count the replicas of the path, as the host sees them.
	Active, Total uint64
}

// WaitReplicas waits until every host that can be reached has all parts of a
// replicated table, and no longer than ctx allows. The error is nil when all
// hosts are done, and otherwise a *HostsError: whether a host that is down or
// read-only is acceptable is for the caller to decide.
//
// It asks and does not send SYSTEM SYNC REPLICA, which old servers go on with
// for ever when a part cannot be fetched, and which no KILL ends there.
func WaitReplicas(ctx context.Context, f *Fleet, r Relation) ([]ReplicaOutcome, error) {
	var before []ReplicaOutcome
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, 500*time.Millisecond) {
		replicas := CompareReplicas(ctx, f, r)
		if ctx.Err() != nil && before != nil {
			replicas = before // these were cut short
		}
		before = replicas
		outcomes := make([]HostOutcome, len(replicas))
		for i, replica := range replicas {
			outcomes[i] = replica.HostOutcome
		}
		if len(in(outcomes, HostPending)) == 0 {
			return replicas, outcomesError(outcomes)
		}
		select {
		case <-ctx.Done():
			return replicas, outcomesError(outcomes)
		case <-time.After(wait):
		}
	}
}

// CompareReplicas asks every host once how far its replica of a table is, in
// the cluster's order.
func CompareReplicas(ctx context.Context, f *Fleet, r Relation) []ReplicaOutcome {
	replicas := make([]ReplicaOutcome, len(f.Cluster().Hosts))
	outcomes := f.Each(ctx, func(ctx context.Context, h Host, s Session) error {
		// A host that hangs must not keep the others from being seen.
		ctx, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		return replicas[f.index(h)].read(ctx, s, r)
	})
	for i, o := range outcomes {
		if o.State == HostDone && replicas[i].State == HostPending {
			continue
		}
		replicas[i].State, replicas[i].Err = o.State, o.Err
	}
	for i := range outcomes {
		replicas[i].Host = outcomes[i].Host
		replicas[i].compare(replicas)
	}
	return replicas
}

// compare finds what others of the same path have and this one has not.
func (o *ReplicaOutcome) compare(all []ReplicaOutcome) {
	if o.State != HostDone {
		return
	}
	for _, other := range all {
		if other.Path != o.Path {
			continue
		}
		if lacking := LackingParts(o.Parts, other.Parts); len(lacking) > 0 {
			o.behind("it lacks %d parts that %s has, %s for one", len(lacking), other.Host.Addr(), lacking[0].Name)
			return
		}
	}
}

func (o *ReplicaOutcome) behind(format string, args ...any) {
	o.State = HostPending
	o.Err = &ServerError{Class: ClassTimeout, Message: "the replica is behind: " + fmt.Sprintf(format, args...)}
}

// read asks in this order: a part that the log has is in the log, then in the
// queue, then in the table. It is not missed between two questions.
func (o *ReplicaOutcome) read(ctx context.Context, s Session, r Relation) error {
	unread, err := o.readLog(ctx, s, r)
	if err != nil {
		return err
	}
	waiting, err := readQueue(ctx, s, r)
	if err != nil {
		return err
	}
	if o.Parts, err = ReadParts(ctx, s, r); err != nil {
		return err
	}
	for _, p := range o.Parts {
		o.Rows += p.Rows
	}
	switch {
	case waiting != "":
		o.behind("%s", waiting)
	case unread > 0:
		o.behind("it has not read %d entries of the log", unread)
	}
	return nil
}

func (o *ReplicaOutcome) readLog(ctx context.Context, s Session, r Relation) (unread uint64, err error) {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT toUInt8(is_readonly OR is_session_expired), zookeeper_path, toUInt64(log_max_index)," +
		" toUInt64(log_pointer), toUInt64(active_replicas), toUInt64(total_replicas) FROM system.replicas WHERE " + named(r)})
	if err != nil {
		return 0, err
	}
	if len(table.Rows) == 0 {
		return 0, &ServerError{Class: ClassMissing, Message: "there is no replicated table " + r.String()}
	}
	var readOnly uint8
	var newest, pointer uint64
	if err := assign(table.Rows[0], &readOnly, &o.Path, &newest, &pointer, &o.Active, &o.Total); err != nil {
		return 0, fmt.Errorf("system.replicas: %w", err)
	}
	if readOnly != 0 {
		return 0, &ServerError{Class: ClassReadOnly, Message: "the table " + r.String() + " is read-only: its host has no session with Keeper"}
	}
	if pointer > newest {
		return 0, nil
	}
	if newest > 0 {
		return newest + 1 - pointer, nil
	}
	// The newest entry is the first, or there is none.
	row, err := oneRow(ctx, s, "SELECT count() FROM system.zookeeper WHERE path = "+Literal(o.Path+"/log"))
	if err != nil {
		return 0, err
	}
	return unread, assign(row, &unread)
}

// readQueue tells what a replica has still to do, but for merges: what they
// have to merge is there, or else it is in the queue itself.
func readQueue(ctx context.Context, s Session, r Relation) (string, error) {
	table, _, err := s.Query(ctx, Statement{SQL: "SELECT toString(type), new_part_name, last_exception FROM system.replication_queue WHERE " +
		named(r) + " AND toString(type) != 'MERGE_PARTS'"})
	if err != nil {
		return "", err
	}
	var kinds []string
	var complaint error
	for _, row := range table.Rows {
		var kind, part, exception string
		if err := assign(row, &kind, &part, &exception); err != nil {
			return "", fmt.Errorf("system.replication_queue: %w", err)
		}
		kinds = append(kinds, strings.TrimSpace(kind+" "+part))
		if exception != "" && complaint == nil {
			message, _ := CleanException(exception)
			complaint = errors.New(message)
		}
	}
	const enough = 3
	if len(kinds) == 0 {
		return "", nil
	}
	said := fmt.Sprintf("%d entries in its queue: %s", len(kinds), strings.Join(kinds[:min(enough, len(kinds))], ", "))
	if complaint != nil {
		said += ", because of: " + complaint.Error()
	}
	return said, nil
}
