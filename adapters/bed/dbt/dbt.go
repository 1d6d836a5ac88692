// Package dbt holds the statements that dbt-clickhouse sends to a cluster, and
// runs them on a bed, so that what readers see of its builds can be compared.
//
// Its main type is Recording: the statements of one call of dbt, as it sent
// them to a current server (see record_test.go for how), which Read finds by
// name. Old changes as little of them as the old servers of a bed need. The
// package refuses to run dbt itself: the old servers do not understand what it
// asks of them before it builds anything.
package dbt

import (
	"embed"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

//go:embed testdata
var recorded embed.FS

// Database is the one that recordings are of.
const Database = "shop"

// Recording is what one call of dbt sent to build one model: all statements
// but those that only read, in order.
type Recording struct {
	// About says how it was made: versions, command, what was faked.
	About      string
	Statements []string
}

// Read finds a recording.
func Read(name string) (Recording, error) {
	text, err := recorded.ReadFile("testdata/" + name + ".txtar")
	if err != nil {
		return Recording{}, fmt.Errorf("find the recording %s: %w", name, err)
	}
	a := txtar.Parse(text)
	r := Recording{About: string(a.Comment)}
	for _, f := range a.Files {
		r.Statements = append(r.Statements, strings.TrimSpace(string(f.Data)))
	}
	return r, nil
}
