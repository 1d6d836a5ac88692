// Package generate makes small dbt projects up, for comparing what two
// programs read in them.
//
// Its main type is Project. Each project comes from a seed and is the same
// whenever it is made. The projects are about configs, names, properties and
// vars; templates as such are compared elsewhere.
package generate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Project is the files of one project and how it is to be read.
type Project struct {
	Seed  uint64
	Files map[string]string
	// Vars are those of the command line, as YAML; empty for none.
	Vars string
	Env  map[string]string
	// Mistake says what was made wrong on purpose; empty for nothing.
	Mistake string
}

// New makes a project.
func New(seed uint64) Project {
	b := newBuilder(seed)
	b.packages = []*pack{{name: "shop"}}
	for _, name := range []string{"lib", "extra"} {
		if b.chance(40) {
			b.packages = append(b.packages, &pack{name: name, prefix: "dbt_packages/" + name + "/"})
		}
	}
	b.settings()
	for i := len(b.packages) - 1; i >= 0; i-- {
		b.fill(b.packages[i])
	}
	b.profile()
	vars := b.commandLine()
	mistake := ""
	if b.chance(20) {
		mistake = b.spoil()
	}
	return Project{Seed: seed, Files: b.files, Vars: vars, Env: b.env, Mistake: mistake}
}

// Names are the project's files, sorted.
func (p Project) Names() []string { return slices.Sorted(maps.Keys(p.Files)) }

type builder struct {
	rnd      *rand.Rand
	files    map[string]string
	env      map[string]string
	packages []*pack
	taken    map[string]bool // names of nodes
	made     []*node         // what others can refer to, in order
	sources  []string        // 'source', 'table'
	count    int
	// versioned are the names of models with versions.
	versioned []*node
}

func newBuilder(seed uint64) *builder {
	return &builder{
		rnd: rand.New(rand.NewPCG(seed, 20)), files: map[string]string{}, env: map[string]string{},
		taken: map[string]bool{},
	}
}

// pack is the root project or a package.
type pack struct {
	name, prefix string
	docs         []string
	macros       []string
	groups       []string
}

// node is something with a file.
type node struct {
	pkg, kind, folder, name string
	versions                []string
}

func (b *builder) chance(percent int) bool { return b.rnd.IntN(100) < percent }

func (b *builder) pick(of ...string) string { return of[b.rnd.IntN(len(of))] }

// some are n to m draws, each choice at most once.
func (b *builder) some(n, m int, of []string) []string {
	k := min(n+b.rnd.IntN(m-n+1), len(of))
	out := make([]string, 0, k)
	for _, i := range b.rnd.Perm(len(of))[:k] {
		out = append(out, of[i])
	}
	return out
}

// name makes a name that no other node has.
func (b *builder) name(prefix string) string {
	b.count++
	return fmt.Sprintf("%s_%s%d", prefix, b.pick("a", "item", "daily", "x_y"), b.count)
}

func (b *builder) file(name, text string) { b.files[name] = text }

// indent moves all lines of a text to the right.
func indent(text string, by int) string {
	pad := strings.Repeat(" ", by)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = pad + l
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func (b *builder) profile() {
	b.file("profiles.yml", `shop:
  target: "{{ env_var('TARGET_NAME', 'dev') }}"
  outputs:
    dev:
      type: clickhouse
      schema: "{{ var('base', 'an') }}alytics"
      host: 127.0.0.1
      port: 19701
      user: default
      threads: "{{ 2 | as_number }}"
    prod:
      type: clickhouse
      schema: prod
      host: 127.0.0.1
      port: 19701
      threads: 1
`)
	if b.chance(25) {
		b.env["TARGET_NAME"] = "prod"
	}
	if b.chance(30) {
		b.env["OWNER"] = b.pick("ann", "bob", "7", "true")
	}
}

// commandLine are vars as --vars takes them.
func (b *builder) commandLine() string {
	if b.chance(60) {
		return ""
	}
	pairs := b.some(1, 3, []string{
		"n: 99", "n: '98'", "kind: from_cli", "flag: false", "list: [9]", "nested: {a: {b: cli}}",
		"base: cli_", "owner: '{{ 1 + 1 }}'", "mat: table",
	})
	return "{" + strings.Join(pairs, ", ") + "}"
}
