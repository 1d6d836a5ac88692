package generate

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// settings writes the project's file and its profile.
func (p Project) settings(files map[string]string) {
	var b strings.Builder
	b.WriteString(`name: bench
version: "1.0.0"
config-version: 2
profile: bench

model-paths: [models]
macro-paths: [macros]
docs-paths: [models]
target-path: target
clean-targets: [target]

vars:
  base_currency: EUR
  history_days: 90
  statuses: [open, settled]

models:
  bench:
    +materialized: view
    +meta:
      team: data
`)
	p.configs(&b)
	b.WriteString("\ndata_tests:\n  bench:\n    +severity: \"{{ 'error' if target.name == 'production' else 'warn' }}\"\n")
	files["dbt_project.yml"] = b.String()
	files["packages.yml"] = "packages:\n  - package: bench/kit\n    version: 1.2.0\n"
	files["profiles.yml"] = `bench:
  target: server
  outputs:
    server:
      type: clickhouse
      schema: bench
      host: 127.0.0.1
      port: "{{ env_var('BENCH_PORT', '9000') | as_number }}"
      driver: native
      user: "{{ env_var('BENCH_USER', 'default') }}"
      password: "{{ env_var('BENCH_PASSWORD', '') }}"
      threads: 4
`
}

// configs writes the tree of configs: something at each of the five levels of
// folders, and at the last for the first of each kind alone.
func (p Project) configs(b *strings.Builder) {
	told := map[string]bool{}
	all := p.plan()
	slices.SortStableFunc(all, func(a, b model) int { return strings.Compare(a.dir, b.dir) })
	for _, m := range all {
		folders := strings.Split(m.dir, "/")[1:]
		for level, name := range folders {
			key := strings.Join(folders[:level+1], "/")
			if told[key] || level == 4 && name != "part_000" {
				continue
			}
			told[key] = true
			indent := strings.Repeat("  ", level+2)
			fmt.Fprintf(b, "%s%s:\n", indent, name)
			indent += "  "
			switch level {
			case 0:
				fmt.Fprintf(b, "%s+meta:\n%s  domain: %s\n%s+tags: [%s]\n", indent, indent, name, indent, name)
			case 1:
				fmt.Fprintf(b, "%s+tags: [%s]\n", indent, name)
				if p.keeps(m.layer) {
					fmt.Fprintf(b, "%s+materialized: table\n%s+order_by: id\n", indent, indent)
				}
			case 2:
				fmt.Fprintf(b, "%s+tags: [%s]\n", indent, name)
			case 3:
				fmt.Fprintf(b, "%s+meta:\n%s  area: \"%s\"\n", indent, indent, name)
			default:
				fmt.Fprintf(b, "%s+enabled: true\n", indent)
			}
		}
	}
}

// OtherProfile writes the project's profile for a warehouse that is none of
// ours, into a folder that it makes: for programs that read projects for
// others. No connection comes of it.
func OtherProfile(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("make the folder of a profile: %w", err)
	}
	text := `bench:
  target: server
  outputs:
    server: {type: postgres, host: 127.0.0.1, port: 5432, user: nobody, password: none, dbname: bench, schema: bench, threads: 4}
`
	if err := os.WriteFile(filepath.Join(dir, "profiles.yml"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write a profile: %w", err)
	}
	return nil
}
