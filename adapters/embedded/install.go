package embedded

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// Install downloads this platform's engine library into dir and returns it. An
// engine of the same release that is there already is kept. The library
// appears under its name only when it is whole and checked; several processes
// may install into one folder at once, and one of them does it.
//
// progress, when not nil, is called with the bytes downloaded so far; total is
// -1 when the registry does not say it.
func Install(ctx context.Context, dir string, progress func(done, total int64)) (Engine, error) {
	release, err := thisRelease()
	if err != nil {
		return Engine{}, err
	}
	return installRelease(ctx, dir, release, os.Getenv, progress)
}

func installRelease(ctx context.Context, dir string, release Release, getenv func(string) string, progress func(done, total int64)) (Engine, error) {
	engine, err := installLocked(ctx, dir, release, getenv, progress)
	if err != nil {
		return Engine{}, fmt.Errorf("install the engine %s@%s: %w", release.Package, release.Version, err)
	}
	return engine, nil
}

func installLocked(ctx context.Context, dir string, release Release, getenv func(string) string, progress func(done, total int64)) (Engine, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Engine{}, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, ".install.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return Engine{}, err
	}
	defer lock.Close()
	if err := waitFlock(ctx, lock); err != nil {
		return Engine{}, err
	}
	if engine, ok := installed(dir, release); ok {
		return engine, nil
	}
	registry, err := newRegistry(ctx, release, getenv)
	if err != nil {
		return Engine{}, err
	}
	body, size, expected, err := registry.archive(ctx, release)
	if err != nil {
		return Engine{}, err
	}
	defer body.Close()
	name, length, err := unpack(&counted{body, 0, size, progress}, expected, dir)
	if err != nil {
		return Engine{}, err
	}
	if err := writeReceipt(dir, receipt{release.Package, release.Version, name, length}); err != nil {
		return Engine{}, err
	}
	return engineAt(filepath.Join(dir, name))
}

// waitFlock waits for the lock in a way that ctx can end.
func waitFlock(ctx context.Context, lock *os.File) error {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := flock(lock, unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for another installation: %w", ctx.Err())
		}
	}
}

// unpack takes the library out of an archive and puts it into dir, if the
// archive has the expected integrity. It returns the library's name and length.
func unpack(archive io.Reader, expected, dir string) (name string, length int64, err error) {
	integrity, err := newIntegrity(expected)
	if err != nil {
		return "", 0, err
	}
	// What is unpacked before the check is kept under a temporary name.
	archive = io.TeeReader(archive, integrity)
	temporary, err := os.CreateTemp(dir, ".libchdb-*")
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(temporary.Name())
	defer temporary.Close()
	name, length, err = extractLibrary(archive, temporary)
	if err != nil {
		return "", 0, err
	}
	// The rest of the archive counts too.
	if _, err := io.Copy(io.Discard, archive); err != nil {
		return "", 0, err
	}
	if err := integrity.check(); err != nil {
		return "", 0, err
	}
	if name == "" {
		return "", 0, errors.New("there is no library in the archive")
	}
	if err := temporary.Chmod(0o755); err != nil {
		return "", 0, err
	}
	if err := temporary.Sync(); err != nil {
		return "", 0, err
	}
	if err := temporary.Close(); err != nil {
		return "", 0, err
	}
	return name, length, os.Rename(temporary.Name(), filepath.Join(dir, name))
}

// maxLibrary bounds what an archive may unpack to.
const maxLibrary = 4 << 30

// extractLibrary copies the library in an npm archive to out. An archive that
// is damaged in a way that the integrity will show is not an error here.
func extractLibrary(archive io.Reader, out io.Writer) (name string, length int64, err error) {
	plain, err := gzip.NewReader(archive)
	if err != nil {
		return "", 0, nil
	}
	files := tar.NewReader(plain)
	for {
		header, err := files.Next()
		if err != nil {
			return "", 0, nil
		}
		base := path.Base(header.Name)
		if header.Typeflag != tar.TypeReg || header.Name != "package/"+base || !slices.Contains(libraryNames(), base) {
			continue
		}
		if header.Size > maxLibrary {
			return "", 0, fmt.Errorf("the library in the archive is %d bytes long", header.Size)
		}
		length, err = io.Copy(out, files)
		return base, length, err
	}
}

// receipt says what was installed, so that it is not installed again.
type receipt struct {
	Package string `json:"package"`
	Version string `json:"version"`
	File    string `json:"file"`
	Length  int64  `json:"length"`
}

func receiptPath(dir string) string { return filepath.Join(dir, "libchdb.json") }

func writeReceipt(dir string, r receipt) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeFile(receiptPath(dir), string(text)+"\n")
}

// installed looks for the engine of a release; anything odd about it means
// that it is not there.
func installed(dir string, release Release) (Engine, bool) {
	text, err := os.ReadFile(receiptPath(dir))
	if err != nil {
		return Engine{}, false
	}
	var r receipt
	if json.Unmarshal(text, &r) != nil || r.Package != release.Package || r.Version != release.Version ||
		!slices.Contains(libraryNames(), r.File) {
		return Engine{}, false
	}
	info, err := os.Stat(filepath.Join(dir, r.File))
	if err != nil || info.Size() != r.Length {
		return Engine{}, false
	}
	engine, err := engineAt(filepath.Join(dir, r.File))
	return engine, err == nil
}

// counted tells progress what has been read.
type counted struct {
	in          io.Reader
	done, total int64
	progress    func(done, total int64)
}

func (c *counted) Read(buffer []byte) (int, error) {
	n, err := c.in.Read(buffer)
	c.done += int64(n)
	if c.progress != nil && n > 0 {
		c.progress(c.done, c.total)
	}
	return n, err
}
