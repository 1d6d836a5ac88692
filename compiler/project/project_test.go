package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/project"
	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/yaml"
)

// names replaces {{ name }} by the value of that name, and fails for others.
type names map[string]value.Value

func (r names) Native(n *yaml.Node) (value.Value, error) {
	name := strings.TrimSpace(strings.Trim(n.Text, "{} "))
	if v, ok := r[name]; ok {
		return v, nil
	}
	return nil, diag.Diagnostic{Code: "missing-variable", Span: n.Span, What: "there is no " + name}
}

// folder writes files and returns their folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return root
}

func messages(list diag.List) string {
	var out []string
	for _, d := range list.All() {
		out = append(out, d.Severity.String()+" "+d.Code+" "+d.Error())
	}
	return strings.Join(out, "\n")
}

// load reads a project and expects no mistakes.
func load(t *testing.T, root string) *project.Project {
	t.Helper()
	d, list, err := project.Open(root, "")
	require.NoError(t, err)
	require.Empty(t, messages(list))
	p, list, err := d.Project(names{"schema": "marts"}, project.ReadOptions{VersionCheck: true})
	require.NoError(t, err)
	require.Empty(t, messages(list))
	return p
}

func TestDefaults(t *testing.T) {
	p := load(t, folder(t, map[string]string{"dbt_project.yml": "name: shop\n"}))
	require.Equal(t, "shop", p.Name)
	require.Equal(t, []string{"models"}, p.ModelPaths)
	require.Equal(t, []string{"models", "seeds", "snapshots", "analyses", "macros", "tests"}, p.DocsPaths)
	require.Equal(t, "target", p.TargetPath)
	require.Equal(t, []string{"target"}, p.CleanTargets)
	require.Equal(t, "dbt_packages", p.PackagesPath)
	require.Nil(t, p.QueryComment)
	require.Empty(t, p.Trees)
}

func TestEveryKey(t *testing.T) {
	p := load(t, folder(t, map[string]string{"dbt_project.yml": `
name: shop
version: 1.0
config-version: 2
profile: shop
model-paths: [models/, ./more]
docs-paths: [docs]
target-path: out
clean-targets: [out, logs]
require-dbt-version: [">=1.3.0", "<2.0.0"]
on-run-start: "{{ start() }}"
on-run-end: ["{{ a }}", "{{ b }}"]
dispatch: [{macro_namespace: dbt_utils, search_order: [shop, dbt_utils]}]
query-comment: {comment: "{{ c }}", append: true}
flags: {require_x: true}
quoting: {identifier: true}
restrict-access: true
vars: {v: "{{ late }}", pkg: {v: 2}}
models: {shop: {+schema: "{{ schema }}", +post-hook: "{{ this }}"}}
tests: {+severity: warn}
semantic-models: {+enabled: false}
`}))
	require.Equal(t, "1.0", p.Version)
	require.Equal(t, []string{"models", "more"}, p.ModelPaths)
	require.Equal(t, []string{"docs"}, p.DocsPaths)
	require.Equal(t, "out", p.TargetPath)
	require.Equal(t, "{{ start() }}", p.OnRunStart[0].SQL)
	require.Equal(t, "dbt_project.yml:11:15", p.OnRunStart[0].Span.String())
	require.Len(t, p.OnRunEnd, 2)
	require.Equal(t, []project.Dispatch{{Namespace: "dbt_utils", Order: []string{"shop", "dbt_utils"}}}, p.Dispatch)
	require.True(t, p.RestrictAccess)
	require.Equal(t, "{'require_x': True}", value.Repr(p.Flags))
	require.Equal(t, "{{ c }}", p.QueryComment.Get("comment").Text)
	require.Len(t, p.Trees, 3)
	layers := p.Trees["model"].Layers([]string{"shop", "a"})
	require.Equal(t, "marts", layers[0].Settings[0].Value)
	require.Equal(t, "{{ schema }}", layers[0].Settings[0].Raw)
	require.Equal(t, "{{ this }}", layers[0].Settings[1].Value)
}

