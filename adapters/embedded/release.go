package embedded

import (
	"fmt"
	"runtime"
)

// Release is a published engine for one platform.
type Release struct {
	Package string
	Version string
	// Integrity is the subresource integrity of the archive ("sha512-…").
	// Empty means that it is not pinned here: the registry's own figure, read
	// over TLS, is then what the download is checked against.
	Integrity string
}

// EngineVersion is the version of the library that chmod is tested with.
const EngineVersion = "26.7.3-stable.1"

// ReleaseFor returns the release for a platform, named as Go names it.
func ReleaseFor(goos, goarch string) (Release, error) {
	switch goos + "/" + goarch {
	case "linux/amd64":
		return Release{
			Package:   "@chdb/lib-linux-x64-gnu",
			Version:   EngineVersion,
			Integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
		}, nil
	case "linux/arm64":
		return Release{Package: "@chdb/lib-linux-arm64-gnu", Version: EngineVersion}, nil
	case "darwin/amd64":
		return Release{Package: "@chdb/lib-darwin-x64", Version: EngineVersion}, nil
	case "darwin/arm64":
		return Release{Package: "@chdb/lib-darwin-arm64", Version: EngineVersion}, nil
	}
	return Release{}, fmt.Errorf("there is no engine library for %s/%s: install ClickHouse itself, or set %s to its binary",
		goos, goarch, EngineVariable)
}

func thisRelease() (Release, error) { return ReleaseFor(runtime.GOOS, runtime.GOARCH) }
