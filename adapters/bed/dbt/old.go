package dbt

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"
)

// Target is what a recording is run for instead of what it was made for.
type Target struct {
	Database string
	// Generation is that of the rows.
	Generation uint64
}

// Old are the statements for a server of version 18.16, with the least that
// has to change:
//
//   - CREATE ... EMPTY AS (query) names the columns and types, which are always
//     the same, instead of the query;
//   - {uuid} in a path in Keeper is a UUID, the same on all hosts;
//   - a setting of a table is a number instead of a text;
//   - DROP has no SYNC;
//   - EXCHANGE TABLES a AND b is a RENAME of the two by way of a third name, in
//     one statement: the best that this server can do;
//   - SYSTEM SYNC REPLICA has no ON CLUSTER (see Everywhere);
//   - CREATE OR REPLACE is DROP and CREATE, and a view's query has no
//     parentheses;
//   - DELETE FROM is ALTER TABLE ... DELETE.
func (r Recording) Old(t Target) []string {
	var all []string
	for _, s := range r.Statements {
		s = strings.ReplaceAll(s, "`"+Database+"`", "`"+t.Database+"`")
		s = strings.ReplaceAll(s, " "+Database+".", " "+t.Database+".")
		s = strings.ReplaceAll(s, "'"+Database+"'", "'"+t.Database+"'")
		s = generation.ReplaceAllString(s, fmt.Sprintf("toUInt64(%d)", t.Generation))
		s = strings.ReplaceAll(s, "{uuid}", uuid.NewString())
		s = endOfSQL.ReplaceAllString(s, "")
		s = number.ReplaceAllString(s, "$1 = $2")
		s = deleting.ReplaceAllString(s, "ALTER TABLE $1 $2 DELETE WHERE")
		if m := emptyAs.FindStringSubmatch(s); m != nil {
			s = m[1] + " (id UInt64, generation UInt64) " + m[2]
		}
		if m := exchange.FindStringSubmatch(s); m != nil {
			third := fmt.Sprintf("`%s`.`third_%s`", t.Database, strings.ReplaceAll(uuid.NewString(), "-", ""))
			s = fmt.Sprintf("RENAME TABLE %[1]s TO %[3]s, %[2]s TO %[1]s, %[3]s TO %[2]s %[4]s", m[1], m[2], third, m[3])
		}
		if m := replacing.FindStringSubmatch(s); m != nil {
			all = append(all, strings.TrimSpace("DROP TABLE IF EXISTS "+m[2]+" "+m[3]))
			s = "CREATE" + m[1] + m[2] + s[len(m[0])-len(m[3]):]
		}
		s = viewOf.ReplaceAllString(s, "$1 as $2")
		if dropping.MatchString(s) {
			s = inSync.ReplaceAllString(s, "")
		}
		all = append(all, strings.TrimSpace(s))
	}
	return all
}

var (
	generation = regexp.MustCompile(`toUInt64\(\d+\)`)
	endOfSQL   = regexp.MustCompile(`(?m)^-- end_of_sql$\n?`)
	number     = regexp.MustCompile(`(replicated_deduplication_window)='(\d+)'`)
	emptyAs    = regexp.MustCompile(`(?is)^(create table \S+(?:\s+on cluster \S+)?)\s+(.*?)\s*\bempty\s+as\s*\(.*\)$`)
	exchange   = regexp.MustCompile(`(?is)^EXCHANGE TABLES (\S+) AND (\S+)\s*(.*)$`)
	viewOf     = regexp.MustCompile(`(?is)^(create view .*?)\s+as\s+\(\s*(.*?)\s*\)$`)
	dropping   = regexp.MustCompile(`(?i)^drop\b`)
	inSync     = regexp.MustCompile(`(?i)\s+SYNC$`)
	replacing  = regexp.MustCompile(`(?is)^CREATE OR REPLACE( TABLE | VIEW )(\S+)(\s+on cluster \S+)?`)
	deleting   = regexp.MustCompile(`(?is)^DELETE FROM (\S+)(\s+ON CLUSTER \S+)?\s+WHERE`)
)

var syncing = regexp.MustCompile(`(?is)^SYSTEM SYNC REPLICA\s+ON CLUSTER \S+\s+(\S+)$`)

// Everywhere is the statement to run on each host by itself, for one that has
// ON CLUSTER on current servers only; false for all others.
func Everywhere(sql string) (string, bool) {
	if m := syncing.FindStringSubmatch(sql); m != nil {
		return "SYSTEM SYNC REPLICA " + m[1], true
	}
	return "", false
}
