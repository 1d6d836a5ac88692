package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReport(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want string
		fine bool
	}{
		"all is well": {
			in: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"    a_test.go:3: chatter\n"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`,
			want: "ok  \tp\t0.1s\n\n1 passed, 0 failed, 0 skipped, in 1 packages\n",
			fine: true,
		},
		"a failure is shown in full, a skip with its reason": {
			in: `{"Action":"output","Package":"p","Test":"A","Output":"    a_test.go:3: wrong: 1\n"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"B","Output":"    a_test.go:9: no server: here\n"}
{"Action":"skip","Package":"p","Test":"B"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
`,
			want: "    a_test.go:3: wrong: 1\nFAIL\tp\t0.1s\n\nskipped:\n  p B: no server: here\n\nfailed:\n  p A\n" +
				"\n0 passed, 1 failed, 1 skipped, in 1 packages of which 1 failed\n",
		},
		"a package that does not build": {
			in: `{"ImportPath":"p","Action":"build-output","Output":"x.go:1: undefined: y\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"fail","Package":"p"}
`,
			want: "x.go:1: undefined: y\n\n0 passed, 0 failed, 0 skipped, in 1 packages of which 1 failed\n",
		},
		"a test that took its package along": {
			in: `{"Action":"output","Package":"p","Test":"A","Output":"panic: no\n"}
{"Action":"fail","Package":"p"}
`,
			want: "panic: no\n\n0 passed, 0 failed, 0 skipped, in 1 packages of which 1 failed\n",
		},
		"nothing at all is a failure": {
			want: "\n0 passed, 0 failed, 0 skipped, in 0 packages\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			require.NoError(t, r.read(strings.NewReader(c.in)))
			require.Equal(t, c.fine, r.close())
			require.Equal(t, c.want, out.String())
		})
	}
}
