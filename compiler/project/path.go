package project

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
)

var projectKeys = []string{"name", "version", "config-version", "profile", "project-root",
	"model-paths", "macro-paths", "seed-paths", "test-paths", "analysis-paths", "snapshot-paths", "docs-paths",
	"asset-paths", "function-paths", "osi-paths", "source-paths", "data-paths", "target-path", "log-path",
	"packages-install-path", "clean-targets", "quoting", "on-run-start", "on-run-end", "require-dbt-version",
	"dispatch", "vars", "flags", "query-comment", "restrict-access", "dbt-cloud", "packages", "sync", "anchors",
	"models", "seeds", "snapshots", "sources", "tests", "data_tests", "unit_tests", "analyses", "exposures",
	"metrics", "semantic-models", "saved-queries", "functions", "presets"}

func (t *typing) known() {
	t.Known("the project's file", t.node, projectKeys, func(key string) string {
		if hyphens := strings.ReplaceAll(key, "_", "-"); hyphens != key && slices.Contains(projectKeys, hyphens) {
			return fmt.Sprintf("did you mean %q?", hyphens)
		}
		return ""
	})
}

func (t *typing) paths(p *Project) {
	p.ModelPaths = t.dirs(t.renamed("source-paths", "model-paths"), "models")
	p.SeedPaths = t.dirs(t.renamed("data-paths", "seed-paths"), "seeds")
	p.SnapshotPaths = t.dirs("snapshot-paths", "snapshots")
	p.TestPaths = t.dirs("test-paths", "tests")
	p.AnalysisPaths = t.dirs("analysis-paths", "analyses")
	p.MacroPaths = t.dirs("macro-paths", "macros")
	p.FunctionPaths = t.dirs("function-paths", "functions")
	p.AssetPaths = t.dirs("asset-paths")
	p.DocsPaths = t.dirs("docs-paths")
	if len(p.DocsPaths) == 0 {
		for _, dirs := range [][]string{p.ModelPaths, p.SeedPaths, p.SnapshotPaths, p.AnalysisPaths, p.MacroPaths, p.TestPaths} {
			p.DocsPaths = append(p.DocsPaths, dirs...)
		}
		p.DocsPaths = distinct(p.DocsPaths)
	}
	p.TargetPath = t.dir("target-path", "target")
	p.LogPath = t.dir("log-path", "logs")
	p.PackagesPath = t.dir("packages-install-path", "dbt_packages")
	p.CleanTargets = t.dirs("clean-targets", p.TargetPath)
}

// renamed is the old key when only that is written, with a warning.
func (t *typing) renamed(old, key string) string {
	e, ok := t.node.Entry(old)
	if !ok {
		return key
	}
	t.List.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "renamed-key", Span: e.Key.Span,
		What: old + " is an old name", Fix: "write " + key,
	})
	if _, both := t.node.Entry(key); both {
		return key
	}
	return old
}

func (t *typing) dir(key, def string) string {
	if s := t.Str(key, t.node.Get(key)); s != "" {
		return cleaned(s)
	}
	return def
}

// dirs reads a list of folders in the project.
func (t *typing) dirs(key string, defaults ...string) []string {
	node := t.node.Get(key)
	if node.Null() {
		return defaults
	}
	out := []string{}
	for _, s := range t.Strs(key, node) {
		if s == "" {
			continue
		}
		if filepath.IsAbs(s) && key != "clean-targets" {
			t.Wrong(node, fmt.Sprintf("%s must be folders in the project, not %q", key, s), "write it relative to the project's folder")
			continue
		}
		out = append(out, cleaned(s))
	}
	return distinct(out)
}

func cleaned(dir string) string {
	if filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	return path.Clean(filepath.ToSlash(dir))
}

func distinct(names []string) []string {
	out := make([]string, 0, len(names))
	for _, name := range names {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
