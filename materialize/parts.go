package materialize

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// part is an active part of a table: the blocks of a partition from min to max.
type part struct {
	name, partition string
	min, max, rows  uint64
}

// partsSQL reads the parts of a table.
func partsSQL(r adapters.Relation) string {
	return "SELECT name, rows FROM system.parts WHERE active AND database = " + adapters.Literal(r.Database) +
		" AND table = " + adapters.Literal(r.Name) + " ORDER BY name"
}

func readParts(table *adapters.Table) ([]part, error) {
	parts := make([]part, 0, len(table.Rows))
	for _, row := range table.Rows {
		if len(row) != 2 {
			return nil, fmt.Errorf("a part of %d columns", len(row))
		}
		name, okName := row[0].(string)
		rows, okRows := row[1].(uint64)
		if !okName || !okRows {
			return nil, fmt.Errorf("a part is a %T and a %T", row[0], row[1])
		}
		p, err := parsePart(name)
		if err != nil {
			return nil, err
		}
		p.rows = rows
		parts = append(parts, p)
	}
	return parts, nil
}

// parsePart reads partition_min_max_level, with a mutation after that or not.
func parsePart(name string) (part, error) {
	fields := strings.Split(name, "_")
	if len(fields) < 4 {
		return part{}, fmt.Errorf("the part %q is not named as parts are", name)
	}
	p := part{name: name, partition: fields[0]}
	var err error
	if p.min, err = strconv.ParseUint(fields[1], 10, 64); err == nil {
		p.max, err = strconv.ParseUint(fields[2], 10, 64)
	}
	if err != nil {
		return part{}, fmt.Errorf("the part %q is not named as parts are: %w", name, err)
	}
	return p, nil
}

// covered reports whether a replica with these parts has all that p holds:
// within one of its own, or not merged yet in several. Merging only ever makes
// rows fewer.
func (p part) covered(by []part) bool {
	rows, pieces := uint64(0), 0
	for _, o := range by {
		if o.partition != p.partition {
			continue
		}
		if o.min <= p.min && o.max >= p.max {
			return true
		}
		if o.min >= p.min && o.max <= p.max {
			rows += o.rows
			pieces++
		}
	}
	return pieces > 0 && rows >= p.rows
}

// lacking are those of a replica's parts that another replica does not have.
func lacking(of, by []part) []string {
	var names []string
	for _, p := range of {
		if !p.covered(by) {
			names = append(names, p.name)
		}
	}
	return names
}

// awaitReplicas waits until every host has the parts that the other replicas
// of its shard have, and remembers which table it is that they have.
func (a *application) awaitReplicas(step Step, st adapters.Statement) error {
	r := step.Replicas
	behind := map[string]error{}
	var ready []string
	_, err := poll(a.ctx, r.Wait, func(ctx context.Context) (bool, error) {
		hosts := a.here(step.Hosts)
		parts := map[string][]part{}
		results := make(chan hostParts, len(hosts))
		failed := a.fleet.each(ctx, hosts, func(ctx context.Context, host string, s adapters.Session) error {
			found, err := a.settled(ctx, s, host, r, st)
			if err == nil {
				results <- hostParts{host, found}
			}
			return err
		})
		close(results)
		for p := range results {
			parts[p.host] = p.parts
		}
		for h, err := range failed {
			if lost(err) && ctx.Err() == nil {
				if err := a.leave(step, h, err); err != nil {
					return false, err
				}
				delete(failed, h)
			}
		}
		behind, ready = a.behind(r, a.here(hosts), parts, failed)
		return len(behind) == 0, nil
	})
	if err != nil {
		return err
	}
	if err := a.ctx.Err(); err != nil {
		return err
	}
	return a.judgeReplicas(step, behind, ready)
}

type hostParts struct {
	host  string
	parts []part
}

// lastLook bounds looking at what a replica lacks once the time is over.
const lastLook = 10 * time.Second

// settled lets a host fetch what it has not yet, and reads what it has then.
func (a *application) settled(ctx context.Context, s adapters.Session, host string, r *Replicas, st adapters.Statement) ([]part, error) {
	if r.Parts {
		if _, err := s.Exec(ctx, adapters.Statement{SQL: st.SQL, Comment: st.Comment}); err != nil && ctx.Err() == nil {
			return nil, err
		}
		if ctx.Err() != nil && a.ctx.Err() == nil {
			// The time is over. What it lacks then is worth telling.
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(a.ctx, lastLook)
			defer cancel()
		}
	}
	found, err := a.identities(ctx, s, r.Table)
	if err != nil {
		return nil, err
	}
	i, there := found[r.Table]
	if !there {
		return nil, fmt.Errorf("there is no %s", r.Table)
	}
	a.remember(host, i.id())
	if !r.Parts {
		return nil, nil
	}
	table, _, err := s.Query(ctx, adapters.Statement{SQL: partsSQL(r.Table)})
	if err != nil {
		return nil, err
	}
	return readParts(table)
}

// behind tells which hosts lack something, and which have all.
func (a *application) behind(r *Replicas, hosts []string, parts map[string][]part, failed map[string]error) (map[string]error, []string) {
	behind := map[string]error{}
	var ready []string
	shard := map[string]int{}
	for _, h := range r.Hosts {
		shard[h.Name] = h.Shard
	}
	for _, h := range hosts {
		if err := failed[h]; err != nil {
			behind[h] = err
			continue
		}
		for _, other := range hosts {
			if shard[other] != shard[h] {
				continue
			}
			if lacks := lacking(parts[other], parts[h]); len(lacks) > 0 {
				behind[h] = fmt.Errorf("it lacks %d parts that %s has, such as %s", len(lacks), other, lacks[0])
				break
			}
		}
		if behind[h] == nil {
			ready = append(ready, h)
		}
	}
	return behind, ready
}

// judgeReplicas decides whether the hosts that are ready are enough, and leaves
// the others out.
func (a *application) judgeReplicas(step Step, behind map[string]error, ready []string) error {
	if len(behind) == 0 {
		return nil
	}
	r := step.Replicas
	all, have := map[int]int{}, map[int]int{}
	for _, h := range step.all {
		all[h.Shard]++
		if slices.Contains(ready, h.Name) {
			have[h.Shard]++
		}
	}
	for shard, n := range all {
		if r.Require == RequireAvailable && have[shard] > 0 || r.Require == RequireQuorum && 2*have[shard] > n {
			continue
		}
		return &ReplicasBehind{Table: r.Table, Require: r.Require, Hosts: behind}
	}
	for _, h := range slices.Sorted(keys(behind)) {
		if err := a.leave(step, h, behind[h]); err != nil {
			return err
		}
	}
	return nil
}

// ReplicasBehind is that replicas did not get all parts of a new table in time.
// It was not put in place anywhere.
type ReplicasBehind struct {
	Table   adapters.Relation
	Require Require
	Hosts   map[string]error
}

func (e *ReplicasBehind) Error() string {
	s := "not every replica has the new table's parts, and it was put in place nowhere"
	for _, h := range slices.Sorted(keys(e.Hosts)) {
		s += fmt.Sprintf("; %s: %v", h, oneLine(e.Hosts[h].Error()))
	}
	if e.Require == RequireAll {
		s += "; with require: quorum in the profile, a host that is behind is left out instead"
	}
	return s
}
