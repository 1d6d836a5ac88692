package invocation

import (
	"context"
	"fmt"
	"sync"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/cmd/internal/event"
	"github.com/chmod-sql/chmod/compiler"
)

// warehouse is what templates may ask of the target: the compiler's Warehouse
// over an adapter. It is safe for concurrent use.
type warehouse struct {
	invocation *Invocation
	adapter    adapters.Adapter
	// reads is set where nothing may be changed.
	reads     bool
	mu        sync.Mutex
	relations map[string][]compiler.Relation
}

func (i *Invocation) warehouse(adapter adapters.Adapter) *warehouse {
	return &warehouse{invocation: i, adapter: adapter, relations: map[string][]compiler.Relation{}}
}

// Query runs a statement of a template.
func (w *warehouse) Query(ctx context.Context, sql string) (*compiler.QueryResult, error) {
	if w.reads && !onlyReads(sql) {
		return nil, &changeError{sql: sql}
	}
	session, err := w.adapter.Session(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	statement := adapters.Statement{SQL: sql, Comment: w.invocation.comment("")}
	w.invocation.events.Send(event.StatementStarted{Purpose: "query of a template", Statement: statement})
	table, summary, err := session.Query(ctx, statement)
	w.invocation.events.Send(event.StatementFinished{Summary: summary, Err: err})
	if closeErr := session.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	w.forget()
	result := &compiler.QueryResult{Message: "OK", QueryID: summary.QueryID}
	if table != nil {
		result.Rows = table.Rows
		for _, c := range table.Columns {
			result.Columns = append(result.Columns, compiler.QueryColumn{Name: c.Name, Type: c.Type})
		}
	}
	return result, nil
}

// Relations lists what a database holds. It is read once and again after
// anything that may have changed it.
func (w *warehouse) Relations(ctx context.Context, schema string) ([]compiler.Relation, error) {
	w.mu.Lock()
	known, ok := w.relations[schema]
	w.mu.Unlock()
	if ok {
		return known, nil
	}
	catalog, err := w.adapter.Catalog(ctx, []string{schema})
	if err != nil {
		return nil, fmt.Errorf("read the tables of %s: %w", schema, err)
	}
	found := []compiler.Relation{}
	for name, t := range catalog.Databases[schema].Tables {
		found = append(found, compiler.Relation{Schema: schema, Name: name, Kind: kind(t)})
	}
	w.mu.Lock()
	w.relations[schema] = found
	w.mu.Unlock()
	return found, nil
}

// forget drops what was read: something has been built since.
func (w *warehouse) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.relations)
}

// kind is dbt's word for a table's engine.
func kind(t adapters.TableInfo) string {
	switch t.Engine {
	case "View":
		return "view"
	case "MaterializedView":
		return "materialized_view"
	case "Dictionary":
		return "dictionary"
	}
	return "table"
}
