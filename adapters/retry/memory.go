package retry

import (
	"errors"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/adapters"
)

// TooBig reports whether a statement failed because it needed more than it may
// have at once: less work at once, or work on the disk, may do.
func TooBig(err error) bool {
	var s *adapters.ServerError
	if !errors.As(err, &s) {
		return false
	}
	switch s.Code {
	case
		158, // TOO_MANY_ROWS: to read, to sort or to group by
		191, // SET_SIZE_LIMIT_EXCEEDED: the right side of a join or of IN
		241, // MEMORY_LIMIT_EXCEEDED
		307, // TOO_MANY_BYTES
		396: // TOO_MANY_ROWS_OR_BYTES
		return true
	}
	return false
}

// Spare are settings with which a statement needs less memory than it did when
// it failed; none when they would not help.
func Spare(v adapters.Version, err error) map[string]any {
	var s *adapters.ServerError
	if !errors.As(err, &s) || s.Code != 241 && s.Code != 191 {
		return nil
	}
	limit := limitIn(s.Message)
	settings := map[string]any{
		"max_bytes_before_external_group_by": limit / 4,
		"max_bytes_before_external_sort":     limit / 4,
		// Each thread has states and buffers of its own.
		"max_threads":                 1,
		"min_insert_block_size_bytes": min(limit/16, 64<<20),
	}
	if v.AtLeast(20, 1) {
		settings["max_insert_threads"] = 1
	}
	if v.AtLeast(22, 12) {
		settings["join_algorithm"] = "grace_hash,hash"
		settings["max_bytes_in_join"] = limit / 4
	}
	return settings
}

// usualLimit is taken where a server does not say what it allows.
const usualLimit = 4 << 30

// maximum is what servers say of a limit.
var maximum = regexp.MustCompile(`maximum: (\d+(?:\.\d+)?) ?(B|bytes|KiB|MiB|GiB|TiB)`)

// limitIn is the limit of memory that a complaint names, in bytes.
func limitIn(message string) int64 {
	m := maximum.FindStringSubmatch(message)
	if m == nil {
		return usualLimit
	}
	number, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return usualLimit
	}
	power := strings.Index("KMGT", m[2][:1]) + 1
	for range power {
		number *= 1024
	}
	if number < 16<<10 || number > 1<<50 {
		return usualLimit
	}
	return int64(number)
}

// spare adds settings to a statement that answer the lack of memory it failed
// for. What it says itself stays.
func spare(st adapters.Statement, v adapters.Version, err error) adapters.Statement {
	settings := Spare(v, err)
	if settings == nil {
		return st
	}
	maps.Copy(settings, st.Settings)
	st.Settings = settings
	return st
}
