package materialize

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chmod-sql/chmod/adapters"
)

// unfinishedCode is that with which old servers answer that they have done
// their part, and that a replica which is down has not.
const unfinishedCode = 341

// told runs a statement that replicas tell each other on one host of each
// shard. A host that is lost is left out, and another one told. Whether the
// replicas that are up have followed is what a later step looks at.
func (a *application) told(step Step, st adapters.Statement) error {
	if a.fleet.hosts == nil {
		return errNoHosts
	}
	shardOf := map[string]int{}
	for _, h := range step.all {
		shardOf[h.Name] = h.Shard
	}
	done := map[int]bool{}
	for {
		picked, err := a.onePerShard(step.all, step.Hosts, a.here(step.Hosts))
		if err != nil {
			return err
		}
		picked = slices.DeleteFunc(picked, func(h string) bool { return done[shardOf[h]] })
		if len(picked) == 0 {
			return nil
		}
		failed := a.fleet.each(a.ctx, longest, picked, func(ctx context.Context, _ string, s adapters.Session) error {
			own := st
			own.QueryID, own.Progress, own.Retrying = "", nil, nil
			_, err := s.Exec(ctx, own)
			var refused *adapters.ServerError
			if errors.As(err, &refused) && refused.Code == unfinishedCode {
				return nil
			}
			return err
		})
		var errs []error
		for _, h := range picked {
			err := failed[h]
			switch {
			case err == nil:
				done[shardOf[h]] = true
				continue
			case !lost(err) || a.ctx.Err() != nil || !step.Again && !unsent(err):
				errs = append(errs, fmt.Errorf("%s: %w", h, err))
				continue
			}
			if err := a.leave(step, h, err); err != nil {
				errs = append(errs, err)
				continue
			}
			delete(a.picked, shardOf[h])
		}
		if len(errs) > 0 {
			return errors.Join(errs...)
		}
	}
}

// unsent reports whether no server has seen a statement whose host was lost.
func unsent(err error) bool {
	var u *unreached
	var refused *adapters.ServerError
	return errors.As(err, &refused) && refused.Unsent || errors.As(err, &u) && !errors.Is(err, context.DeadlineExceeded)
}