func TestMistakesInAProject(t *testing.T) {
	for written, want := range map[string]string{
		"version: 1":                                      "error project-type dbt_project.yml:1:1: dbt_project.yml does not name the project (add name: with letters, digits and _)",
		"name: a-b":                                       `error project-type dbt_project.yml:1:7: "a-b" cannot name a project (use letters, digits and _, and begin with a letter)`,
		"name: target":                                    `error project-type dbt_project.yml:1:7: "target" cannot name a project: it is a name that templates know (choose another name)`,
		"name: 12":                                        `error project-type dbt_project.yml:1:7: "12" cannot name a project (use letters, digits and _, and begin with a letter)`,
		"name: a\nmodel_paths: [x]":                       `warning unknown-key dbt_project.yml:2:1: the project's file has no key "model_paths": it is ignored (did you mean "model-paths"?)`,
		"name: a\nmodles: {}":                             `warning unknown-key dbt_project.yml:2:1: the project's file has no key "modles": it is ignored (did you mean "models"?)`,
		"name: a\nmodel-paths: {x: y}":                    "error project-type dbt_project.yml:2:14: model-paths must be a list of strings, not a mapping",
		"name: a\nmodel-paths: [/x]":                      `error project-type dbt_project.yml:2:14: model-paths must be folders in the project, not "/x" (write it relative to the project's folder)`,
		"name: a\nsource-paths: [x]":                      "warning renamed-key dbt_project.yml:2:1: source-paths is an old name (write model-paths)",
		"name: a\nconfig-version: 1":                      "error project-type dbt_project.yml:2:17: config-version must be 2, not 1 (write config-version: 2)",
		"name: a\nvars: [x]":                              "error project-type dbt_project.yml:2:7: vars must be a mapping, not a list",
		"name: a\nmodels: table":                          "error config-type dbt_project.yml:2:9: a tree of configs must be a mapping, not a string (write packages and folders as keys, and configs with a + in front)",
		"name: a\ntests: {}\ndata_tests:":                 "error duplicate-key dbt_project.yml:2:1: the project has both tests and data_tests: they are two names of one key (join them below data_tests:)",
		"name: a\ndispatch: [{macro_namespace: x}]":       "error project-type dbt_project.yml:2:12: an entry of dispatch needs macro_namespace and search_order",
		"name: a\nrequire-dbt-version: '>=2.0.0'":         "error dbt-version dbt_project.yml:2:22: the project a requires dbt >=2.0.0: chmod works as dbt 1.11.7 does (widen require-dbt-version, or pass --no-version-check)",
		"name: a\nrequire-dbt-version: ['>=1.0', '<1.5']": "error dbt-version dbt_project.yml:2:22: the project a requires dbt <1.5: chmod works as dbt 1.11.7 does (widen require-dbt-version, or pass --no-version-check)",
		"name: a\nrequire-dbt-version: new":               `error project-type dbt_project.yml:2:22: "new" is no version of dbt (write it as in ">=1.8.0" or [">=1.8.0", "<2.0.0"])`,
		"name: a\nmodels: {+schema: '{{ nope }}'}":        "error missing-variable dbt_project.yml:2:19: there is no nope",
	} {
		t.Run(written, func(t *testing.T) {
			d, list, err := project.Open(folder(t, map[string]string{"dbt_project.yml": written + "\n"}), "")
			require.NoError(t, err)
			require.Empty(t, messages(list))
			_, list, err = d.Project(names{}, project.ReadOptions{VersionCheck: true})
			require.NoError(t, err)
			require.Equal(t, want, messages(list))
		})
	}
}

func TestVersionsThatPass(t *testing.T) {
	for _, spec := range []string{`">=1.3.0,<2.0.0"`, `[">=1.0.0", "<=1.11.7"]`, `"1.11.7"`, `"=1.11.7"`, `">1.11.7-rc1"`, `"1.x"`, `"1.11.x"`, `">=0.19.0"`, `"!=1.0.0"`} {
		load(t, folder(t, map[string]string{"dbt_project.yml": "name: a\nrequire-dbt-version: " + spec + "\n"}))
	}
	d, _, err := project.Open(folder(t, map[string]string{"dbt_project.yml": "name: a\nrequire-dbt-version: '>9.0.0'\n"}), "")
	require.NoError(t, err)
	_, list, err := d.Project(names{}, project.ReadOptions{})
	require.NoError(t, err)
	require.Zero(t, list.Len(), "no check was asked for")
}

func TestLocate(t *testing.T) {
	root := folder(t, map[string]string{"a/chmod_project.yml": "name: a\n", "a/b/c/x.sql": "", "d/x": ""})
	got, err := project.Locate(filepath.Join(root, "a/b/c"), false)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(root, "a"), got)
	_, err = project.Locate(filepath.Join(root, "a/b"), true)
	var d diag.Diagnostic
	require.ErrorAs(t, err, &d)
	require.Equal(t, "no-project", d.Code)
	_, list, err := project.Open(filepath.Join(root, "d"), "")
	require.NoError(t, err)
	require.ErrorContains(t, list.Err(), "there is no project in ")
}

func TestBrokenProjectFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":              "error project-type dbt_project.yml:1:1: dbt_project.yml must be a mapping, not nothing (begin it with name:)",
		"- a\n":         "error project-type dbt_project.yml:1:1: dbt_project.yml must be a mapping, not a list (begin it with name:)",
		"name: a\nb: [": "error bad-yaml dbt_project.yml:2:4: this is not YAML: did not find expected node content (close the bracket, or quote the text if it is no list)",
	} {
		d, list, err := project.Open(folder(t, map[string]string{"dbt_project.yml": text}), "")
		require.NoError(t, err)
		require.Nil(t, d)
		require.Equal(t, want, messages(list))
	}
}

