package main

import (
	"fmt"
	"strings"
)

// loads is what incremental loads cost.
func (r *Report) loads(b *strings.Builder) {
	l := r.Loads
	if l == nil {
		return
	}
	fmt.Fprintf(b, "\n## Incremental loads\n\nA fact of %s rows in %d daily partitions, `ORDER BY (id, account)`, gets %s new rows in its last day and %s changed ones in\n"+
		"its last %d. Each load starts from the same %[1]s rows, and its result is compared with a recomputation, by the number and the hash\n"+
		"of all rows. Rows and bytes are the server's own count, all statements of the tool and the mutations they led to: read bytes are\n"+
		"uncompressed, written ones are those to disk. A tool's process is timed from start to end. `append` gets the new rows only;\n"+
		"`insert_overwrite` reads the partitions that it writes, in its SQL, which is the same for both.\n\n"+
		"| tool | `incremental_strategy` | statements | rows read | bytes read | rows inserted | rows in mutated parts | bytes written | time |\n"+
		"|---|---|---:|---:|---:|---:|---:|---:|---:|\n",
		thousands(l.Rows), l.Days, thousands(l.New), thousands(l.Changed), l.Touched)
	fmt.Fprintf(b, "| least possible | a bare `INSERT` | %s | |\n", l.Least)
	for _, x := range l.All {
		if x.Error != "" {
			fmt.Fprintf(b, "| %s | `%s` | failed: %s | | | | | | |\n", x.Tool, x.Strategy, strings.ReplaceAll(oneLine(x.Error), "|", "\\|"))
			continue
		}
		fmt.Fprintf(b, "| %s | `%s` | %s | %.2f s |\n", x.Tool, x.Strategy, x.Work, x.Cost.Seconds)
	}
}

// String is work as cells of a table.
func (w Work) String() string {
	return fmt.Sprintf("%d | %s | %.1f MB | %s | %s | %.1f MB", w.Statements, thousands(int(w.ReadRows)), float64(w.ReadBytes)/1e6,
		thousands(int(w.InsertedRows)), thousands(int(w.MutatedRows)), float64(w.WrittenBytes)/1e6)
}
