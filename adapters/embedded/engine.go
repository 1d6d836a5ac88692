package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Kind says how an engine is run.
type Kind string

const (
	// Library is libchdb, loaded into the child process.
	Library Kind = "library"
	// Binary is a `clickhouse` program, started as `clickhouse server`.
	Binary Kind = "binary"
)

// Engine is a ClickHouse that can be started. The zero value is none.
type Engine struct {
	Kind Kind   `json:"kind"`
	Path string `json:"path"` // absolute
}

func (e Engine) String() string { return e.Path }

// engineAt says what kind of engine the file at path is, by its name.
func engineAt(path string) (Engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Engine{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Engine{}, err
	}
	if !info.Mode().IsRegular() {
		return Engine{}, fmt.Errorf("%s is not a file", path)
	}
	switch filepath.Ext(path) {
	case ".so", ".dylib":
		return Engine{Kind: Library, Path: path}, nil
	}
	if !strings.HasPrefix(filepath.Base(path), "clickhouse") {
		return Engine{}, fmt.Errorf("%s is neither libchdb (.so, .dylib) nor a clickhouse binary", path)
	}
	if info.Mode().Perm()&0o111 == 0 {
		return Engine{}, fmt.Errorf("%s is not executable", path)
	}
	return Engine{Kind: Binary, Path: path}, nil
}

// libraryNames are the names the library has been published under.
func libraryNames() []string { return []string{"libchdb.so", "libchdb.dylib"} }
