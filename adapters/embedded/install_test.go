package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// npmArchive packs files as npm does.
func npmArchive(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	packed := tar.NewWriter(zipped)
	for _, name := range []string{"package/package.json", "package/libchdb.so", "libchdb.so", "package/../libchdb.so"} {
		if text, ok := files[name]; ok {
			require.NoError(t, packed.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644, Typeflag: tar.TypeReg}))
			_, err := packed.Write([]byte(text))
			require.NoError(t, err)
		}
	}
	require.NoError(t, packed.Close())
	require.NoError(t, zipped.Close())
	return out.Bytes()
}

func integrityOf(data []byte) string {
	sum := sha512.Sum512(data)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// fakeRegistry serves one archive and counts how often.
type fakeRegistry struct {
	*httptest.Server
	downloads atomic.Int64
}

func serveArchive(t *testing.T, archive []byte) *fakeRegistry {
	t.Helper()
	fake := &fakeRegistry{}
	fake.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/npm/@chdb/lib-test/-/lib-test-1.2.3.tgz":
			fake.downloads.Add(1)
			_, _ = w.Write(archive)
		case "/npm/@chdb/lib-test/1.2.3":
			_, _ = io.WriteString(w, `{"dist": {"tarball": "`+fake.URL+`/npm/@chdb/lib-test/-/lib-test-1.2.3.tgz", "integrity": "`+integrityOf(archive)+`"}}`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(fake.Close)
	return fake
}

func (f *fakeRegistry) getenv(name string) string {
	if name == "npm_config_registry" {
		return f.URL + "/npm/"
	}
	return ""
}

func TestInstallChecksAndUnpacks(t *testing.T) {
	archive := npmArchive(t, map[string]string{"package/package.json": "{}", "package/libchdb.so": "the library"})
	for name, pin := range map[string]string{"pinned": integrityOf(archive), "by the registry's word": ""} {
		t.Run(name, func(t *testing.T) {
			registry := serveArchive(t, archive)
			dir := filepath.Join(t.TempDir(), "deep", "engine")
			release := Release{Package: "@chdb/lib-test", Version: "1.2.3", Integrity: pin}
			var done, total int64
			for range 2 {
				engine, err := installRelease(t.Context(), dir, release, registry.getenv, func(d, t int64) { done, total = d, t })
				require.NoError(t, err)
				require.Equal(t, Engine{Kind: Library, Path: filepath.Join(dir, "libchdb.so")}, engine)
			}
			require.EqualValues(t, 1, registry.downloads.Load(), "what is there is not downloaded again")
			require.EqualValues(t, len(archive), done)
			require.EqualValues(t, len(archive), total)
			text, err := os.ReadFile(filepath.Join(dir, "libchdb.so"))
			require.NoError(t, err)
			require.Equal(t, "the library", string(text))

			require.NoError(t, os.WriteFile(filepath.Join(dir, "libchdb.so"), []byte("cut"), 0o700))
			_, err = installRelease(t.Context(), dir, release, registry.getenv, nil)
			require.NoError(t, err)
			require.EqualValues(t, 2, registry.downloads.Load(), "what is damaged is")
		})
	}
}

func TestInstallRefusesWhatWasNotPublished(t *testing.T) {
	good := npmArchive(t, map[string]string{"package/libchdb.so": "the library"})
	for name, test := range map[string]struct {
		archive   []byte
		integrity string
		complaint string
	}{
		"other content":     {npmArchive(t, map[string]string{"package/libchdb.so": "another"}), integrityOf(good), "not what was published"},
		"cut":               {good[:len(good)-9], integrityOf(good), "not what was published"},
		"longer":            {append(bytes.Clone(good), 0), integrityOf(good), "not what was published"},
		"not an archive":    {[]byte("<html>"), integrityOf(good), "not what was published"},
		"no library":        {npmArchive(t, map[string]string{"package/package.json": "{}"}), "", "no library"},
		"library elsewhere": {npmArchive(t, map[string]string{"libchdb.so": "x", "package/../libchdb.so": "x"}), "", "no library"},
		"weak hash":         {good, "sha1-XP97mMqnc5tZpKQywR8N7cLTsHM=", "is not sha512"},
		"damaged pin":       {good, "sha512-XP97", "damaged"},
		"nothing there":     {nil, integrityOf(good), "not what was published"},
	} {
		t.Run(name, func(t *testing.T) {
			registry := serveArchive(t, test.archive)
			dir := t.TempDir()
			release := Release{Package: "@chdb/lib-test", Version: "1.2.3", Integrity: test.integrity}
			_, err := installRelease(t.Context(), dir, release, registry.getenv, nil)
			require.ErrorContains(t, err, test.complaint)
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			for _, entry := range entries {
				require.Equal(t, ".install.lock", entry.Name(), "nothing is left")
			}
		})
	}
}

func TestInstallByManyAtOnceDownloadsOnce(t *testing.T) {
	archive := npmArchive(t, map[string]string{"package/libchdb.so": strings.Repeat("library", 10_000)})
	registry := serveArchive(t, archive)
	dir := t.TempDir()
	release := Release{Package: "@chdb/lib-test", Version: "1.2.3", Integrity: integrityOf(archive)}
	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		all.Go(func() { _, errs[i] = installRelease(t.Context(), dir, release, registry.getenv, nil) })
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, registry.downloads.Load())
}

func TestInstallSaysWhatTheRegistryAnswers(t *testing.T) {
	registry := serveArchive(t, nil)
	_, err := installRelease(t.Context(), t.TempDir(), Release{Package: "@chdb/lib-absent", Version: "1.2.3"}, registry.getenv, nil)
	require.ErrorContains(t, err, "@chdb/lib-absent")
	require.ErrorContains(t, err, "404")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = installRelease(ctx, t.TempDir(), Release{Package: "@chdb/lib-test", Version: "1.2.3"}, registry.getenv, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestEveryReleasePlatformHasAnEngine(t *testing.T) {
	seen := map[string]bool{}
	for _, platform := range [][2]string{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}} {
		release, err := ReleaseFor(platform[0], platform[1])
		require.NoError(t, err)
		require.Equal(t, EngineVersion, release.Version)
		require.False(t, seen[release.Package])
		seen[release.Package] = true
		if release.Integrity != "" {
			_, err := newIntegrity(release.Integrity)
			require.NoError(t, err)
		}
	}
	_, err := ReleaseFor("plan9", "mips")
	require.ErrorContains(t, err, "plan9/mips")
}

func FuzzUnpack(f *testing.F) {
	f.Add(npmArchive(f, map[string]string{"package/package.json": "{}", "package/libchdb.so": "the library"}))
	f.Add([]byte("not an archive"))
	f.Fuzz(func(t *testing.T, archive []byte) {
		dir := t.TempDir()
		name, length, err := unpack(bytes.NewReader(archive), integrityOf(archive), dir)
		entries, readErr := os.ReadDir(dir)
		require.NoError(t, readErr)
		if err != nil {
			require.Empty(t, entries)
			return
		}
		require.Len(t, entries, 1)
		require.Equal(t, name, entries[0].Name())
		info, err := entries[0].Info()
		require.NoError(t, err)
		require.Equal(t, length, info.Size())
	})
}