func TestVars(t *testing.T) {
	root := folder(t, map[string]string{
		"dbt_project.yml":                "name: shop\nvars: {a: root, b: root, c: root, pkg: {b: scoped}}\n",
		"dbt_packages/p/dbt_project.yml": "name: pkg\nvars: {a: own, d: own, e: own, pkg: {e: own scoped}}\n",
	})
	p := load(t, root)
	definitions, list, err := project.Packages(p)
	require.NoError(t, err)
	require.Empty(t, messages(list))
	pkg, _, err := definitions[0].Project(names{}, project.ReadOptions{})
	require.NoError(t, err)
	v := project.NewVars(value.DictOf("c", "cli"), p)
	for name, want := range map[string]string{"a": "root", "b": "scoped", "c": "cli", "d": "own", "e": "own scoped"} {
		got, _, ok := v.Lookup(pkg, name)
		require.True(t, ok, name)
		require.Equal(t, want, got, name)
		inDict, _ := v.Dict(pkg).Get(name)
		require.Equal(t, want, inDict, name)
	}
	got, node, _ := v.Lookup(nil, "b")
	require.Equal(t, "root", got)
	require.Equal(t, "dbt_project.yml:2:20", node.Span.String())
	_, _, ok := v.Lookup(p, "d")
	require.False(t, ok, "the root project does not see a package's vars")
	_, _, ok = project.NewVars(nil, load(t, folder(t, map[string]string{"dbt_project.yml": "name: a\n"}))).Lookup(nil, "x")
	require.False(t, ok)
}

func TestPackages(t *testing.T) {
	root := folder(t, map[string]string{
		"dbt_project.yml":                "name: shop\n",
		"packages.yml":                   "packages:\n  - package: a/b\n    version: 1.0.0\n  - git: \"{{ env_var('X') }}\"\n",
		"dbt_packages/z/dbt_project.yml": "name: aaa\n",
		"dbt_packages/junk/readme":       "",
	})
	p := load(t, root)
	found, list, err := project.Packages(p)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "dbt_packages/z/dbt_project.yml", found[0].File.Path)
	require.Equal(t, `error packages-not-installed packages.yml:2:3: packages.yml asks for 2 packages, and 1 is installed in dbt_packages (Run "dbt deps" to install package dependencies)`, messages(list))
}

func TestTwoPackagesOfOneName(t *testing.T) {
	p := load(t, folder(t, map[string]string{
		"dbt_project.yml":                "name: shop\n",
		"dbt_packages/a/dbt_project.yml": "name: x\n",
		"dbt_packages/b/dbt_project.yml": "name: x\n",
		"dbt_packages/c/dbt_project.yml": "name: shop\n",
	}))
	_, list, err := project.Packages(p)
	require.NoError(t, err)
	require.Equal(t, "error duplicate-package dbt_packages/b/dbt_project.yml:1:7: there are two projects named \"x\" (remove one of them)\n"+
		"error duplicate-package dbt_packages/c/dbt_project.yml:1:7: there are two projects named \"shop\" (remove one of them)", messages(list))
}

func TestSelectors(t *testing.T) {
	p := load(t, folder(t, map[string]string{
		"dbt_project.yml": "name: shop\n",
		"selectors.yml":   "selectors:\n  - name: a\n    default: \"{{ yes }}\"\n    definition: {union: [tag:x, {method: fqn, value: y}]}\n  - name: a\n    definition: b\n  - definition: b\n  - name: c\n",
	}))
	got, list, err := project.Selectors(p, names{"yes": true})
	require.NoError(t, err)
	require.True(t, got["a"].Default)
	require.Equal(t, "{'union': ['tag:x', {'method': 'fqn', 'value': 'y'}]}", value.Repr(got["a"].Definition))
	require.Equal(t, "error duplicate-name selectors.yml:5:11: there are two selectors named \"a\" (rename one of them)\n"+
		"error selector-type selectors.yml:7:5: a selector has no name (add name:)\n"+
		"error selector-type selectors.yml:8:5: the selector c has no definition (add definition:)", messages(list))
	got, list, err = project.Selectors(load(t, folder(t, map[string]string{"dbt_project.yml": "name: shop\n"})), names{})
	require.NoError(t, err)
	require.Empty(t, got)
	require.Zero(t, list.Len())
}

func TestUnusedConfigs(t *testing.T) {
	p := load(t, folder(t, map[string]string{"dbt_project.yml": "name: a\nmodels: {a: {x: {+tags: t}}}\ntests: {b: {+tags: t}}\n"}))
	require.Equal(t, "warning unused-config-path dbt_project.yml:2:14: the configs of models.a.x apply to no resource: there is no such package or folder with models in it (correct the path, or remove it)\n"+
		"warning unused-config-path dbt_project.yml:3:9: the configs of tests.b apply to no resource: there is no such package or folder with tests in it (correct the path, or remove it)", messages(p.Unused()))
}
