package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/chmod-sql/chmod/cmd/dbtdiff/generate"
)

//go:embed oracle.py
var oracle string

// written is a project in a folder.
type written struct {
	dir  string
	how  how
	note string
}

// how a project is to be read.
type how struct {
	Vars string            `json:"vars"`
	Env  map[string]string `json:"env"`
}

// generated writes the projects that were asked for.
func generated(o options) ([]written, error) {
	var all []written
	for _, p := range chosen(o) {
		name := fmt.Sprintf("p%06d", p.Seed)
		if o.mistakes {
			name = fmt.Sprintf("mistake%03d", p.Seed)
		}
		dir := filepath.Join(o.work, name)
		if !o.again {
			if err := os.RemoveAll(dir); err != nil {
				return nil, err
			}
			if err := writeProject(dir, p.Files, how{Vars: p.Vars, Env: p.Env}); err != nil {
				return nil, err
			}
		}
		all = append(all, written{dir: dir, how: how{Vars: p.Vars, Env: p.Env}, note: p.Mistake})
	}
	return all, nil
}

// chosen are the projects that were asked for.
func chosen(o options) []generate.Project {
	var all []generate.Project
	if o.mistakes {
		for _, p := range generate.Spoiled() {
			if p.Seed >= o.seed && p.Seed < o.seed+uint64(o.count) {
				all = append(all, p)
			}
		}
		return all
	}
	for i := range o.count {
		all = append(all, generate.New(o.seed+uint64(i)))
	}
	return all
}

func writeProject(dir string, files map[string]string, h how) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	for name, content := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(at, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "how.json"), text, 0o644)
}

// answer is what dbt said.
type answer struct {
	Failed   string            `json:"failed"`
	Errors   map[string]string `json:"errors"`
	Warnings []string          `json:"warnings"`
	Manifest map[string]any    `json:"manifest"`
}

// ask has dbt read the projects, many in one process.
func ask(ctx context.Context, o options, projects []written, out io.Writer) error {
	script := filepath.Join(o.work, "oracle.py")
	if err := os.WriteFile(script, []byte(oracle), 0o644); err != nil {
		return err
	}
	args := []string{script}
	for _, p := range projects {
		args = append(args, p.dir)
	}
	cmd := exec.CommandContext(ctx, o.python, args...)
	cmd.Stdout, cmd.Stderr = io.Discard, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("ask dbt: %w", err)
	}
	return nil
}

func readAnswer(dir string) (answer, error) {
	var a answer
	text, err := os.ReadFile(filepath.Join(dir, "answer.json"))
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(text, &a)
}
