package materialize_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
	"github.com/chmod-sql/chmod/materialize"
)

// moody is an adapter of which some statements fail a few times.
type moody struct {
	adapters.Adapter
	fails map[string]*mood // by how the statement begins
	words []string         // the first two of each statement that came
}

type mood struct {
	err   error
	times int
	after bool // it is carried out all the same
}

func (m *moody) Session(ctx context.Context) (adapters.Session, error) {
	session, err := m.Adapter.Session(ctx)
	return &moodySession{session, m}, err
}

type moodySession struct {
	adapters.Session
	m *moody
}

func (s *moodySession) Exec(ctx context.Context, st adapters.Statement) (adapters.Summary, error) {
	s.m.words = append(s.m.words, strings.Join(strings.Fields(st.SQL)[:2], " "))
	for head, mood := range s.m.fails {
		if strings.HasPrefix(st.SQL, head) && mood.times > 0 {
			mood.times--
			if mood.after {
				if _, err := s.Session.Exec(ctx, st); err != nil {
					return adapters.Summary{}, err
				}
			}
			return adapters.Summary{}, mood.err
		}
	}
	return s.Session.Exec(ctx, st)
}

// TestRewind fails the steps of a table's plan for the moment: what nobody has
// seen yet is made anew, and nothing else is done twice.
func TestRewind(t *testing.T) {
	memory := adapters.ExceptionOf(241, "Memory limit exceeded")
	lost := &adapters.ServerError{Class: adapters.ClassNetwork, Message: "broken pipe"}
	over := &adapters.ServerError{Class: adapters.ClassNetwork, Message: "broken pipe", Over: true}
	hook, create, fill, drop, swap := "SET max_block_size", "CREATE TABLE", "INSERT INTO", "DROP TABLE", "EXCHANGE TABLES"
	made := []string{hook, create, fill}
	again := []string{drop, create, fill}
	for name, c := range map[string]struct {
		fails   map[string]*mood
		retries int
		words   []string
		told    int
		err     error
		left    int
	}{
		"half of the rows came":       {fails: map[string]*mood{fill: {memory, 2, true}}, retries: 3, words: join(made, again, again, []string{swap, drop}), told: 2},
		"its connection is lost":      {fails: map[string]*mood{fill: {over, 1, true}}, retries: 3, words: join(made, again, []string{swap, drop}), told: 1},
		"too often":                   {fails: map[string]*mood{fill: {memory, 9, true}}, retries: 1, words: join(made, again, []string{drop}), told: 1, err: memory},
		"it may still run":            {fails: map[string]*mood{fill: {lost, 1, true}}, retries: 3, words: join(made, []string{drop}), err: lost},
		"no patience":                 {fails: map[string]*mood{fill: {memory, 1, true}}, words: join(made, []string{drop}), err: memory},
		"it was created all the same": {fails: map[string]*mood{create: {memory, 1, true}}, retries: 3, words: join(made[:2], again, []string{swap, drop}), told: 1},
		"others can see it":           {fails: map[string]*mood{swap: {memory, 1, false}}, retries: 3, words: join(made, []string{swap, drop}), err: memory},
		"the user's own statement":    {fails: map[string]*mood{hook: {memory, 1, false}}, retries: 3, words: made[:1], err: memory},
		"what was made cannot be dropped": {fails: map[string]*mood{fill: {memory, 1, true}, drop: {errors.New("no"), 2, false}}, retries: 3,
			words: join(made, []string{drop, drop}), told: 1, err: memory, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			_, err := s.build(s.model("orders", "materialized", "table"), "SELECT 0 AS id FROM numbers(5)")
			require.NoError(t, err)
			in := s.input(s.model("orders", "materialized", "table"), "SELECT 1 AS id FROM numbers(7)")
			in.PreHooks = []materialize.Hook{{SQL: "SET max_block_size = 77"}}
			plan, err := materialize.New(in)
			require.NoError(t, err)
			m := &moody{Adapter: s.adapter, fails: c.fails}
			told := 0
			_, err = materialize.ApplyWith(t.Context(), m, plan, materialize.Options{
				Observe: func(e materialize.Event) {
					if r, ok := e.(materialize.StepRetried); ok {
						told++
						require.True(t, r.Redo)
						require.Equal(t, told, r.Again.Attempt)
						require.Equal(t, c.retries, r.Again.Attempts)
					}
				},
				Patience: materialize.Patience{Retries: c.retries, Pause: func(ctx context.Context, _ int) error { return ctx.Err() }},
			})
			require.Equal(t, c.told, told)
			require.Equal(t, c.words, m.words)
			want := "[[7 1]]"
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
				want = "[[5 0]]"
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, want, fmt.Sprint(s.rows("SELECT count(), max(id) FROM $.orders")))
			require.Len(t, s.tables(), 1+c.left)
		})
	}
}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
