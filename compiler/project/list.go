package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Found is a file of a project.
type Found struct {
	Dir      string // the resource folder: models
	Rel      string // relative to Dir: staging/a.sql
	Original string // relative to the project: models/staging/a.sql
	Abs      string
	Shown    string // as the user is told: with the package's folder
}

// Listing is the files below a project's resource folders.
type Listing struct {
	dirs map[string][]Found
}

// List walks the project's resource folders. Folders that do not exist are
// empty; symbolic links are followed; hidden files, those .dbtignore names, and
// what is no file (a pipe, a socket) are left out.
func (p *Project) List() (*Listing, error) {
	ignored, err := readIgnore(p.Root)
	if err != nil {
		return nil, err
	}
	l := &Listing{dirs: map[string][]Found{}}
	for _, dirs := range [][]string{p.ModelPaths, p.SeedPaths, p.SnapshotPaths, p.AnalysisPaths, p.MacroPaths, p.TestPaths,
		p.DocsPaths, p.FunctionPaths} {
		for _, dir := range dirs {
			if _, ok := l.dirs[dir]; ok {
				continue
			}
			w := walk{project: p, dir: dir, ignored: ignored, open: map[string]bool{}}
			if err := w.folder(filepath.Join(p.Root, filepath.FromSlash(dir)), ""); err != nil {
				return nil, err
			}
			slices.SortFunc(w.found, func(a, b Found) int { return strings.Compare(a.Rel, b.Rel) })
			l.dirs[dir] = w.found
		}
	}
	return l, nil
}

// In gives the files below the folders that end in one of the extensions,
// such as ".sql": sorted within each folder, and each file once.
func (l *Listing) In(dirs []string, extensions ...string) []Found {
	var out []Found
	var seen map[string]bool
	if len(dirs) > 1 {
		seen = map[string]bool{}
	}
	for _, dir := range dirs {
		for _, f := range l.dirs[dir] {
			if !slices.ContainsFunc(extensions, func(e string) bool { return strings.HasSuffix(f.Rel, e) }) || seen[f.Original] {
				continue
			}
			if seen != nil {
				seen[f.Original] = true
			}
			out = append(out, f)
		}
	}
	return out
}

// extensions are of files that a project is made of.
var extensions = []string{".sql", ".py", ".yml", ".yaml", ".md", ".csv"}

type walk struct {
	project *Project
	dir     string
	ignored *ignore
	// open are the folders that the links on the way lead to.
	open  map[string]bool
	found []Found
}

func (w *walk) folder(abs, rel string) error {
	entries, err := os.ReadDir(abs)
	if errors.Is(err, fs.ErrNotExist) && rel == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list %s: %w", path.Join(w.dir, rel), err)
	}
	for _, e := range entries {
		name := e.Name()
		if strings.ContainsRune(".#~", rune(name[0])) {
			continue
		}
		at, below := filepath.Join(abs, name), path.Join(rel, name)
		isDir, link, regular := e.IsDir(), e.Type()&fs.ModeSymlink != 0, e.Type().IsRegular()
		original := path.Join(w.dir, below)
		if link {
			info, err := os.Stat(at)
			if err != nil {
				if w.ignored.match(original, false) || !slices.Contains(extensions, path.Ext(name)) {
					continue
				}
				return fmt.Errorf("follow the link %s: %w", original, err)
			}
			isDir, regular = info.IsDir(), info.Mode().IsRegular()
		}
		if w.ignored.match(original, isDir) {
			continue
		}
		if !isDir && !regular {
			continue
		}
		if !isDir {
			w.found = append(w.found, Found{
				Dir: w.dir, Rel: below, Original: original, Abs: at,
				Shown: path.Join(w.project.Prefix, original),
			})
			continue
		}
		if original == w.project.PackagesPath || original == w.project.TargetPath {
			continue
		}
		if link {
			err = w.follow(abs, at, below)
		} else {
			err = w.folder(at, below)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// follow walks the folder a link in dir leads to, unless that is where the
// walk already is.
func (w *walk) follow(dir, link, rel string) error {
	real, err := filepath.EvalSymlinks(link)
	if err != nil {
		return fmt.Errorf("follow %s: %w", path.Join(w.dir, rel), err)
	}
	here, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("follow %s: %w", path.Join(w.dir, rel), err)
	}
	above := strings.HasPrefix(here+string(filepath.Separator), real+string(filepath.Separator))
	if above || w.open[real] {
		return nil
	}
	w.open[real] = true
	defer delete(w.open, real)
	return w.folder(link, rel)
}
