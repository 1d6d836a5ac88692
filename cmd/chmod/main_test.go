package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/chmod-sql/chmod/adapters/embedded"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"chmod": func() { os.Exit(run(os.Args[1:])) },
	})
}

// TestScripts runs testdata/script: each file is what a user does and sees.
func TestScripts(t *testing.T) {
	engine, err := embedded.Find(embedded.Search{Project: "."})
	if err != nil {
		t.Fatalf("the scripts need the engine: run make engine (%v)", err)
	}
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := exec.LookPath("chmod")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("CHMOD_ENGINE", engine.Path)
			e.Setenv("EXAMPLES", examples)
			e.Setenv("CHMOD", self)
			e.Setenv("HOME", e.WorkDir)
			// A script that fails must not leave an engine behind.
			e.Defer(func() { stopEngine(t, filepath.Join(e.WorkDir, ".chmod", "warehouse")) })
			// Nothing of the caller's own settings may get in.
			for _, pair := range os.Environ() {
				if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "DBT_") {
					e.Setenv(name, "")
				}
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"copy-tree": copyTree,
			"exits":     exits,
			"settle":    settle,

			"join-engine": joinEngine,
			"join-http":   joinHTTP,
		},
	})
}

// stopEngine stops the engine that runs on a warehouse, if one does.
func stopEngine(t *testing.T, warehouse string) {
	server, running, err := embedded.Attach(warehouse)
	if err == nil && running {
		err = server.Stop(context.Background())
	}
	if err != nil {
		t.Errorf("stop the engine on %s: %v", warehouse, err)
	}
}

// exits runs a command that must end with an exit code: exits 2 chmod build.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, not %d", code, want)
	}
}

// engineSaid is how to get in, as engine start says it.
var engineSaid = regexp.MustCompile(`port (\d+), user (\w+), password (\w+)`)

// joinEngine sets PORT, ENGINE_USER and PASSWORD to what engine start has just
// said.
func joinEngine(ts *testscript.TestScript, neg bool, args []string) {
	said := engineSaid.FindStringSubmatch(ts.ReadFile("stdout"))
	if neg || len(args) > 0 || said == nil {
		ts.Fatalf("usage: join-engine, after exec chmod engine start")
	}
	ts.Setenv("PORT", said[1])
	ts.Setenv("ENGINE_USER", said[2])
	ts.Setenv("PASSWORD", said[3])
}

// httpSaid is where the engine listens for HTTP, as engine start --http says it.
var httpSaid = regexp.MustCompile(`HTTP: http://[^:]+:(\d+)/`)

// joinHTTP sets HTTP_PORT to what engine start --http has just said.
func joinHTTP(ts *testscript.TestScript, neg bool, args []string) {
	said := httpSaid.FindStringSubmatch(ts.ReadFile("stdout"))
	if neg || len(args) > 0 || said == nil {
		ts.Fatalf("usage: join-http, after exec chmod engine start --http")
	}
	ts.Setenv("HTTP_PORT", said[1])
}

// changing is what differs from call to call in what is written.
var changing = []struct{ pattern, as string }{
	{`__chmod_[0-9a-z]+`, "__chmod_ID"},
	{`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, "UUID"},
	{`chmod-[0-9a-z]{27}-[0-9a-f]{8}-[0-9a-f]{4}`, "QUERY"},
	{`(?m)^\d\d:\d\d:\d\d\b`, "TIME"},
	{`\b\d+(\.\d+)?s\b`, "SECONDS"},
	{`ClickHouse \d+\.\d[\d.]*\d`, "ClickHouse VERSION"},
}

// settle writes what a command said to a file, without what changes from call
// to call: settle stdout FILE.
func settle(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: settle stdout FILE")
	}
	text := ts.ReadFile(args[0])
	for _, c := range changing {
		text = regexp.MustCompile(c.pattern).ReplaceAllString(text, c.as)
	}
	text = strings.ReplaceAll(text, ts.Getenv("WORK"), "$WORK")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// copyTree copies a folder: copy-tree FROM TO. Artifacts of runs stay behind.
func copyTree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: copy-tree FROM TO")
	}
	ts.Check(copyFolder(ts.MkAbs(args[0]), ts.MkAbs(args[1])))
}

func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if rel != "." && slices.Contains([]string{".chmod", "target", "logs"}, d.Name()) {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o644)
	})
}
