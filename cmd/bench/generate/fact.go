package generate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Fact is a fact of many rows with a day each, and a load that adds rows to its
// last day and changes rows of its last days.
type Fact struct {
	Rows, Days int
	// New rows come in the last day; Changed ones are spread over Touched days,
	// the last one included.
	New, Changed, Touched int
}

// FactOf is a fact of so many rows, and a load of a thousandth of them.
func FactOf(rows int) Fact {
	return Fact{Rows: rows, Days: 100, New: rows / 2000, Changed: rows / 2000, Touched: 3}
}

const factColumns = "id, account, amount, day, arrived"

// Base are statements that make the fact as it was loaded first.
func (f Fact) Base(database string) []string {
	create := "CREATE TABLE " + database + ".%s (id UInt64, account UInt32, amount Int64, day Date, arrived UInt32)" +
		" ENGINE = MergeTree PARTITION BY day ORDER BY (id, account)"
	perDay := f.Rows / f.Days
	return []string{
		"DROP DATABASE IF EXISTS " + database + " SYNC",
		"CREATE DATABASE " + database,
		fmt.Sprintf(create, "base"),
		fmt.Sprintf("INSERT INTO %s.base SELECT number, cityHash64(number) %% 1000000, cityHash64(number, 1) %% 10000000,"+
			" toDate('2026-01-01') + intDiv(number, %d), 1 FROM numbers(%d)", database, perDay, f.Rows),
		"SYSTEM STOP MERGES " + database + ".base",
		fmt.Sprintf(create, "changes"),
		fmt.Sprintf("INSERT INTO %s.changes SELECT %d + number, cityHash64(number, 2) %% 1000000, cityHash64(number, 3) %% 10000000,"+
			" toDate('2026-01-01') + %d, 2 FROM numbers(%d)", database, f.Rows, f.Days-1, f.New),
		fmt.Sprintf("INSERT INTO %s.changes SELECT id, account, amount + 1, day, 2 FROM"+
			" (SELECT *, %d + number * %d AS wanted FROM numbers(%d)) AS n INNER JOIN %s.base ON id = wanted"+
			" WHERE day >= toDate('2026-01-01') + %d",
			database, (f.Days-f.Touched)*perDay, f.Touched*perDay/f.Changed, f.Changed, database, f.Days-f.Touched),
	}
}

// Fingerprint asks for the number and the hash of a table's rows.
func (f Fact) Fingerprint(table string) string {
	return "SELECT toUInt64(count()), sum(cityHash64(" + factColumns + ")) FROM " + table
}

// Expected is Fingerprint of what the fact is to be after the load: without
// putting the rows together as any strategy does.
func (f Fact) Expected(database string, appendOnly bool) string {
	base, changes := database+".base", database+".changes"
	if appendOnly {
		return fmt.Sprintf("SELECT toUInt64(sum(n)), sum(h) FROM (SELECT count() AS n, sum(cityHash64(%[1]s)) AS h FROM %[2]s"+
			" UNION ALL SELECT count(), sum(cityHash64(%[1]s)) FROM %[3]s WHERE id >= %[4]d)", factColumns, base, changes, f.Rows)
	}
	return fmt.Sprintf("SELECT toUInt64(sum(n)), sum(h) FROM (SELECT count() AS n, sum(cityHash64(%[1]s)) AS h FROM %[2]s"+
		" WHERE id NOT IN (SELECT id FROM %[3]s) UNION ALL SELECT count(), sum(cityHash64(%[1]s)) FROM %[3]s)", factColumns, base, changes)
}

// Strategies are the models of the project: the name of each is that of its
// strategy, with an underscore for what names cannot have.
func (f Fact) Strategies() map[string]string {
	changed := "select " + factColumns + " from {{ target.schema }}.changes"
	days := "select distinct day from {{ target.schema }}.changes"
	return map[string]string{
		"append":        changed + fmt.Sprintf(" where id >= %d", f.Rows),
		"delete+insert": changed,
		"legacy":        changed,
		"merge":         changed,
		"replace":       changed,
		"insert_overwrite": "select " + factColumns + " from (\n    select * from {{ target.schema }}.base where day in (" + days + ")\n" +
			"    union all\n    select * from {{ target.schema }}.changes\n)\norder by id, arrived desc\nlimit 1 by id",
	}
}

// Model is the name of a strategy's model.
func (f Fact) Model(strategy string) string { return strings.ReplaceAll(strategy, "+", "_") }

// Write writes a project with a model for each strategy. The first run of a
// model makes an empty table.
func (f Fact) Write(dir string, strategies []string) error {
	settings := map[string]string{}
	Project{}.settings(settings)
	files := map[string]string{
		"dbt_project.yml": "name: bench\nversion: \"1.0.0\"\nconfig-version: 2\nprofile: bench\nmodel-paths: [models]\n",
		"profiles.yml":    settings["profiles.yml"],
	}
	for _, name := range strategies {
		config := "materialized='incremental', incremental_strategy='" + name + "', order_by=['id', 'account'], partition_by='day'"
		switch name {
		case "append", "insert_overwrite":
		case "replace": // the key is what the table is ordered by
			config += ", unique_key=['id', 'account'], version_column='arrived'"
		default:
			config += ", unique_key='id'"
		}
		files["models/"+f.Model(name)+".sql"] = "{{ config(" + config + ") }}\n\n{% if is_incremental() %}\n" +
			f.Strategies()[name] + "\n{% else %}\nselect * from {{ target.schema }}.base where 0\n{% endif %}\n"
	}
	if err := os.MkdirAll(filepath.Join(dir, "models"), 0o750); err != nil {
		return fmt.Errorf("make the folder of a project: %w", err)
	}
	for path, text := range files {
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write a generated file: %w", err)
		}
	}
	return nil
}
