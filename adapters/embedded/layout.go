package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// layout is a warehouse's folder; its methods name what lies in it.
type layout string

func (l layout) lock() string      { return filepath.Join(string(l), "lock") }
func (l layout) version() string   { return filepath.Join(string(l), "version") }
func (l layout) state() string     { return filepath.Join(string(l), "engine.json") }
func (l layout) data() string      { return filepath.Join(string(l), "data") }
func (l layout) run() string       { return filepath.Join(string(l), "run") }
func (l layout) config() string    { return filepath.Join(l.run(), "config.xml") }
func (l layout) startup() string   { return filepath.Join(l.run(), "start.sql") }
func (l layout) logs() string      { return filepath.Join(string(l), "logs") }
func (l layout) serverLog() string { return filepath.Join(l.logs(), "server.log") }
func (l layout) errorLog() string  { return filepath.Join(l.logs(), "engine.err") }

// layoutVersion is the version of the folder's arrangement, not of ClickHouse.
const layoutVersion = 1

// open makes the folder usable: created when absent, refused when a newer
// chmod arranged it. Everything in it is for its owner only.
func (l layout) open() error {
	if err := os.MkdirAll(string(l), 0o700); err != nil {
		return fmt.Errorf("create the warehouse: %w", err)
	}
	if err := os.Chmod(string(l), 0o700); err != nil {
		return fmt.Errorf("close the warehouse to others: %w", err)
	}
	text, err := os.ReadFile(l.version())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read the version of the warehouse: %w", err)
	}
	version, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return fmt.Errorf("%s does not hold a version: %q", l.version(), text)
	}
	if version > layoutVersion {
		return fmt.Errorf("the warehouse %s was made by a newer chmod (layout %d, this one knows %d): upgrade chmod",
			string(l), version, layoutVersion)
	}
	return nil
}

// prepare lays out the folders of a warehouse that this process has locked.
func (l layout) prepare() error {
	// run/ holds only what is written anew for each start.
	if err := os.RemoveAll(l.run()); err != nil {
		return fmt.Errorf("clear %s: %w", l.run(), err)
	}
	for _, dir := range []string{l.data(), l.run(), l.logs()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("prepare the warehouse: %w", err)
		}
	}
	if err := os.Remove(l.state()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the last engine's state: %w", err)
	}
	if err := writeFile(filepath.Join(string(l), ".gitignore"), "*\n"); err != nil {
		return err
	}
	return writeFile(l.version(), strconv.Itoa(layoutVersion)+"\n")
}

// prepareDatabases declares `system` and `default` as ordinary Atomic
// databases before the library first sees the folder. Left alone, it makes
// `system` a Memory one, whose query_log breaks on the second start and hangs
// SYSTEM FLUSH LOGS, and `default` an overlay that serves the host's files as
// tables and takes no RENAME.
func (l layout) prepareDatabases() error {
	metadata := filepath.Join(l.data(), "metadata")
	if err := os.MkdirAll(metadata, 0o700); err != nil {
		return fmt.Errorf("prepare the databases: %w", err)
	}
	for _, database := range []string{"system", "default"} {
		declaration := filepath.Join(metadata, database+".sql")
		if _, err := os.Stat(declaration); err == nil {
			continue
		}
		id := uuid.NewString()
		store := filepath.Join(l.data(), "store", id[:3], id)
		if err := os.MkdirAll(store, 0o700); err != nil {
			return fmt.Errorf("prepare database %s: %w", database, err)
		}
		link := filepath.Join(metadata, database)
		if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("prepare database %s: %w", database, err)
		}
		// Relative, so that the folder can be moved.
		if err := os.Symlink(filepath.Join("..", "store", id[:3], id), link); err != nil {
			return fmt.Errorf("prepare database %s: %w", database, err)
		}
		// Last: the declaration is what says that the rest is there.
		if err := writeFile(declaration, "ATTACH DATABASE _ UUID '"+id+"'\nENGINE = Atomic\n"); err != nil {
			return err
		}
	}
	return nil
}

// writeFile replaces a file at once, readable by its owner only.
func writeFile(path, text string) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func newPassword() string { return rand.Text() }
