package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// Loads is what an incremental load of a large fact costs the server, by
// strategy, with chmod and with dbt.
type Loads struct {
	generate.Fact
	// Least is a bare INSERT of the new and changed rows into an empty table:
	// nothing can write less.
	Least Work   `json:"least"`
	All   []Load `json:"loads"`
}

// Load is one load by one tool.
type Load struct {
	Tool     string `json:"tool"`
	Strategy string `json:"strategy"`
	Cost     Cost   `json:"cost"` // of the process
	Work     Work   `json:"work"`
	// Error is why there are no figures.
	Error string `json:"error,omitempty"`
}

// Work is what the server did for a load, mutations included, by its logs.
type Work struct {
	Statements   uint64 `json:"statements"`
	ReadRows     uint64 `json:"read_rows"`
	ReadBytes    uint64 `json:"read_bytes"` // uncompressed
	InsertedRows uint64 `json:"inserted_rows"`
	MutatedRows  uint64 `json:"mutated_rows"`  // of parts that a mutation wrote again
	WrittenBytes uint64 `json:"written_bytes"` // to disk
}

// factDatabase is that of the generated profile.
const factDatabase = generate.Name

// contest is a tool with the strategies that it has.
type contest struct {
	tool       string
	strategies []string
	program    func(dir, model string) program
}

func (b *bench) loads(ctx context.Context, e *engine, dbt dbtTools) (*Loads, error) {
	l := &Loads{Fact: generate.FactOf(b.options.factRows)}
	b.tell("a fact of %d rows", l.Rows)
	for _, sql := range l.Base(factDatabase) {
		if err := e.connection.Exec(ctx, sql); err != nil {
			return nil, fmt.Errorf("make the fact: %w", err)
		}
	}
	var err error
	if l.Least, err = b.least(ctx, e); err != nil {
		return nil, err
	}
	if want := uint64(l.New + l.Changed); l.Least.InsertedRows != want {
		return nil, fmt.Errorf("the load has %d rows, not %d", l.Least.InsertedRows, want)
	}
	contests := []contest{{
		"chmod", []string{"append", "delete+insert", "insert_overwrite", "merge", "replace"},
		func(dir, model string) program { return b.chmod(dir, e, "run", "--quiet", "--select", model) },
	}}
	if dbt.path != "" {
		contests = append(contests, contest{
			"dbt", []string{"append", "delete+insert", "insert_overwrite", "legacy"},
			func(dir, model string) program { return b.dbtRun(dbt.path, dir, model, e) },
		})
	}
	for _, c := range contests {
		dir := filepath.Join(b.options.work, "fact-"+c.tool)
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("remove an earlier project: %w", err)
		}
		if err := l.Write(dir, c.strategies); err != nil {
			return nil, err
		}
		for _, strategy := range c.strategies {
			load := Load{Tool: c.tool, Strategy: strategy}
			if err := b.load(ctx, e, l.Fact, c.program(dir, l.Model(strategy)), &load); err != nil {
				if ctx.Err() != nil {
					return l, err
				}
				load.Error = err.Error()
			}
			b.tell("%-6s %-17s %8.3f s  %11d rows read  %9d inserted  %9d mutated  %6d MB written  %s", load.Tool, load.Strategy,
				load.Cost.Seconds, load.Work.ReadRows, load.Work.InsertedRows, load.Work.MutatedRows, load.Work.WrittenBytes>>20, tail(load.Error, 300))
			l.All = append(l.All, load)
		}
	}
	return l, nil
}

// least is the work of a bare INSERT of the rows that are to come.
func (b *bench) least(ctx context.Context, e *engine) (Work, error) {
	if err := e.connection.Exec(ctx, "CREATE TABLE "+factDatabase+".least AS "+factDatabase+".base"); err != nil {
		return Work{}, fmt.Errorf("make the table of the bare insert: %w", err)
	}
	since, err := e.now(ctx)
	if err != nil {
		return Work{}, err
	}
	if err := e.connection.Exec(ctx, "INSERT INTO "+factDatabase+".least SELECT * FROM "+factDatabase+".changes"); err != nil {
		return Work{}, fmt.Errorf("insert the rows: %w", err)
	}
	return e.work(ctx, since)
}

// load fills a model's table as if it had been built from the base, lets the
// tool load it and looks at what has come of it.
func (b *bench) load(ctx context.Context, e *engine, f generate.Fact, run program, load *Load) error {
	if _, err := run.once(ctx); err != nil {
		return fmt.Errorf("build the empty table: %w", err)
	}
	model := factDatabase + "." + f.Model(load.Strategy)
	defer func() {
		_ = e.connection.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+model+" SYNC") // the database is dropped at the end
	}()
	if err := e.fill(ctx, model, load); err != nil {
		return err
	}
	since, err := e.now(ctx)
	if err != nil {
		return err
	}
	if load.Cost, err = run.once(ctx); err != nil {
		return err
	}
	if load.Work, err = e.work(ctx, since); err != nil {
		return err
	}
	return e.loaded(ctx, f, model, load.Strategy == "append")
}

