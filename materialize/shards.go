package materialize

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// longest bounds a statement that a shard's host works on by itself.
const longest = 24 * time.Hour

// onShards runs do on one replica of each shard, or on all hosts of a step
// whose scope is those; without hosts, in the plan's own session.
func (a *application) onShards(session adapters.Session, step Step, do func(ctx context.Context, s adapters.Session) error) error {
	if len(step.Hosts) == 0 {
		return do(a.ctx, session)
	}
	if a.fleet.hosts == nil {
		return errNoHosts
	}
	hosts := a.here(step.Hosts)
	if step.Scope == ScopeShard {
		var err error
		if hosts, err = a.onePerShard(step.all, step.Hosts, hosts); err != nil {
			return err
		}
	}
	failed := a.fleet.each(a.ctx, longest, hosts, func(ctx context.Context, _ string, s adapters.Session) error { return do(ctx, s) })
	var errs []error
	for _, h := range slices.Sorted(keys(failed)) {
		errs = append(errs, fmt.Errorf("%s: %w", h, failed[h]))
	}
	return errors.Join(errs...)
}

// onePerShard picks one of the named hosts for each of their shards, the same
// in all steps of a plan: another one may not have yet what an earlier step did.
func (a *application) onePerShard(all []Host, named, here []string) ([]string, error) {
	picked := map[int]string{}
	for _, h := range all {
		if slices.Contains(named, h.Name) && a.picked[h.Shard] == h.Name {
			picked[h.Shard] = h.Name
		}
	}
	for _, h := range all {
		if picked[h.Shard] == "" && slices.Contains(named, h.Name) && slices.Contains(here, h.Name) {
			picked[h.Shard] = h.Name
		}
	}
	for _, h := range all {
		if slices.Contains(named, h.Name) && picked[h.Shard] == "" {
			return nil, fmt.Errorf("no host of shard %d can be worked with any more", h.Shard)
		}
	}
	for shard, host := range picked {
		if a.picked[shard] == "" {
			a.picked[shard] = host
		}
		if !slices.Contains(here, host) {
			return nil, fmt.Errorf("%s, which works for shard %d, is lost: %w", host, shard, a.fleet.hosts.Left(host))
		}
	}
	return slices.Sorted(maps.Values(picked)), nil
}

// partitions runs a step's statement for each partition that its query names.
func (a *application) partitions(session adapters.Session, step Step, st adapters.Statement) error {
	return a.onShards(session, step, func(ctx context.Context, s adapters.Session) error {
		table, _, err := s.Query(ctx, adapters.Statement{SQL: st.SQL, Comment: st.Comment, Settings: st.Settings})
		if err != nil {
			return err
		}
		for _, row := range table.Rows {
			id, ok := row[0].(string)
			if !ok {
				return fmt.Errorf("the id of a partition is a %T", row[0])
			}
			if _, err := s.Exec(ctx, adapters.Statement{SQL: step.Each.SQL(id), Comment: st.Comment, Settings: step.Each.Settings, Before: st.Before}); err != nil {
				return fmt.Errorf("partition %s: %w", id, err)
			}
		}
		return nil
	})
}

// checkZero requires a number to be 0 on every shard.
func (a *application) checkZero(session adapters.Session, step Step, st adapters.Statement) error {
	return a.onShards(session, step, func(ctx context.Context, s adapters.Session) error {
		if !step.Check.Await {
			return a.zero(ctx, s, step, st)
		}
		_, err := poll(ctx, longest, func(ctx context.Context) (bool, error) {
			var other *notZero
			err := a.zero(ctx, s, step, st)
			if errors.As(err, &other) {
				return false, nil
			}
			return err == nil, err
		})
		return errors.Join(err, ctx.Err())
	})
}

// notZero is that a number is another one.
type notZero struct{ found, why string }

func (e *notZero) Error() string {
	return fmt.Sprintf("the check found %s instead of 0: %s", e.found, e.why)
}

func (a *application) zero(ctx context.Context, s adapters.Session, step Step, st adapters.Statement) error {
	table, _, err := s.Query(ctx, adapters.Statement{SQL: st.SQL, Comment: st.Comment, Settings: st.Settings})
	if err != nil {
		return err
	}
	if len(table.Rows) != 1 || len(table.Rows[0]) != 1 {
		return fmt.Errorf("the check returned %d rows instead of one number", len(table.Rows))
	}
	if found := fmt.Sprint(table.Rows[0][0]); found != "0" {
		return &notZero{found, step.Check.Why}
	}
	return nil
}
