package materialize

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/chmod-sql/chmod/adapters"
)

// Names of tables that a build makes for itself read
//
//	<table>__chmod_<role><start><host><process><id>
//
// with one letter for the role, the start of the invocation in milliseconds
// (9 digits), a hash of the host (7), the process id (5) and a part of the
// invocation's id (6), all in base 36. The name alone tells who made the table
// and whether that process can still be alive, on servers without comments too.
const (
	stampMark   = "__chmod_"
	startDigits = 9
	hostDigits  = 7
	pidDigits   = 5
	idDigits    = 6
	stampLength = len(stampMark) + 1 + startDigits + hostDigits + pidDigits + idDigits
)

// Role is what a build uses a table for.
type Role byte

const (
	RoleStaging Role = 's' // the new table, until the swap; the old one after it
	RoleOld     Role = 'o' // the old table, set aside by a swap of two renames
	RoleText    Role = 't' // a seed's cells as text, before the server casts them
	RoleSpread  Role = 'd' // the Distributed table that fills a sharded staging table
	RoleFront   Role = 'f' // the new Distributed table, until it takes the old one's place
	RoleNew     Role = 'n' // the new rows of an incremental model, until they are all there
	RoleWork    Role = 'w' // partitions of an incremental model as they will be, until all are
	RoleMerged  Role = 'g' // its new rows with what old ones keep, until they are all there
	RoleLookup  Role = 'j' // their values by their keys, while rows are updated
	RoleKept    Role = 'k' // what a table was before it was replaced; see Rollback
	// RoleOnItsWay is what is kept while a rollback exchanges it.
	RoleOnItsWay Role = 'r'
	// What is named so is complete: it takes its place, by the next run if need
	// be.
	RoleReplace   Role = 'p' // partitions that replace those of the table
	RoleOverwrite Role = 'v' // the same, on every shard
	RoleMove      Role = 'm' // partitions whose rows are moved into the table
	RoleMerge     Role = 'u' // rows by which those of the table are updated
)

// roles are all there are.
const roles = "sotdfnwpvmgjukr"

// publishes reports whether a table of that role holds rows that are to be put
// in place, come what may.
func (r Role) publishes() bool {
	return r == RoleReplace || r == RoleOverwrite || r == RoleMove || r == RoleMerge
}

// Stamp is who made a table, as its name tells.
type Stamp struct {
	Role      Role
	StartedAt time.Time // to the millisecond
	Host      uint32
	PID       int
	ID        string
}

func (i Invocation) stamp(role Role) Stamp {
	id := uint64(0)
	for _, b := range i.ID[10:] {
		id = id<<8 | uint64(b)
	}
	return Stamp{
		Role: role, StartedAt: i.StartedAt.UTC().Truncate(time.Millisecond), Host: hash(i.Host), PID: i.PID,
		ID: base36(id, idDigits),
	}
}

// name is the name of the invocation's own table for another one.
func (s Stamp) name(database, table string) string {
	var b strings.Builder
	b.WriteString(stagingBase(database, table))
	b.WriteString(stampMark)
	b.WriteByte(byte(s.Role))
	b.WriteString(s.Of())
	return b.String()
}

// Of is the stamp without its role: what all tables of one invocation have in
// common.
func (s Stamp) Of() string {
	return base36(uint64(s.StartedAt.UnixMilli()), startDigits) + base36(uint64(s.Host), hostDigits) +
		base36(uint64(s.PID), pidDigits) + s.ID
}

// Stamp is what the names of the invocation's own tables have in common, and
// the ids of its queries.
func (i Invocation) Stamp() string { return i.stamp(RoleStaging).Of() }

// queryMark begins the id of a query of a plan.
const queryMark = "chmod-"

// queryID is an id for a query that tells whose it is, and that no other has.
func (i Invocation) queryID() string {
	if i.ID == uuid.Nil {
		return uuid.NewString()
	}
	return queryMark + i.Stamp() + "-" + uuid.NewString()[:13]
}

// QueryStamp is the stamp of the invocation that a query is of, by its id;
// false for those of others than chmod.
func QueryStamp(queryID string) (Stamp, bool) {
	tail, found := strings.CutPrefix(queryID, queryMark)
	if length := stampLength - len(stampMark) - 1; found && len(tail) > length {
		return ParseStamp(tail[:length])
	}
	return Stamp{}, false
}

// ParseStamp reads what Of writes.
func ParseStamp(of string) (Stamp, bool) {
	_, s, ok := ParseStaging("x" + stampMark + string(RoleStaging) + of)
	return s, ok
}

// uuidOf is the UUID of the invocation's own table on all hosts that have to
// agree on one.
func (i Invocation) uuidOf(r adapters.Relation) string {
	return uuid.NewSHA1(i.ID, []byte(r.String())).String()
}

// began is when the invocation began, as plans and comparisons say it.
func (s Stamp) began() string { return s.StartedAt.Format("2006-01-02 15:04:05") + " UTC" }

// ParseStaging reads such a name: the table it was made for, shortened when
// that name is very long, and by whom. It is false for all other names.
func ParseStaging(name string) (base string, s Stamp, ok bool) {
	if len(name) <= stampLength {
		return "", s, false
	}
	base, tail := name[:len(name)-stampLength], name[len(name)-stampLength:]
	tail, found := strings.CutPrefix(tail, stampMark)
	if !found {
		return "", s, false
	}
	s.Role, tail = Role(tail[0]), tail[1:]
	if strings.IndexByte(roles, byte(s.Role)) < 0 {
		return "", s, false
	}
	var fields [4]uint64
	for i, digits := range []int{startDigits, hostDigits, pidDigits, idDigits} {
		n, err := strconv.ParseUint(tail[:digits], 36, 64)
		if err != nil || base36(n, digits) != tail[:digits] {
			return "", s, false
		}
		fields[i] = n
		if i == 3 {
			s.ID = tail[:digits]
		}
		tail = tail[digits:]
	}
	s.StartedAt, s.Host, s.PID = time.UnixMilli(int64(fields[0])).UTC(), uint32(fields[1]), int(fields[2])
	return base, s, true
}

// stagingBase is the table's name, or, when the name made of it would be too
// long for a file name, its beginning and a hash. Servers keep a table in files
// named after it, and a dropped one in a file that also names the database.
func stagingBase(database, table string) string {
	room := max(206-escapedLength(database), 80) - stampLength
	if escapedLength(table) <= room {
		return table
	}
	suffix := fmt.Sprintf("_%08x", hash(table))
	room -= len(suffix)
	end := 0
	for i, r := range table {
		next := i + utf8.RuneLen(r)
		if r == utf8.RuneError || escapedLength(table[:next]) > room {
			break
		}
		end = next
	}
	return table[:end] + suffix
}

// escapedLength is how long a name is as a file name: the server writes other
// bytes than letters, digits and the underscore as %XX.
func escapedLength(name string) int {
	n := 0
	for i := range len(name) {
		c := name[i]
		if c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			n++
		} else {
			n += 3
		}
	}
	return n
}

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s)) // never fails
	return h.Sum32()
}

// base36 writes the last digits of n, padded with zeros.
func base36(n uint64, digits int) string {
	s := strconv.FormatUint(n, 36)
	if len(s) >= digits {
		return s[len(s)-digits:]
	}
	return strings.Repeat("0", digits-len(s)) + s
}
