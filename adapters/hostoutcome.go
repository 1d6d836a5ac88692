package adapters

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// HostState is how far a statement is on one host of a cluster.
type HostState string

const (
	// HostDone ran it.
	HostDone HostState = "done"
	// HostFailed refused it, or ran it and failed.
	HostFailed HostState = "failed"
	// HostPending has it in its queue, and will run it when it can: perhaps
	// later and with success, perhaps not.
	HostPending HostState = "pending"
	// HostUnknown may or may not have run it.
	HostUnknown HostState = "unknown"
	// HostUnreached did not get it.
	HostUnreached HostState = "unreached"
)

// HostOutcome is what became of a statement on one host.
type HostOutcome struct {
	Host  Host
	State HostState
	// Err says why, for every state but HostDone.
	Err error
}

// Addr is the host's address as the cluster's definition has it.
func (h Host) Addr() string { return net.JoinHostPort(h.Host, strconv.Itoa(int(h.Port))) }

// HostsError says that a statement has not run on all hosts it was meant for.
type HostsError struct {
	// Outcomes are of all hosts, those that ran it included.
	Outcomes []HostOutcome
}

// In are the outcomes in one of the states.
func (e *HostsError) In(states ...HostState) []HostOutcome { return in(e.Outcomes, states...) }

func in(outcomes []HostOutcome, states ...HostState) []HostOutcome {
	var found []HostOutcome
	for _, o := range outcomes {
		for _, s := range states {
			if o.State == s {
				found = append(found, o)
			}
		}
	}
	return found
}

// Error names every host that is not done.
func (e *HostsError) Error() string {
	var said []string
	for _, o := range e.Outcomes {
		if o.State != HostDone {
			said = append(said, fmt.Sprintf("%s: %s: %v", o.Host.Addr(), o.State, o.Err))
		}
	}
	return fmt.Sprintf("%d of %d hosts are not done: %s", len(said), len(e.Outcomes), strings.Join(said, "; "))
}

// Unwrap is the first failure, or else the first other trouble: it decides the
// error's class.
func (e *HostsError) Unwrap() error {
	for _, state := range []HostState{HostFailed, HostUnknown, HostUnreached, HostPending} {
		for _, o := range e.In(state) {
			return o.Err
		}
	}
	return nil
}

// outcomesError is nil when all hosts are done.
func outcomesError(outcomes []HostOutcome) error {
	if len(in(outcomes, HostDone)) == len(outcomes) {
		return nil
	}
	return &HostsError{Outcomes: outcomes}
}

// OutcomesOf are the outcomes in err's chain, or none.
func OutcomesOf(err error) []HostOutcome {
	var e *HostsError
	if errors.As(err, &e) {
		return e.Outcomes
	}
	return nil
}
