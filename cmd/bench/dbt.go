package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// dbtPackages are the releases that chmod is compared with.
var dbtPackages = []string{"dbt-core~=1.11.0", "dbt-clickhouse"}

// dbt is the path of a dbt, installed into the work folder when none was
// given; or why there is none.
func (b *bench) dbt(ctx context.Context) (path, absent string) {
	if b.options.dbt != "" {
		return b.options.dbt, ""
	}
	return b.install(ctx, "dbt-venv", dbtPackages...)
}

// dbt2 tries to install dbt v2, and says what became of it.
func (b *bench) dbt2(ctx context.Context) (absent string) {
	path, absent := b.install(ctx, "dbt2-venv", "dbt~=2.0")
	if path != "" {
		return "it is installed, but not measured: it has no adapter for ClickHouse to parse the project with"
	}
	return absent
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
	for _, mark := range []string{"RuntimeError", "ERROR", "error"} {
		for _, line := range lines {
			if strings.Contains(line, mark) {
				return tail(strings.TrimSpace(line), 300)
			}
		}
	}
	return tail(lines[len(lines)-1], 300)
}

func dbtVersion(ctx context.Context, path string) string {
	if path == "" {
		return ""
	}
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
func (b *bench) dbtParse(ctx context.Context, dbt, dir string, e *engine) (*Cost, error) {
	target := filepath.Join(b.options.work, "dbt-target")
	if err := os.RemoveAll(target); err != nil {
		return nil, fmt.Errorf("remove what dbt left: %w", err)
	}
	p := program{
		args: []string{
			dbt, "--quiet", "parse", "--no-partial-parse", "--project-dir", dir, "--profiles-dir", dir,
			"--target-path", target, "--log-path", filepath.Join(b.options.work, "dbt-logs"),
		},
		env: append([]string{"DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DO_NOT_TRACK=1"}, e.env...),
	}
	c, err := p.once(ctx)
	return &c, err
}

func join(words []string) string { return strings.Join(words, " ") }
