package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// report counts differences by their kind.
type report struct {
	show     int
	kinds    map[string]int
	examples map[string][]string
	projects int
	failed   int
	nodes    int
	sql      int
}

func newReport(show int) *report {
	return &report{show: show, kinds: map[string]int{}, examples: map[string][]string{}}
}

func (r *report) add(kind, where string, dbt, chmod any) {
	r.kinds[kind]++
	if len(r.examples[kind]) < r.show {
		r.examples[kind] = append(r.examples[kind], fmt.Sprintf("%s\n      dbt   %s\n      chmod %s", where, text(dbt), text(chmod)))
	}
}

func text(v any) string {
	if s, ok := v.(string); ok {
		return clip(s)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return clip(string(b))
}

func clip(s string) string {
	const longest = 1200
	if len(s) > longest {
		return s[:longest] + " ..."
	}
	return s
}

func (r *report) total() int {
	n := 0
	for _, c := range r.kinds {
		n += c
	}
	return n
}

func (r *report) print(out io.Writer) {
	kinds := slices.SortedFunc(maps.Keys(r.kinds), func(a, b string) int {
		if d := r.kinds[b] - r.kinds[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, k := range kinds {
		fmt.Fprintf(out, "%5d  %s\n", r.kinds[k], k)
		for _, e := range r.examples[k] {
			fmt.Fprintf(out, "    %s\n", e)
		}
	}
	fmt.Fprintf(out, "%d projects (%d that dbt refuses), %d resources, %d compiled texts: %d differences of %d kinds\n",
		r.projects, r.failed, r.nodes, r.sql, r.total(), len(r.kinds))
}

// compareOne reads a project with chmod and compares it with dbt's answer.
func compareOne(ctx context.Context, p written, r *report) error {
	theirs, err := readAnswer(p.dir)
	if err != nil {
		return err
	}
	ours, err := read(ctx, p.dir, p.how)
	if err != nil {
		return err
	}
	r.projects++
	c := comparison{report: r, dir: p.dir, note: p.note}
	c.whole(theirs, ours)
	return nil
}

type comparison struct {
	*report
	dir, note string
}

func (c comparison) where(s string) string {
	if c.note != "" {
		return c.dir + " (" + c.note + ") " + s
	}
	return c.dir + " " + s
}

func (c comparison) whole(theirs, ours answer) {
	if theirs.Failed != "" || ours.Failed != "" {
		if theirs.Failed != "" {
			c.failed++
		}
		if (theirs.Failed == "") != (ours.Failed == "") {
			who := "dbt"
			if ours.Failed != "" {
				who = "chmod"
			}
			what := c.note
			if what == "" {
				what = "?"
			}
			c.add("only "+who+" refuses it: "+what, c.where(""), theirs.Failed+" "+text(theirs.Warnings), ours.Failed+" "+text(ours.Warnings))
		} else if file := fileOf(theirs.Failed); file != "" && !strings.Contains(ours.Failed, file) {
			c.add("another file is blamed: "+c.note, c.where(""), theirs.Failed, ours.Failed)
		}
		return
	}
	for id, msg := range theirs.Errors {
		if _, ok := ours.Errors[id]; !ok {
			c.add("only dbt does not compile it: "+c.note, c.where(id), msg, "")
		}
	}
	for id, msg := range ours.Errors {
		if _, ok := theirs.Errors[id]; !ok {
			c.add("only chmod does not compile it: "+c.note, c.where(id), "", msg)
		}
	}
	c.manifests(theirs.Manifest, ours.Manifest)
}

// fileOf is the file of the project that a message names.
func fileOf(message string) string {
	for _, f := range strings.FieldsFunc(message, func(r rune) bool { return strings.ContainsRune(" \n\t()'\",", r) }) {
		f = strings.TrimRight(f, ":.")
		for _, ext := range []string{".sql", ".yml", ".yaml", ".md", ".csv"} {
			if strings.HasSuffix(f, ext) && strings.Contains(f, "/") && !strings.HasPrefix(f, "/") {
				return f
			}
		}
	}
	return ""
}

// sections are the parts of a manifest that are compared.
var sections = []string{"nodes", "sources", "macros", "docs", "exposures", "groups", "unit_tests", "disabled", "parent_map", "child_map", "group_map"}

func (c comparison) manifests(theirs, ours map[string]any) {
	for _, section := range sections {
		a, _ := theirs[section].(map[string]any)
		b, _ := ours[section].(map[string]any)
		for _, id := range slices.Sorted(maps.Keys(a)) {
			if builtin(id) {
				continue
			}
			if section != "parent_map" && section != "child_map" {
				c.nodes++
			}
			other, ok := b[id]
			if !ok && strings.HasPrefix(id, "unit_test.") {
				continue // disabled ones are not kept
			}
			if !ok {
				c.add(section+": only dbt has it", c.where(id), a[id], nil)
				continue
			}
			kind, _, _ := strings.Cut(id, ".")
			x, y := settled(a[id]), settled(other)
			if section == "disabled" {
				x, y = only(x), only(y)
			}
			c.values(section+" "+kind, id, x, y)
		}
		for _, id := range slices.Sorted(maps.Keys(b)) {
			if _, ok := a[id]; !ok && !builtin(id) {
				c.add(section+": only chmod has it", c.where(id), nil, b[id])
			}
		}
	}
}

// only is the one thing in a list, or else the list.
func only(v any) any {
	if l, ok := v.([]any); ok && len(l) == 1 {
		return l[0]
	}
	return v
}

func builtin(id string) bool {
	parts := strings.SplitN(id, ".", 3)
	return len(parts) > 1 && (parts[1] == "dbt" || parts[1] == "dbt_clickhouse")
}

// settled puts in order what has none.
func settled(v any) any {
	l, ok := v.([]any)
	if !ok {
		return v
	}
	l = slices.Clone(l)
	slices.SortFunc(l, func(a, b any) int { return strings.Compare(text(a), text(b)) })
	return l
}

func (c comparison) values(kind, id string, a, b any) {
	am, aok := a.(map[string]any)
	bm, bok := b.(map[string]any)
	if aok && bok && strings.Count(kind, ".") < 3 {
		for _, k := range slices.Sorted(maps.Keys(am)) {
			if !compared(kind, k) {
				continue
			}
			if k == "compiled_code" {
				c.sql++
			}
			x, y := am[k], bm[k]
			if k == "macros" {
				x, y = own(x), own(y)
			}
			if _, ok := bm[k]; !ok {
				if alike(kind+"."+label(kind, k), x) != nil {
					c.add(kind+"."+label(kind, k), c.where(id), x, "<absent>")
				}
				continue
			}
			c.values(kind+"."+label(kind, k), id, x, y)
		}
		for _, k := range slices.Sorted(maps.Keys(bm)) {
			if _, ok := am[k]; !ok && compared(kind, k) && alike(kind+"."+label(kind, k), bm[k]) != nil {
				c.add(kind+"."+label(kind, k), c.where(id), "<absent>", bm[k])
			}
		}
		return
	}
	if !reflect.DeepEqual(alike(kind, a), alike(kind, b)) {
		c.add(kind, c.where(id), a, b)
	}
}

// label is a key as the kind of a difference: names of columns say nothing.
func label(kind, key string) string {
	if strings.HasSuffix(kind, ".columns") {
		return "*"
	}
	return key
}

// own are the macros that are not dbt's.
func own(v any) any {
	l, ok := v.([]any)
	if !ok {
		return v
	}
	out := []any{}
	for _, e := range l {
		if s, ok := e.(string); ok && !builtin(s) {
			out = append(out, s)
		}
	}
	return settled(out)
}

// compared says whether a key must be the same. Times and places are not.
func compared(kind, key string) bool {
	switch key {
	case "created_at", "root_path", "build_path", "compiled_path":
		return false
	}
	return true
}
