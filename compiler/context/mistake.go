package context

import (
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/value"
)

// mistake is a diagnostic at the place of a call.
func mistake(c *value.Call, code, what, why, fix string) error {
	return diag.Diagnostic{Code: code, Span: c.Span, What: what, Why: why, Fix: fix}
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// equalFold is equality of values that ignores the case of texts.
func equalFold(a, b value.Value) bool {
	s, ok := a.(string)
	t, ok2 := b.(string)
	if ok && ok2 {
		return strings.EqualFold(s, t)
	}
	return value.Equal(a, b)
}
