package materialize

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/chmod-sql/chmod/adapters"
)

// Survey is what hosts hold of some relations, each asked itself. The connected
// server without a cluster has no name.
type Survey struct {
	Holdings map[string]map[adapters.Relation]adapters.Holding
	// Grants are those on the relations that were asked for, where they can be
	// read.
	Grants map[string]map[adapters.Relation][]Grant
	// Replicas are the names that Keeper knows for a table's path; there is
	// none for paths that could not be asked about.
	Replicas map[string][]string
}

// settling is how long a survey waits for parts that are on their way.
const settling = 3 * time.Second

// ReadSurvey asks each of the hosts, by name, for the relations of the
// expectations and for further ones. Replicas that lack parts are looked at
// again for a moment: what was inserted just now is no difference.
func ReadSurvey(ctx context.Context, hosts map[string]adapters.Adapter, all []*Expected, further []adapters.Relation) (*Survey, error) {
	s := &Survey{}
	relations, granted := slices.Clone(further), []adapters.Relation(nil)
	for _, e := range all {
		for _, r := range e.Relations {
			relations = append(relations, r.Relation)
		}
		if e.Grants != nil {
			granted = append(granted, e.target())
		}
	}
	var err error
	_, pollErr := poll(ctx, settling, func(ctx context.Context) (bool, error) {
		var found map[string]map[adapters.Relation]adapters.Holding
		if found, err = holdings(ctx, hosts, relations); err != nil {
			if s.Holdings != nil && ctx.Err() != nil {
				err = nil // the answers were cut short: those before them count
				return true, nil
			}
			return false, err
		}
		s.Holdings = found
		return !s.behind(), nil
	})
	if err = errors.Join(err, pollErr); err != nil {
		return nil, err
	}
	if s.Grants, err = grantsOn(ctx, hosts, granted); err != nil {
		return nil, err
	}
	s.Replicas, err = s.replicaNames(ctx, hosts)
	return s, err
}

// on runs do on all hosts at once.
func on(hosts map[string]adapters.Adapter, do func(host string, a adapters.Adapter) error) error {
	var mutex sync.Mutex
	var all sync.WaitGroup
	errs := map[string]error{}
	for host, a := range hosts {
		all.Go(func() {
			if err := do(host, a); err != nil {
				mutex.Lock()
				defer mutex.Unlock()
				errs[host] = err
			}
		})
	}
	all.Wait()
	if len(errs) == 0 {
		return nil
	}
	first := slices.Min(slices.Collect(maps.Keys(errs)))
	if first == "" {
		return errs[first]
	}
	return fmt.Errorf("%s: %w", first, errs[first])
}

func holdings(ctx context.Context, hosts map[string]adapters.Adapter, relations []adapters.Relation) (map[string]map[adapters.Relation]adapters.Holding, error) {
	found := map[string]map[adapters.Relation]adapters.Holding{}
	var mutex sync.Mutex
	err := on(hosts, func(host string, a adapters.Adapter) error {
		session, err := a.Session(ctx)
		if err != nil {
			return err
		}
		held, err := adapters.ReadHoldings(ctx, session, a.Server().Version, relations)
		if err = errors.Join(err, session.Close()); err != nil {
			return err
		}
		mutex.Lock()
		defer mutex.Unlock()
		found[host] = held
		return nil
	})
	return found, err
}

// behind reports whether some replica lacks parts that another one has.
func (s *Survey) behind() bool {
	for host, held := range s.Holdings {
		for r, h := range held {
			if h.Replica == nil {
				continue
			}
			for other, theirs := range s.Holdings {
				o, ok := theirs[r]
				if other != host && ok && o.Replica != nil && o.Replica.Path == h.Replica.Path && len(adapters.LackingParts(h.Parts, o.Parts)) > 0 {
					return true
				}
			}
		}
	}
	return false
}

// replicaNames asks one host of each path which replicas Keeper knows.
func (s *Survey) replicaNames(ctx context.Context, hosts map[string]adapters.Adapter) (map[string][]string, error) {
	askedOf := map[string][]string{} // paths by host
	seen := map[string]bool{}
	for _, host := range slices.Sorted(maps.Keys(s.Holdings)) {
		for _, h := range s.Holdings[host] {
			if h.Replica != nil && !seen[h.Replica.Path] && !h.Replica.ReadOnly {
				seen[h.Replica.Path] = true
				askedOf[host] = append(askedOf[host], h.Replica.Path)
			}
		}
	}
	names := map[string][]string{}
	var mutex sync.Mutex
	err := on(hosts, func(host string, a adapters.Adapter) error {
		if len(askedOf[host]) == 0 {
			return nil
		}
		session, err := a.Session(ctx)
		if err != nil {
			return err
		}
		for _, path := range askedOf[host] {
			found, known, err := adapters.ReadReplicaNames(ctx, session, path)
			if err != nil && (ctx.Err() != nil || lost(err)) {
				return errors.Join(err, session.Close())
			}
			// A user who may not look into Keeper learns less, and no more.
			if err != nil || !known {
				continue
			}
			mutex.Lock()
			names[path] = found
			mutex.Unlock()
		}
		return session.Close()
	})
	return names, err
}

// grantsOn reads the grants on each host. A user who may not read them learns
// nothing of them.
func grantsOn(ctx context.Context, hosts map[string]adapters.Adapter, relations []adapters.Relation) (map[string]map[adapters.Relation][]Grant, error) {
	found := map[string]map[adapters.Relation][]Grant{}
	if len(relations) == 0 {
		return found, nil
	}
	var mutex sync.Mutex
	err := on(hosts, func(host string, a adapters.Adapter) error {
		if !a.Server().Version.Has(adapters.GrantStatement) {
			return nil
		}
		session, err := a.Session(ctx)
		if err != nil {
			return err
		}
		own := map[adapters.Relation][]Grant{}
		for _, r := range relations {
			table, _, err := session.Query(ctx, GrantsStatement(r))
			if adapters.ClassOf(err) == adapters.ClassAccess {
				return session.Close()
			}
			if err != nil {
				return errors.Join(err, session.Close())
			}
			if own[r], err = ReadGrants(table); err != nil {
				return errors.Join(err, session.Close())
			}
		}
		mutex.Lock()
		found[host] = own
		mutex.Unlock()
		return session.Close()
	})
	return found, err
}