// fill puts the base into an empty table. The parts are linked, from a copy that
// is made once for each tool: it must be defined in the words of the tool.
func (e *engine) fill(ctx context.Context, model string, load *Load) error {
	base := factDatabase + ".base_" + load.Tool
	attach := "ALTER TABLE " + model + " ATTACH PARTITION ALL FROM " + base
	switch load.Strategy {
	case "replace":
		attach = "ALTER TABLE " + model + "__versions ATTACH PARTITION ALL FROM " + base
	case "merge": // needs columns of its own in each part
		attach = "INSERT INTO " + model + " SELECT * FROM " + base
	}
	statements := []string{attach}
	if load.Strategy == "append" { // the first one
		statements = []string{
			"CREATE TABLE " + base + " AS " + model, "SYSTEM STOP MERGES " + base,
			"INSERT INTO " + base + " SELECT * FROM " + factDatabase + ".base", attach,
		}
	}
	for _, sql := range statements {
		if err := e.connection.Exec(ctx, sql); err != nil {
			return fmt.Errorf("fill the table: %w", err)
		}
	}
	return nil
}

// loaded checks that the rows are those that they should be.
func (e *engine) loaded(ctx context.Context, f generate.Fact, table string, appendOnly bool) error {
	var rows, wantRows, hash, wantHash uint64
	if err := e.connection.QueryRow(ctx, f.Fingerprint(table)).Scan(&rows, &hash); err != nil {
		return fmt.Errorf("read the loaded rows: %w", err)
	}
	if err := e.connection.QueryRow(ctx, f.Expected(factDatabase, appendOnly)).Scan(&wantRows, &wantHash); err != nil {
		return fmt.Errorf("compute the rows that there should be: %w", err)
	}
	if rows != wantRows || hash != wantHash {
		return fmt.Errorf("%s has other rows than it should: %d, not %d", table, rows, wantRows)
	}
	return nil
}

func (e *engine) now(ctx context.Context) (t time.Time, err error) {
	if err := e.connection.QueryRow(ctx, "SELECT now64(6)").Scan(&t); err != nil {
		return t, fmt.Errorf("ask for the server's time: %w", err)
	}
	return t, nil
}

// work adds up what the server's logs say since then. It has no other clients.
func (e *engine) work(ctx context.Context, since time.Time) (w Work, err error) {
	if err := e.connection.Exec(ctx, "SYSTEM FLUSH LOGS"); err != nil {
		return w, fmt.Errorf("flush the server's logs: %w", err)
	}
	after := fmt.Sprintf("event_time_microseconds > fromUnixTimestamp64Micro(%d)", since.UnixMicro())
	err = e.connection.QueryRow(ctx, `SELECT count(), sum(read_rows), sum(read_bytes), sum(ProfileEvents['InsertedRows']),
	sum(ProfileEvents['WriteBufferFromFileDescriptorWriteBytes'])
FROM system.query_log WHERE type IN ('QueryFinish', 'ExceptionWhileProcessing') AND query_kind != 'System' AND `+after).
		Scan(&w.Statements, &w.ReadRows, &w.ReadBytes, &w.InsertedRows, &w.WrittenBytes)
	if err != nil {
		return w, fmt.Errorf("read the server's log of queries: %w", err)
	}
	var rows, bytes, written uint64
	err = e.connection.QueryRow(ctx, `SELECT sum(rows), sum(read_rows), sum(read_bytes), sum(ProfileEvents['WriteBufferFromFileDescriptorWriteBytes'])
FROM system.part_log WHERE event_type = 'MutatePart' AND database = '`+factDatabase+`' AND read_rows > 0 AND `+after).
		Scan(&w.MutatedRows, &rows, &bytes, &written)
	if err != nil {
		return w, fmt.Errorf("read the server's log of parts: %w", err)
	}
	w.ReadRows, w.ReadBytes, w.WrittenBytes = w.ReadRows+rows, w.ReadBytes+bytes, w.WrittenBytes+written
	return w, nil
}

// dbtRun is a call of dbt that builds one model.
func (b *bench) dbtRun(dbt, dir, model string, e *engine) program {
	return program{
		args: []string{
			dbt, "--quiet", "run", "--select", model, "--project-dir", dir, "--profiles-dir", dir,
			"--target-path", filepath.Join(b.options.work, "dbt-target"), "--log-path", filepath.Join(b.options.work, "dbt-logs"),
		},
		env: append([]string{"DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DO_NOT_TRACK=1"}, e.env...),
	}
}
