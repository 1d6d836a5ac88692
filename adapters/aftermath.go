package adapters

import "errors"

// Aftermath is what a failure that may pass has left behind: it decides
// whether the statement may be sent again.
type Aftermath string

const (
	// Final failures are not the moment's: the same would happen again.
	Final Aftermath = ""
	// Refused statements were not begun. Any of them may be sent again.
	Refused Aftermath = "refused"
	// Ended statements run no more. Part of what they did may stay: only what
	// may be done twice is sent again, or what is undone first.
	Ended Aftermath = "ended"
	// Lost statements may still run: nobody has heard how they ended.
	Lost Aftermath = "lost"
)

// AftermathOf is what the ServerError in err's chain has left; Final without
// one.
func AftermathOf(err error) Aftermath {
	var s *ServerError
	switch {
	case !errors.As(err, &s) || s.Class == ClassCancelled && s.Code == 0:
		return Final
	case s.Code != 0:
		return passing(s.Code)
	case s.Class != ClassNetwork:
		return Final
	case s.Unsent:
		return Refused
	case s.Over:
		return Ended
	}
	return Lost
}

// passing tells which of ClickHouse's errors are the moment's.
func passing(code int) Aftermath {
	switch code {
	case
		202, // TOO_MANY_SIMULTANEOUS_QUERIES: before anything is done
		203, // NO_FREE_CONNECTION
		373, // SESSION_IS_LOCKED: by a statement that has just ended
		473, // DEADLOCK_AVOIDED: the lock of a table was waited for in vain
		517, // CANNOT_ASSIGN_ALTER: another ALTER is being written
		745: // SERVER_OVERLOADED: before anything is done
		return Refused
	case
		32,  // ATTEMPT_TO_READ_AFTER_EOF: of a connection to another server
		198, // DNS_ERROR
		209, // SOCKET_TIMEOUT: to another server, or to the client
		210, // NETWORK_ERROR: to another server, or to the client
		225, // NO_ZOOKEEPER
		236, // ABORTED: the server is being shut down, or a merge was in the way
		241, // MEMORY_LIMIT_EXCEEDED: others may be done soon
		242, // TABLE_IS_READ_ONLY: it has no session with Keeper now
		252, // TOO_MANY_PARTS: merges have to catch up
		279, // ALL_CONNECTION_TRIES_FAILED
		285, // TOO_FEW_LIVE_REPLICAS
		286, // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
		319, // UNKNOWN_STATUS_OF_INSERT: Keeper did not say whether it has it
		384, // PART_IS_TEMPORARILY_LOCKED
		425, // SYSTEM_ERROR: the system would not, for now
		439, // CANNOT_SCHEDULE_TASK: no thread is free
		499, // S3_ERROR
		571, // DATABASE_REPLICATION_FAILED
		735, // QUERY_WAS_CANCELLED_BY_CLIENT: the connection was lost
		999: // KEEPER_EXCEPTION
		return Ended
	}
	return Final
}

// Again is that a statement failed for the moment and is tried again, or that
// its outcome is waited for.
type Again struct {
	// Err is why.
	Err error
	// Attempt counts from 1; it is 0 when the statement is not sent again, but
	// looked for on the server.
	Attempt, Attempts int
}
