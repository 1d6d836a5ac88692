package clickhouse

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"testing"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/adapters"
)

func TestMessage(t *testing.T) {
	const want = "Table a.b does not exist"
	for _, text := range []string{
		want,
		"DB::Exception: " + want,
		"Code: 60. DB::Exception: " + want + " (UNKNOWN_TABLE) (version 26.7.2.1)",
		want + " (UNKNOWN_TABLE) (version 24.3.1.1 (official build))",
		"Code: 60, e.displayText() = DB::Exception: " + want + ", e.what() = DB::Exception",
		"DB::Exception: " + want + ". Stack trace:\n\n0. DB::Exception::Exception() @ 0x1\n1. main",
	} {
		require.Equal(t, want, message(text), text)
	}
	require.Equal(t, "Value (A) is wrong (NOT_A_NAME) here", message("Value (A) is wrong (NOT_A_NAME) here"))
}

func TestFailure(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx   context.Context
		err   error
		class adapters.Class
	}{
		"exception":         {t.Context(), &driver.Exception{Code: 241, Message: "x"}, adapters.ClassMemory},
		"wrapped":           {t.Context(), &driver.HTTPError{StatusCode: 500, Err: &driver.Exception{Code: 60}}, adapters.ClassMissing},
		"unknown code":      {t.Context(), &driver.Exception{Code: 99999, Message: "x (BRAND_NEW)"}, adapters.ClassOther},
		"lost":              {t.Context(), io.ErrUnexpectedEOF, adapters.ClassNetwork},
		"proxy page":        {t.Context(), &driver.HTTPError{StatusCode: 502, Err: errors.New("bad gateway")}, adapters.ClassNetwork},
		"cancelled":         {ended, net.ErrClosed, adapters.ClassCancelled},
		"failed, cancelled": {ended, &driver.Exception{Code: 60}, adapters.ClassMissing},
		"else":              {t.Context(), errors.New("something"), adapters.ClassOther},
	} {
		f := failure(test.ctx, adapters.Statement{QueryID: "id"}, test.err)
		require.Equal(t, test.class, f.Class, name)
		require.Equal(t, "id", f.QueryID, name)
		require.NotEmpty(t, f.Error(), name)
	}
	require.Equal(t, "BRAND_NEW", failure(t.Context(), adapters.Statement{}, &driver.Exception{Code: 99999, Message: "x (BRAND_NEW)"}).Name)
	require.ErrorIs(t, failure(ended, adapters.Statement{}, &driver.Exception{Code: 394}), context.Canceled)
	f := failure(t.Context(), adapters.Statement{}, &url.Error{Op: "Post", URL: "http://u:secret@h/?x=y", Err: io.EOF})
	require.NotContains(t, f.Error(), "secret")
	require.NotContains(t, f.Error(), "http:")
}

func FuzzMessage(f *testing.F) {
	f.Add("Code: 60, e.displayText() = DB::Exception: x, e.what() = DB::Exception")
	f.Add("x (A_B) (version 1.2 (y)). Stack trace: z")
	f.Fuzz(func(t *testing.T, text string) {
		require.LessOrEqual(t, len(message(text)), len(text))
		trailingName(text)
	})
}
