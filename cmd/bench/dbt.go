package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/chmod-sql/chmod/cmd/bench/generate"
)

// dbtPackages are the releases that chmod is compared with.
var dbtPackages = []string{"dbt-core~=1.11.0", "dbt-clickhouse"}

// dbtTools are the dbts that were found, or why there are none.
type dbtTools struct {
	path, version, absent string
	// path2 is that of dbt v2, which knows ClickHouse not everywhere: it parses
	// with a profile in profiles2 of a warehouse that it does know. Parsing
	// connects to none.
	path2, version2, absent2 string
	profiles2                string
}

// findDbt installs dbt into the work folder where none was given, and dbt v2.
func (b *bench) findDbt(ctx context.Context) dbtTools {
	var d dbtTools
	if d.path = b.options.dbt; d.path == "" {
		d.path, d.absent = b.install(ctx, "dbt-venv", dbtPackages...)
	}
	if d.path != "" {
		d.version = dbtVersion(ctx, d.path)
	}
	if d.path2 = b.options.dbt2; d.path2 == "" {
		d.path2, d.absent2 = b.install(ctx, "dbt2-venv", "dbt~=2.0")
	}
	if d.path2 == "" {
		return d
	}
	d.version2 = firstLine(ctx, d.path2, "--version")
	d.profiles2 = filepath.Join(b.options.work, "dbt2-profiles")
	if err := generate.OtherProfile(d.profiles2); err != nil {
		d.path2, d.absent2 = "", err.Error()
	}
	return d
}

// firstLine is the first line that a program says.
func firstLine(ctx context.Context, path string, args ...string) string {
	out, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil {
		return fmt.Sprintf("unknown: %v", err)
	}
	return line
}

// install puts packages into a Python environment of their own and gives the
// path of its dbt, or the last line of what pip complained about.
func (b *bench) install(ctx context.Context, name string, packages ...string) (path, absent string) {
	dir := filepath.Join(b.options.work, name)
	path = filepath.Join(dir, "bin", "dbt")
	if _, err := os.Stat(path); err == nil {
		return path, ""
	}
	b.tell("installing %s", strings.Join(packages, " "))
	if out, err := exec.CommandContext(ctx, "python3", "-m", "venv", dir).CombinedOutput(); err != nil {
		return "", fmt.Sprintf("python3 -m venv: %v: %s", err, tail(string(out), 300))
	}
	args := append([]string{"install", "--quiet"}, packages...)
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "bin", "pip"), args...).CombinedOutput()
	if err != nil {
		return "", "pip install " + strings.Join(packages, " ") + ": " + complaint(string(out))
	}
	return path, ""
}

// complaint is the line of pip's output that says most.
func complaint(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for _, mark := range []string{"RuntimeError: ", "ERROR", "error"} {
		for _, line := range lines {
			if strings.Contains(line, mark) {
				return tail(strings.TrimSpace(line), 300)
			}
		}
	}
	return tail(lines[len(lines)-1], 300)
}

func dbtVersion(ctx context.Context, path string) string {
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput()
	if err != nil {
		return fmt.Sprintf("unknown: %v", err)
	}
	var found []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if name, text, ok := strings.Cut(strings.TrimLeft(line, " -"), ":"); ok && (name == "installed" || name == "clickhouse") {
			version, _, _ := strings.Cut(strings.TrimSpace(text), " ")
			found = append(found, map[string]string{"installed": "dbt-core ", "clickhouse": "dbt-clickhouse "}[name]+version)
		}
	}
	return strings.Join(found, ", ")
}

// dbtParse reads the project with dbt from cold: nothing of an earlier parse
// is used.
func (b *bench) dbtParse(ctx context.Context, dbt, dir, profiles string, e *engine) (*Cost, error) {
	target := filepath.Join(b.options.work, "dbt-target")
	if err := os.RemoveAll(target); err != nil {
		return nil, fmt.Errorf("remove what dbt left: %w", err)
	}
	p := program{
		args: []string{
			dbt, "--quiet", "parse", "--no-partial-parse", "--project-dir", dir, "--profiles-dir", profiles,
			"--target-path", target, "--log-path", filepath.Join(b.options.work, "dbt-logs"),
		},
		env: append([]string{"DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DO_NOT_TRACK=1"}, e.env...),
	}
	c, err := p.once(ctx)
	if err != nil {
		return nil, err
	}
	return &c, nil
}

func join(words []string) string { return strings.Join(words, " ") }
