package materialize

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// history is how a snapshot sees what has changed, and what it notes of it.
type history struct {
	// keys are the expressions that tell rows apart.
	keys []string
	// updated is the time of a row's version, as an expression.
	updated string
	// checks are the columns that are compared; all says that all are. Without
	// either, a later updated means a change.
	checks   []string
	checkAll bool
	byTime   bool
	// deletes is what becomes of rows that the SQL no longer returns.
	deletes string
	// openEnd is the end of versions that are current, empty for NULL.
	openEnd string
	names   metaNames
	// now is the time of this run, as an expression.
	now string
	// grown are columns that the table did not have before.
	grown []string
}

// metaNames are the names of the columns that a snapshot adds.
type metaNames struct{ id, updated, from, to, deleted string }

// What becomes of rows that are gone.
const (
	deletesIgnore     = "ignore"
	deletesInvalidate = "invalidate"
	deletesRecord     = "new_record"
)

// history reads the snapshot's config; false when it makes no sense.
func (p *planner) history() (history, bool) {
	cfg := p.in.Node.Config
	h := history{
		keys:    slices.DeleteFunc(cfg.Strings("unique_key"), func(s string) bool { return strings.TrimSpace(s) == "" }),
		updated: strings.TrimSpace(cfg.String("updated_at")), openEnd: strings.TrimSpace(cfg.String("dbt_valid_to_current")),
		now:     fmt.Sprintf("toDateTime(%d)", p.moment().Unix()),
		names:   metaNames{"dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_is_deleted"},
		deletes: deletesIgnore,
	}
	h.rename(cfg.Dict("snapshot_meta_column_names"))
	ok := p.deletes(&h)
	if len(h.keys) == 0 {
		p.wrong("unique_key", "missing-config", p.in.Node.Name+": a snapshot needs a unique_key",
			"without one nobody knows which rows are versions of the same", "add unique_key: a column, an expression or a list of them")
		ok = false
	}
	if !p.mergeTree() {
		p.wrong("engine", "wrong-config-value", fmt.Sprintf("%s: a snapshot does not work with engine %s", p.in.Node.Name, p.engineName()),
			"its rows are only changed in tables of the MergeTree family", "use an engine of that family")
		ok = false
	}
	switch strategy := cfg.String("strategy"); strategy {
	case "timestamp":
		h.byTime = true
		if h.updated == "" {
			p.wrong("updated_at", "missing-config", p.in.Node.Name+": strategy: timestamp needs updated_at",
				"a later time is how it sees that a row has changed", "add updated_at, or use strategy: check")
			ok = false
		}
	case "check":
		ok = p.checkColsOf(&h) && ok
		if h.updated == "" {
			h.updated = h.now
		}
	case "":
		p.wrong("strategy", "missing-config", p.in.Node.Name+": a snapshot needs a strategy",
			"it says how to see that a row has changed", "add strategy: timestamp with updated_at, or strategy: check with check_cols")
		ok = false
	default:
		fix := diag.DidYouMean(strategy, []string{"timestamp", "check"})
		if fix == "" {
			fix = "use timestamp or check"
		}
		p.wrong("strategy", "not-yet-supported", fmt.Sprintf("%s: strategy: %s cannot be run yet", p.in.Node.Name, strategy),
			"strategies of a project's own are not run yet", fix)
		ok = false
	}
	return h, ok
}

// moment is when all that a run finds has happened.
func (p *planner) moment() time.Time {
	if p.in.Turn.After(p.in.Invocation.StartedAt) {
		return p.in.Turn
	}
	return p.in.Invocation.StartedAt
}

func (h *history) rename(names *value.Dict) {
	if names == nil {
		return
	}
	for key, name := range map[string]*string{
		"dbt_scd_id": &h.names.id, "dbt_updated_at": &h.names.updated, "dbt_valid_from": &h.names.from,
		"dbt_valid_to": &h.names.to, "dbt_is_deleted": &h.names.deleted,
	} {
		if v, ok := names.Get(key); ok && v != nil && value.Str(v) != "" {
			*name = value.Str(v)
		}
	}
}

// deletes reads hard_deletes and its older form.
func (p *planner) deletes(h *history) bool {
	cfg := p.in.Node.Config
	written := strings.ToLower(cfg.String("hard_deletes"))
	if written == "" {
		if cfg.Bool("invalidate_hard_deletes", false) {
			h.deletes = deletesInvalidate
		}
		return true
	}
	known := []string{deletesIgnore, deletesInvalidate, deletesRecord}
	if h.deletes = written; slices.Contains(known, written) {
		return true
	}
	fix := diag.DidYouMean(written, known)
	if fix == "" {
		fix = "use " + strings.Join(known, ", ")
	}
	p.wrong("hard_deletes", "wrong-config-value", fmt.Sprintf("%s: hard_deletes: %s is not known", p.in.Node.Name, written), "", fix)
	return false
}

// checkColsOf reads check_cols.
func (p *planner) checkColsOf(h *history) bool {
	for _, c := range p.in.Node.Config.Strings("check_cols") {
		if c = unquoted(strings.TrimSpace(c)); c != "" {
			h.checks = append(h.checks, c)
		}
	}
	if len(h.checks) == 0 {
		p.wrong("check_cols", "missing-config", p.in.Node.Name+": strategy: check needs check_cols",
			"they are compared to see whether a row has changed", "add check_cols: all, or a list of columns")
		return false
	}
	if len(h.checks) == 1 && h.checks[0] == "all" {
		h.checks, h.checkAll = nil, true
	}
	return true
}

// unquoted is a column's name without quotes around it.
func unquoted(name string) string {
	for _, q := range []string{"`", `"`} {
		if len(name) > 1 && strings.HasPrefix(name, q) && strings.HasSuffix(name, q) {
			return name[1 : len(name)-1]
		}
	}
	return name
}

// meta are the columns that the snapshot adds.
func (h history) meta() []string {
	names := []string{h.names.id, h.names.updated, h.names.from, h.names.to}
	if h.deletes == deletesRecord {
		names = append(names, h.names.deleted)
	}
	return names
}

// checksKnown reports columns of check_cols that the SQL does not return.
func (h history) checksKnown(p *planner) bool {
	known := make([]string, len(p.in.Columns))
	for i, c := range p.in.Columns {
		known[i] = c.Name
	}
	for _, c := range h.checks {
		if !slices.Contains(known, c) {
			p.wrong("check_cols", "unknown-column", fmt.Sprintf("%s: check_cols: the SQL returns no column %s", p.in.Node.Name, adapters.QuoteIdent(c)),
				"", diag.DidYouMean(c, known))
			return false
		}
	}
	return true
}
