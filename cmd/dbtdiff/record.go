package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// record writes a project with what dbt answered to one file.
func record(p written, to string) error {
	a, err := readAnswer(p.dir)
	if err != nil {
		return err
	}
	archive := &txtar.Archive{Comment: []byte(comment(p, a))}
	if archive.Files, err = filesOf(p.dir); err != nil {
		return err
	}
	// Which file dbt blames counts, not its words.
	if a.Failed != "" {
		a.Failed = strings.TrimSpace("refused " + strings.Join(filesIn(a.Failed), " "))
	}
	for id := range a.Errors {
		a.Errors[id] = "refused"
	}
	said, err := lines(a)
	if err != nil {
		return err
	}
	archive.Files = append(archive.Files, txtar.File{Name: "answer.json", Data: said})
	return os.WriteFile(filepath.Join(to, filepath.Base(p.dir)+".txtar"), txtar.Format(archive), 0o644)
}

// filesOf are a project's files, without what dbt and chmod made of them.
func filesOf(dir string) ([]txtar.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var files []txtar.File
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case name == "target" || name == "logs":
			return fs.SkipDir
		case d.IsDir() || name == "answer.json" || name == "chmod-manifest.json" || d.Name() == ".user.yml":
			return nil
		}
		text, err := root.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, txtar.File{Name: name, Data: ended(string(text))})
		return nil
	})
	return files, err
}

func comment(p written, a answer) string {
	switch {
	case p.note != "":
		return "What dbt makes of a project with a mistake: " + p.note + ".\n"
	case a.Failed != "":
		return "A project that dbt refuses.\n"
	}
	return "What dbt makes of a generated project.\n"
}

func ended(text string) []byte {
	if text != "" && text[len(text)-1] != '\n' {
		text += "\n"
	}
	return []byte(text)
}

// lines is an answer with a line for each resource, without what is not
// compared.
func lines(a answer) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n")
	put := func(indent, name string, v any, last bool) error {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s%q: %s", indent, name, text)
		if !last {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		return nil
	}
	if err := put("", "failed", a.Failed, false); err != nil {
		return nil, err
	}
	if err := put("", "errors", a.Errors, false); err != nil {
		return nil, err
	}
	if err := put("", "warnings", append([]string{}, slices.Sorted(maps.Keys(events(a.Warnings)))...), false); err != nil {
		return nil, err
	}
	b.WriteString("\"manifest\": {\n")
	for i, section := range sections {
		fmt.Fprintf(&b, " %q: {\n", section)
		all, _ := a.Manifest[section].(map[string]any)
		ids := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), builtin)
		for j, id := range ids {
			if err := put("  ", id, trimmed(all[id]), j == len(ids)-1); err != nil {
				return nil, err
			}
		}
		b.WriteString(" }")
		if i < len(sections)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("}\n}\n")
	return b.Bytes(), nil
}

// trimmed leaves out what is not compared.
func trimmed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if compared(k) {
				out[k] = e
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = trimmed(e)
		}
		return out
	}
	return v
}
