package diag_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

func TestListIsShownByFileAndPlaceEachOnce(t *testing.T) {
	a, b := source.New("a.sql", "", "xxxx"), source.New("b.sql", "", "xxxx")
	var l diag.List
	l.Add(
		diag.Diagnostic{Code: "x", Span: source.Span{File: b, Start: 1}, What: "third"},
		diag.Diagnostic{Code: "x", Span: source.Span{File: a, Start: 2}, What: "second"},
		diag.Diagnostic{Code: "x", What: "first", Severity: diag.Warning},
		diag.Diagnostic{Code: "x", Span: source.Span{File: a, Start: 2}, What: "second"},
	)
	var got []string
	for _, d := range l.All() {
		got = append(got, d.What)
	}
	require.Equal(t, []string{"first", "second", "third"}, got)
	require.EqualError(t, l.Err(), "a.sql:1:3: second (and 1 more)")
}

func TestWarningsAreNoFailure(t *testing.T) {
	var l diag.List
	l.Add(diag.Diagnostic{Severity: diag.Warning, What: "odd"})
	require.NoError(t, l.Err())
	require.Equal(t, 1, l.Len())
}

func TestAddErrorUnpacksDiagnostics(t *testing.T) {
	var inner, l diag.List
	inner.Add(diag.Diagnostic{What: "one"}, diag.Diagnostic{What: "two"})
	require.NoError(t, l.AddError(fmt.Errorf("wrapped: %w", inner.Err())))
	require.NoError(t, l.AddError(fmt.Errorf("wrapped: %w", diag.Diagnostic{What: "three"})))
	require.NoError(t, l.AddError(nil))
	require.Equal(t, 3, l.Len())
	other := errors.New("disk")
	require.ErrorIs(t, l.AddError(other), other)
}

func TestSuggest(t *testing.T) {
	names := []string{"stg_orders", "stg_order_items", "customers", "dim_customers"}
	for written, want := range map[string]string{
		"stg_ordres": "stg_orders",
		"Customers":  "customers",
		"custmers":   "customers",
		"payments":   "",
		"x":          "",
	} {
		require.Equal(t, want, diag.Suggest(written, names), written)
	}
	require.Equal(t, `did you mean "customers"?`, diag.DidYouMean("customer", names))
	require.Empty(t, diag.DidYouMean("zzz", names))
}
