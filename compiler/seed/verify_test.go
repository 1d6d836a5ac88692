package seed

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
)

func TestCellsThatOnlyTheServerReads(t *testing.T) {
	for kind, c := range map[string]struct {
		good, bad []string
		why       string
	}{
		`Enum8('x' = 1, 'it''s' = -2, 'a\'b\\' = 3)`: {[]string{"x", "it's", `a'b\`}, []string{"y", "1", "", "X"}, `it is none of x, it's, a'b\`},
		`Enum('x','y, z')`:                           {[]string{"x", "y, z"}, []string{"y"}, "it is none of x, y, z"},
		"Nullable(Enum16('x' = 300))":                {[]string{"x"}, []string{"300"}, "it is none of x"},
		"LowCardinality(Nullable(IPv4))":             {[]string{"0.0.0.0", "255.255.255.255"}, []string{"256.0.0.1", "1.2.3", "::1", " 1.2.3.4"}, "addresses are written as 1.2.3.4"},
		"IPv6":                                       {[]string{"::", "2001:db8::1", "1.2.3.4"}, []string{"1", "::1%eth0", "12345::"}, "addresses are written as 2001:db8::1"},
		`Enum8('\t' = 1)`:                            {}, "Enum8('x' = 1,)": {}, "Enum8('x 1)": {}, "Enum8('x' 1)": {}, "Enum8(x = 1)": {}, "Array(String)": {}, "": {},
	} {
		verify := verifierOf(kind)
		if c.good == nil {
			require.Nil(t, verify, kind)
			continue
		}
		for _, text := range c.good {
			require.NoError(t, verify([]byte(text)), "%s %q", kind, text)
		}
		for _, text := range c.bad {
			require.EqualError(t, verify([]byte(text)), c.why, "%s %q", kind, text)
		}
	}
}

func TestCellsThatTheServerWouldRefuse(t *testing.T) {
	o := write(t, "id,state,ip\n1,on,1.2.3.4\n2,of,\n3,\"o\nff\",4\n")
	o.Types = map[string]string{"state": "Enum8('on' = 1, 'off' = 2)", "ip": "IPv4"}
	_, err := Read(o)
	var failure *diag.Failure
	require.ErrorAs(t, err, &failure)
	var told []string
	for _, d := range failure.Diagnostics {
		told = append(told, d.Span.String()+" "+d.Span.Text()+": "+d.Why)
	}
	require.Equal(t, []string{
		"seeds/s.csv:3:3 of: it is none of on, off",
		"seeds/s.csv:4:3 \"o\nff\": it is none of on, off",
		"seeds/s.csv:5:5 4: addresses are written as 1.2.3.4",
	}, told)
}

func TestNoMapIsMadeOfText(t *testing.T) {
	o := write(t, "id,tags\n1,{}\n")
	o.Types = map[string]string{"tags": "Array(Map(String, String))"}
	_, err := Read(o)
	require.EqualError(t, err, `seeds/s.csv: column "tags" cannot be loaded as Array(Map(String, String)): ClickHouse makes no map of text (load it as String with JSON in its cells, and write JSONExtract(tags, 'Map(...)') in a model)`)
}
