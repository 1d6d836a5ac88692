package materialize

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/source"
)

// testLimit is the limit of a test as SQL, or empty.
func testLimit(n *manifest.Node) (string, error) {
	switch v := n.Config.Value("limit").(type) {
	case nil:
		return "", nil
	case int64:
		if v >= 0 {
			return strconv.FormatInt(v, 10), nil
		}
	case string:
		if _, err := strconv.ParseUint(v, 10, 63); err == nil {
			return v, nil
		}
	}
	return "", &diag.Failure{Diagnostics: []diag.Diagnostic{{
		Code: "wrong-config-value", Span: known(n.Config.Place("limit"), n.Span),
		What: fmt.Sprintf("%s: limit: %v is not a number of rows", n.Name, n.Config.Value("limit")),
	}}}
}

// integer reads a count as the server may give it.
func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case nil:
		return 0, false
	case int64:
		return v, true
	case uint64:
		return int64(v), v <= math.MaxInt64
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	case *int64:
		if v != nil {
			return *v, true
		}
		return 0, false
	case *uint64:
		if v != nil {
			return int64(*v), *v <= math.MaxInt64
		}
		return 0, false
	case big.Int:
		return v.Int64(), v.IsInt64()
	case *big.Int:
		return v.Int64(), v.IsInt64()
	}
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	return n, err == nil
}

// truth reads a condition: the server gives 0 and 1, or a boolean.
func truth(v any) (bool, bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case uint8:
		return v != 0, true
	}
	switch fmt.Sprint(v) {
	case "1", "true":
		return true, true
	case "0", "false":
		return false, true
	}
	return false, false
}

func known(s, or source.Span) source.Span {
	if s.Known() {
		return s
	}
	return or
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
