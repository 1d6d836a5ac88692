package pytime_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pytime"
)

func static(t *testing.T, name string) value.Value {
	t.Helper()
	class, ok := pytime.Module(func() time.Time { return time.Unix(0, 0) }).Get("datetime")
	require.True(t, ok)
	fn, ok := value.Attr(class, name)
	require.True(t, ok)
	return fn
}

func FuzzTimeText(f *testing.F) {
	for _, s := range [][2]string{{"2024-02-29 10:11:12", "%Y-%m-%d %H:%M:%S"}, {"2024-W09-4T12Z", "%G-W%V-%uT%H%z"}, {"x", "%"}, {"1 pm", "%I %p"}, {"", "%500Y%-d%^a"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, text, format string) {
		check := func(v value.Value, err error) {
			var e *value.Error
			if err != nil && !errors.As(err, &e) {
				t.Fatalf("not Python's error: %v", err)
			}
			if err == nil {
				value.Repr(v)
			}
		}
		check(value.Invoke(static(t, "strptime"), &value.Call{Args: []value.Value{text, format}}))
		check(value.Invoke(static(t, "fromisoformat"), &value.Call{Args: []value.Value{text}}))
		check(value.Format(pytime.At(time.Unix(1700000000, 0)), format))
	})
}

func TestAtIsAwareAndInUTC(t *testing.T) {
	at := pytime.At(time.Date(2024, 5, 6, 7, 8, 9, 123456789, time.FixedZone("x", 3600)))
	require.Equal(t, "2024-05-06 06:08:09.123456+00:00", value.Str(at))
	require.Equal(t, "datetime.datetime(2024, 5, 6, 6, 8, 9, 123456, tzinfo=<UTC>)", value.Repr(at))
	require.Equal(t, time.Date(2024, 5, 6, 6, 8, 9, 123456000, time.UTC), at.Time())
}

func TestNowFollowsTheClock(t *testing.T) {
	now, err := value.Invoke(static(t, "now"), &value.Call{})
	require.NoError(t, err)
	require.Equal(t, "1970-01-01 00:00:00", value.Str(now))
}

func TestEqualInstantsAreOneKey(t *testing.T) {
	berlin, err := pytime.Pytz("Europe/Berlin")
	require.NoError(t, err)
	at := pytime.At(time.Unix(1700000000, 0))
	method, ok := value.Attr(at, "astimezone")
	require.True(t, ok)
	there, err := value.Invoke(method, &value.Call{Args: []value.Value{berlin}})
	require.NoError(t, err)
	require.True(t, value.Equal(at, there))
	d := value.NewDict()
	require.NoError(t, d.Set(at, int64(1)))
	v, ok := d.Get(there)
	require.True(t, ok)
	require.Equal(t, int64(1), v)
}
