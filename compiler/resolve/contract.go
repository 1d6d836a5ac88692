package resolve

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/manifest"
	"github.com/chmod-sql/chmod/compiler/value"
)

// contractChecksum tells contracts apart: by the names, types and constraints
// of the columns, in dbt's words.
func contractChecksum(n *manifest.Node) string {
	if !n.Contract.Enforced {
		return ""
	}
	columns := slices.Clone(n.Columns)
	slices.SortStableFunc(columns, func(a, b manifest.Column) int { return cmp.Compare(a.Name, b.Name) })
	var state strings.Builder
	for _, c := range columns {
		state.WriteString("|" + c.Name)
		if c.DataType == "" {
			state.WriteString("None")
		} else {
			state.WriteString(c.DataType)
		}
		var constraints []string
		for _, k := range c.Constraints {
			constraints = append(constraints, fmt.Sprintf(
				"ColumnLevelConstraint(type=<ConstraintType.%s: '%s'>, name=%s, expression=%s, warn_unenforced=True, warn_unsupported=True, to=%s, to_columns=%s)",
				k.Type, k.Type, reprOr(k.Name), reprOr(k.Expression), reprOr(k.To), reprList(k.ToColumns)))
		}
		state.WriteString("[" + strings.Join(constraints, ", ") + "]")
	}
	sum := sha256.Sum256([]byte(state.String()))
	return hex.EncodeToString(sum[:])
}

func reprOr(text string) string {
	if text == "" {
		return "None"
	}
	return value.Repr(text)
}

func reprList(texts []string) string {
	l := value.NewList()
	for _, t := range texts {
		l.Elems = append(l.Elems, t)
	}
	return value.Repr(l)
}
