package artifact

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

// TestValues writes values as encoding/json does.
func TestValues(t *testing.T) {
	set, err := value.NewSet("a", int64(1))
	require.NoError(t, err)
	big1, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	for name, v := range map[string]value.Value{
		"nothing": nil, "undefined": &value.Undefined{}, "text": "a\"\\/\n\r\t\b\x00\x1f<&>é 😀",
		"not UTF-8": "a\xffb\xc3", "true": true, "int": int64(-5), "big": big1,
		"float": 0.1, "whole": 3.0, "small": 1e-7, "large": 1e21, "timestamp": 1732289.123456,
		"list": value.NewList(int64(1), "x", value.NewList()), "tuple": value.NewTuple("a", nil), "set": set,
		"dict": value.DictOf("b", int64(1), "a", value.DictOf("x", value.NewDict())), "empty": value.NewDict(),
	} {
		o := begin(nil)
		o.value("v", v)
		text, err := o.end()
		require.NoError(t, err, name)
		var got, want struct{ V any }
		require.NoError(t, json.Unmarshal(text, &got), "%s: %s", name, text)
		plain, err := json.Marshal(map[string]any{"v": value.ToGo(v)})
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(plain, &want))
		require.Equal(t, want, got, name)
	}
}

// TestText escapes each byte wherever it stands in a text, and nothing else.
func TestText(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			s := strings.Repeat("x", at) + string([]byte{byte(c)}) + "yé" + strings.Repeat("z", 19-at)
			text := appendString(nil, s)
			var got string
			require.NoError(t, json.Unmarshal(text, &got), "%q", s)
			require.Equal(t, strings.ToValidUTF8(s, "\ufffd"), got)
			if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
				require.Equal(t, `"`+s+`"`, string(text))
			}
		}
	}
}

// TestNotANumber has no words for what JSON cannot say.
func TestNotANumber(t *testing.T) {
	o := begin(nil)
	o.value("v", value.NewList(math.NaN(), math.Inf(1)))
	text, err := o.end()
	require.NoError(t, err)
	require.JSONEq(t, `{"v": [null, null]}`, string(text))
}

// TestWithinItself ends.
func TestWithinItself(t *testing.T) {
	l := value.NewList("a")
	l.Elems = append(l.Elems, l)
	o := begin(nil)
	o.value("v", l)
	text, err := o.end()
	require.NoError(t, err)
	require.JSONEq(t, `{"v": ["a", null]}`, string(text))
}

// TestError is kept.
func TestError(t *testing.T) {
	o := begin(nil)
	o.other("v", func() {})
	_, err := o.end()
	require.Error(t, err)
}
