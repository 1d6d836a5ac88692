package materialize_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// silent is a journal that cannot be written to.
type silent struct {
	materialize.Journal
	why error
}

func (s silent) Hold(context.Context) (time.Time, error)         { return time.Time{}, s.why }
func (s silent) Note(materialize.Entry)                          {}
func (s silent) Intend(context.Context, materialize.Entry) error { return nil }

// What the journal's server says is not taken for what the statement's has said:
// that one was never sent.
func TestJournalThatFails(t *testing.T) {
	s := newShop(t)
	plan, err := materialize.New(s.input(s.model("orders", "materialized", "table", "order_by", "id"), "SELECT 1 AS id"))
	require.NoError(t, err)
	refused := &adapters.ServerError{Class: adapters.ClassNetwork, Unsent: true, Message: "no route", Err: context.DeadlineExceeded}
	_, err = materialize.ApplyWith(t.Context(), s.adapter, plan, materialize.Options{Journal: silent{why: refused}})
	require.ErrorContains(t, err, "no route")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NotErrorAs(t, err, new(*adapters.ServerError))
	require.Empty(t, s.tables())
}
