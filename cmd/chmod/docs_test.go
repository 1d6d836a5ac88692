package main

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/cmd/internal/command"
)

var updateDocs = flag.Bool("update-docs", false, "write docs/commands.md anew")

// TestCommandsPage holds docs/commands.md to what --help says.
func TestCommandsPage(t *testing.T) {
	var page strings.Builder
	page.WriteString("# Commands\n\nWhat `--help` says, written by `go test ./cmd/chmod -run TestCommandsPage -update-docs`.\n")
	describeCommand(t, &page, nil)
	path := filepath.Join("..", "..", "docs", "commands.md")
	if *updateDocs {
		require.NoError(t, os.WriteFile(path, []byte(page.String()), 0o644))
	}
	written, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(written), page.String(), "run: go test ./cmd/chmod -run TestCommandsPage -update-docs")
}

var listedCommand = regexp.MustCompile(`(?m)^  ([a-z]+) {2,}\S`)

// describeCommand writes the help of a command and of those below it.
func describeCommand(t *testing.T, page *strings.Builder, words []string) {
	t.Helper()
	help := helpOf(t, words)
	page.WriteString("\n#" + strings.Repeat("#", min(len(words), 2)) + " chmod " + strings.Join(words, " "))
	text := page.String()
	page.Reset()
	page.WriteString(strings.TrimRight(text, " ") + "\n\n```text\n" + strings.TrimRight(withoutShared(help, words), "\n") + "\n```\n")
	_, list, _ := strings.Cut(help, "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for _, m := range listedCommand.FindAllStringSubmatch(list, -1) {
		if !slices.Contains([]string{"help", "completion"}, m[1]) {
			describeCommand(t, page, append(slices.Clone(words), m[1]))
		}
	}
}

// withoutShared leaves out what every command's help repeats: the flags of all
// commands, which the first section has.
func withoutShared(help string, words []string) string {
	if len(words) == 0 {
		return help
	}
	help, _, _ = strings.Cut(help, "\nGlobal Flags:")
	return help
}

func helpOf(t *testing.T, words []string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := command.Main(append(slices.Clone(words), "--help"), command.Surroundings{
		Version: "dev", In: strings.NewReader(""), Out: &out, Err: &errs,
		Env: func(string) (string, bool) { return "", false },
	})
	require.Zero(t, code, errs.String())
	return out.String()
}

// TestErrorsPageNamesEveryCode reads the codes of diagnostics out of the
// source, and looks for each in docs/errors.md.
func TestErrorsPageNamesEveryCode(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "errors.md"))
	require.NoError(t, err)
	codes := diagnosticCodes(t)
	require.Greater(t, len(codes), 50)
	var missing []string
	for code, place := range codes {
		if !strings.Contains(string(text), "`"+code+"`") {
			missing = append(missing, code+" "+place)
		}
	}
	require.Empty(t, missing, "docs/errors.md does not explain these")
}

// diagnosticCodes are the values of fields named Code that are written out, by
// code with one place.
func diagnosticCodes(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	root := filepath.Join("..", "..")
	for _, room := range []string{"compiler", "dag", "materialize", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				pair, ok := n.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				key, ok := pair.Key.(*ast.Ident)
				literal, isText := pair.Value.(*ast.BasicLit)
				if ok && isText && key.Name == "Code" && literal.Kind == token.STRING {
					if code, err := strconv.Unquote(literal.Value); err == nil && strings.ToLower(code) == code {
						codes[code] = files.Position(pair.Pos()).String()
					}
				}
				return true
			})
			return nil
		})
		require.NoError(t, err)
	}
	return codes
}

var markdownLink = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)

// TestLinks follows the links between the pages.
func TestLinks(t *testing.T) {
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range markdownLink.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(m[1], "://") {
				_, err := os.Stat(filepath.Join(filepath.Dir(page), m[1]))
				require.NoError(t, err, page)
			}
		}
	}
}

// unseen are codes that no golden can show, with the reason.
var unseen = map[string]string{
	"unknown-node":   "the command line hands on only ids that the project has",
	"description":    "a failure of reading a description that is none of the user's mistakes",
	"jinja-call":     "a Go function of the context that fails without a diagnostic of its own",
	"test-warned":    "shown as the failure of a test, in build_warnings_shown.txtar",
	"host-left-out":  "needs a cluster with a host that is down: cmd/clustertest looks at it",
	"old-table-left": "needs a server that fails at one moment: materialize's tests of failures look at it",
}

// TestErrorsPageIsShown looks for each code of docs/errors.md in the goldens:
// what a user sees with it has been read by somebody.
func TestErrorsPageIsShown(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "docs", "errors.md"))
	require.NoError(t, err)
	var goldens strings.Builder
	for _, dir := range []string{"cmd/chmod/testdata/mistakes", "cmd/chmod/testdata/script", "compiler/testdata/diagnostics", "materialize/testdata/plans"} {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.txtar"))
		require.NoError(t, err)
		require.NotEmpty(t, files, dir)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			goldens.Write(text)
		}
	}
	codes := 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for _, m := range code.FindAllStringSubmatch(strings.Split(line, "|")[1], -1) {
			codes++
			// Plans write "error code:", all others "error[code]:".
			shown := regexp.MustCompile(`(error|warning)(\[` + m[1] + `\]| ` + m[1] + `):`).MatchString(goldens.String())
			require.Equal(t, unseen[m[1]] == "", shown, "%s: no golden shows it, or it is no longer unseen", m[1])
		}
	}
	require.Greater(t, codes, 100)
}

var code = regexp.MustCompile("`([a-z-]+)`")
