package materialize_test

import (
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"
)

// customer is a row that a snapshot is of. Texts of "-" are NULL.
type customer struct {
	id, region, name string
	at               int64
	points           int
}

// period is one version of a row, and when it was current.
type period struct {
	customer
	version     uint64
	since, till int64 // till is 0 while it is current
	deleted     string
}

// scd2 is how a snapshot is to see what has changed; it is written from what
// the docs say, and knows nothing of SQL.
type scd2 struct {
	byTime, byAll bool
	// dated says that versions begin at the row's own time.
	dated   bool
	checked []string
	key     []string
	deletes string
}

// past is what a snapshot's table may hold.
type past struct {
	there bool
	// points and deleted are whether it has these columns.
	points, deleted bool
	periods         []period
}

func (c customer) field(name string) string {
	return map[string]string{"id": c.id, "region": c.region, "name": c.name, "at": fmt.Sprint(c.at), "points": fmt.Sprint(c.points)}[name]
}

func (h scd2) keyOf(c customer) string {
	var parts []string
	for _, k := range h.key {
		parts = append(parts, c.field(k))
	}
	return strings.Join(parts, "|")
}

// versionOf is the id of a version that begins at a time, of a row with a key;
// that of a row that is gone is of the version before it.
func versionOf(of string, since int64) uint64 {
	sum := md5.Sum([]byte(strings.ReplaceAll(of, "-", "") + "|" + time.Unix(since, 0).UTC().Format(time.DateTime)))
	return binary.BigEndian.Uint64(sum[:])
}

// after is the past after one more run, at some time, over some rows; points
// says that the SQL returns that column.
func (h scd2) after(p past, rows []customer, now int64, points bool) past {
	next := past{there: true, points: p.points || points, deleted: p.deleted || h.deletes == "new_record"}
	grown := p.there && points && !p.points
	fresh := map[string]customer{}
	for _, c := range rows {
		if !points {
			c.points = 0
		}
		fresh[h.keyOf(c)] = c
	}
	begin := func(c customer) {
		v := period{customer: c, since: now}
		if h.dated {
			v.since = c.at
		}
		if v.version = versionOf(h.keyOf(c), v.since); h.deletes == "new_record" {
			v.deleted = "False"
		}
		next.periods = append(next.periods, v)
	}
	current := map[string]bool{}
	for _, v := range p.periods {
		if v.till != 0 {
			next.periods = append(next.periods, v)
			continue
		}
		key := h.keyOf(v.customer)
		current[key] = true
		c, ok := fresh[key]
		records := h.deletes == "new_record"
		recorded := records && v.deleted == "True"
		switch {
		case ok && (recorded || h.changed(v, c, points, grown)):
			v.till = now
			if h.dated {
				v.till = c.at
			}
			begin(c)
		case !ok && !recorded && h.deletes != "ignore":
			v.till = now
			if records {
				gone := v
				gone.since, gone.till, gone.deleted = now, 0, "True"
				gone.version = versionOf(fmt.Sprint(v.version), now)
				next.periods = append(next.periods, gone)
			}
		}
		next.periods = append(next.periods, v)
	}
	for key, c := range fresh {
		if !current[key] {
			begin(c)
		}
	}
	return next
}

func (h scd2) changed(v period, c customer, points, grown bool) bool {
	if h.byTime {
		return c.at > v.since
	}
	checked := h.checked
	if h.byAll {
		checked = []string{"id", "region", "name", "at"}
		if points {
			checked = append(checked, "points")
		}
		if grown {
			return true
		}
	}
	return slices.ContainsFunc(checked, func(name string) bool { return c.field(name) != v.field(name) })
}

// lines are the periods as text, in an order of their own.
func (p past) lines() []string {
	lines := make([]string, 0, len(p.periods)+1)
	for _, v := range p.periods {
		line := fmt.Sprintf("%s %s %s %d %d %d %d..%d %s", v.id, v.region, v.name, v.at, v.points, v.version, v.since, v.till, v.deleted)
		lines = append(lines, strings.TrimSpace(line))
	}
	slices.Sort(lines)
	return append(lines, fmt.Sprintf("there %v, points %v, deleted %v", p.there, p.points, p.deleted))
}
