package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// EngineVariable names the environment variable that overrides the search.
const EngineVariable = "CHMOD_ENGINE"

// Search says where to look for an engine. The zero value looks everywhere
// except in a project.
type Search struct {
	// Project is the project's folder. Its .chmod/engine is searched, and
	// .engine in it and in every folder above it.
	Project string
	// Getenv is os.Getenv when nil.
	Getenv func(string) string
	// LookPath is exec.LookPath when nil.
	LookPath func(string) (string, error)
	// System is the folder of libraries of the whole machine,
	// "/usr/local/lib" when empty.
	System string
}

// NotFound is the error of [Find] when there is no engine.
type NotFound struct {
	Looked []string // in the order of the search
}

func (e *NotFound) Error() string {
	return "no ClickHouse engine found: run `chmod engine install`" +
		", or set " + EngineVariable + " to a libchdb library or a clickhouse binary\nlooked for:\n  " +
		strings.Join(e.Looked, "\n  ")
}

// Find locates an engine: what CHMOD_ENGINE names, the project's own, the
// user's, the machine's, a clickhouse binary on PATH. The first that is there
// is the answer. A CHMOD_ENGINE that names no engine is an error, never
// skipped; with nothing found the error is a [*NotFound].
func Find(search Search) (Engine, error) {
	getenv := search.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	if path := getenv(EngineVariable); path != "" {
		engine, err := engineAt(path)
		if err != nil {
			return Engine{}, fmt.Errorf("the engine that %s names: %w", EngineVariable, err)
		}
		return engine, nil
	}
	missing := &NotFound{Looked: []string{EngineVariable + " (not set)"}}
	for _, folder := range folders(search, getenv) {
		for _, name := range libraryNames() {
			engine, err := engineAt(filepath.Join(folder, name))
			if err == nil {
				return engine, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return Engine{}, fmt.Errorf("look for an engine: %w", err)
			}
		}
		missing.Looked = append(missing.Looked, filepath.Join(folder, libraryNames()[0]))
	}
	lookPath := search.LookPath
	if lookPath == nil {
		lookPath = exec.LookPath
	}
	if path, err := lookPath("clickhouse"); err == nil {
		return engineAt(path)
	}
	missing.Looked = append(missing.Looked, "clickhouse on PATH")
	return Engine{}, missing
}

// folders lists where a library may lie, nearest first.
func folders(search Search, getenv func(string) string) []string {
	var found []string
	if search.Project != "" {
		if project, err := filepath.Abs(search.Project); err == nil {
			found = append(found, ProjectFolder(project))
			for dir := project; ; dir = filepath.Dir(dir) {
				found = append(found, filepath.Join(dir, ".engine"))
				if dir == filepath.Dir(dir) {
					break
				}
			}
		}
	}
	if user := userFolder(getenv); user != "" {
		found = append(found, user)
	}
	system := search.System
	if system == "" {
		system = "/usr/local/lib"
	}
	return append(found, system)
}

// ProjectFolder is where a project keeps an engine of its own.
func ProjectFolder(project string) string {
	return filepath.Join(project, ".chmod", "engine")
}

// UserFolder is where `chmod engine install` puts the engine for all projects
// of a user. It is empty when the user has no home.
func UserFolder() string { return userFolder(os.Getenv) }

func userFolder(getenv func(string) string) string {
	if data := getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "chmod", "engine")
	}
	if home := getenv("HOME"); home != "" {
		return filepath.Join(home, ".local", "share", "chmod", "engine")
	}
	return ""
}
