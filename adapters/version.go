package adapters

import (
	"fmt"
	"strconv"
	"strings"
)

// Version is a server's version. Major and minor decide what it can do.
type Version struct {
	Major, Minor, Patch int
	// Text is what the server said: "26.7.3.1".
	Text string
}

// ParseVersion reads what version() returns.
func ParseVersion(text string) (Version, error) {
	v := Version{Text: text}
	parts := strings.SplitN(text, ".", 4)
	if len(parts) < 2 {
		return v, fmt.Errorf("server version %q has no major and minor number", text)
	}
	for i, p := range []*int{&v.Major, &v.Minor, &v.Patch} {
		if i >= len(parts) {
			break
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return v, fmt.Errorf("server version %q: %w", text, err)
		}
		*p = n
	}
	return v, nil
}

// AtLeast reports whether the version is major.minor or later.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// Feature is something that only some servers have.
type Feature struct {
	Name         string
	Major, Minor int // the first version that has it
}

// Features whose absence changes a plan.
var (
	ExchangeTables   = Feature{"EXCHANGE TABLES", 20, 11}
	CreateOrReplace  = Feature{"CREATE OR REPLACE VIEW", 20, 12}
	SyncDrop         = Feature{"DROP SYNC", 20, 12}
	LogComment       = Feature{"log_comment", 21, 1}
	LimitSetting     = Feature{"limit as a setting", 21, 1}
	TableComment     = Feature{"table COMMENT", 21, 9}
	ColumnComment    = Feature{"column COMMENT in CREATE", 18, 16}
	CommonTableExprs = Feature{"WITH ... AS (SELECT)", 20, 10}
	Codecs           = Feature{"column codecs", 19, 1}
	TableTTL         = Feature{"table TTL", 19, 6}
	SkipIndexes      = Feature{"data skipping indexes", 19, 6}
	Projections      = Feature{"projections", 21, 6}
	GrantStatement   = Feature{"GRANT", 20, 5}
	ClientSettings   = Feature{"settings as strings", 20, 1}
)

// Has reports whether a server of this version has the feature.
func (v Version) Has(f Feature) bool { return v.AtLeast(f.Major, f.Minor) }
