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
		state.WriteString(reprConstraints(c.Constraints, false))
	}
	if m := n.Materialized(); m == "table" || m == "incremental" {
		state.WriteString(m + reprConstraints(n.Constraints, true))
	}
	sum := sha256.Sum256([]byte(state.String()))
	return hex.EncodeToString(sum[:])
}

// reprConstraints are constraints as Python prints them; those of a model also
// name columns.
func reprConstraints(constraints []manifest.Constraint, ofModel bool) string {
	var out []string
	for _, k := range constraints {
		class, columns := "ColumnLevelConstraint", ""
		if ofModel {
			class, columns = "ModelLevelConstraint", ", columns="+reprList(k.Columns)
		}
		out = append(out, fmt.Sprintf(
			"%s(type=<ConstraintType.%s: '%s'>, name=%s, expression=%s, warn_unenforced=True, warn_unsupported=True, to=%s, to_columns=%s%s)",
			class, k.Type, k.Type, reprOr(k.Name), reprOr(k.Expression), reprOr(k.To), reprList(k.ToColumns), columns))
	}
	return "[" + strings.Join(out, ", ") + "]"
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
