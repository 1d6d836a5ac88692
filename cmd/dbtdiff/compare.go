package main

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
)

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

// differ notes a difference about a resource, or the project.
func (c comparison) differ(kind, id string, dbt, chmod any) {
	where := c.dir + " "
	if c.note != "" {
		where += "(" + c.note + ") "
	}
	c.add(where+id, difference{kind: kind, id: id, note: c.note, dbt: dbt, chmod: chmod})
}

func (c comparison) whole(theirs, ours answer) {
	if theirs.Failed != "" {
		c.failed++
	}
	if (theirs.Failed == "") != (ours.Failed == "") {
		c.alone++
	}
	switch {
	case theirs.Failed != "" && ours.Failed != "":
		if files := filesIn(theirs.Failed); len(files) > 0 && !slices.ContainsFunc(files, func(f string) bool { return strings.Contains(ours.Failed, f) }) {
			c.differ("another file is blamed", "", theirs.Failed, ours.Failed)
		}
		return
	case theirs.Failed != "":
		c.differ("only dbt refuses it", "", theirs.Failed, strings.Join(ours.Warnings, "\n"))
		return
	case ours.Failed != "":
		c.differ("only chmod refuses it", "", text(theirs.Errors), ours.Failed)
		return
	}
	for _, id := range slices.Sorted(maps.Keys(theirs.Errors)) {
		if _, ok := ours.Errors[id]; !ok {
			c.differ("only dbt does not compile it", id, theirs.Errors[id], "")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ours.Errors)) {
		if _, ok := theirs.Errors[id]; !ok {
			c.differ("only chmod does not compile it", id, "", ours.Errors[id])
		}
	}
	for id := range ours.Errors {
		uncompiled(theirs.Manifest, id)
	}
	for id := range theirs.Errors {
		uncompiled(ours.Manifest, id)
	}
	c.manifests(theirs.Manifest, ours.Manifest)
	if theirs.Warnings != nil { // recorded answers hold none
		c.warned(theirs.Warnings, ours.Warnings)
	}
}

// uncompiled takes away what compiling a node adds to it: where only one of
// the two compiles it, that is told already.
func uncompiled(m map[string]any, id string) {
	nodes, _ := m["nodes"].(map[string]any)
	if n, ok := nodes[id].(map[string]any); ok {
		for _, key := range []string{"compiled", "compiled_code", "extra_ctes", "extra_ctes_injected"} {
			delete(n, key)
		}
	}
}

// filesIn are the files of the project that a message names.
func filesIn(message string) []string {
	var files []string
	for _, f := range strings.FieldsFunc(message, func(r rune) bool { return strings.ContainsRune(" \n\t()'\",", r) }) {
		f = strings.TrimRight(f, ":.")
		for _, ext := range []string{".sql", ".yml", ".yaml", ".md", ".csv"} {
			if strings.HasSuffix(f, ext) && strings.Contains(f, "/") && !strings.HasPrefix(f, "/") {
				files = append(files, f)
			}
		}
	}
	return files
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
			if !ok {
				c.differ(section+": only dbt has it", id, a[id], nil)
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
				c.differ(section+": only chmod has it", id, nil, b[id])
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
	if !aok || !bok || strings.Count(kind, ".") >= 3 {
		if !reflect.DeepEqual(a, b) {
			c.differ(kind, id, a, b)
		}
		return
	}
	for _, k := range slices.Sorted(maps.Keys(am)) {
		if !compared(k) {
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
			if x != nil { // null says as much as nothing
				c.differ(kind+"."+label(kind, k), id, x, absent)
			}
			continue
		}
		c.values(kind+"."+label(kind, k), id, x, y)
	}
	for _, k := range slices.Sorted(maps.Keys(bm)) {
		if _, ok := am[k]; !ok && compared(k) && bm[k] != nil {
			c.differ(kind+"."+label(kind, k), id, absent, bm[k])
		}
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
func compared(key string) bool {
	switch key {
	case "created_at", "root_path", "build_path", "compiled_path":
		return false
	}
	return true
}
