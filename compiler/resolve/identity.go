package resolve

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"unsafe"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// uniqueID joins the parts of a unique id, without those that are empty.
func uniqueID(parts ...string) string {
	if slices.Contains(parts, "") {
		parts = slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" })
	}
	return strings.Join(parts, ".")
}

// fqn is the package, the folders of a path and the name.
func fqn(pkg, relative, name string) []string {
	dir := path.Dir(relative)
	out := append(make([]string, 0, 3+strings.Count(dir, "/")), pkg)
	if dir != "." && dir != "/" {
		for folder := range strings.SplitSeq(dir, "/") {
			out = append(out, folder)
		}
	}
	return append(out, name)
}

// checksum is a file's, which white space around it does not change.
func checksum(text string) manifest.Checksum {
	text = strings.TrimSpace(text)
	// The bytes are only read: they need not be a copy.
	sum := sha256.Sum256(unsafe.Slice(unsafe.StringData(text), len(text)))
	return manifest.Checksum{Name: "sha256", Sum: hex.EncodeToString(sum[:])}
}

func md5Hex(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// versionText is a version as it stands in names.
func versionText(v value.Value) string {
	if v == nil {
		return ""
	}
	return value.Str(v)
}

// versionedName is a model's name with its version, if it has one.
func versionedName(name string, v value.Value) string {
	if v == nil {
		return name
	}
	return name + "_v" + versionText(v)
}
