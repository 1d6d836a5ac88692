package command

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGlobalFlagBeforeAndAfterTheCommand(t *testing.T) {
	t.Parallel()
	for args, refused := range map[string]string{
		"--target dev parse --target prod":           "target",
		"--target dev parse --target dev":            "target",
		"--target=dev parse --target=prod":           "target",
		"--log-format json parse --log-format=text":  "log-format",
		"--quiet parse --no-quiet":                   "quiet",
		"--target dev parse":                         "",
		"parse --target dev --target prod":           "",
		"--target parse parse --quiet":               "",
		"--quiet show --inline --quiet":              "",
		"--quiet parse -- --quiet":                   "",
		"--target dev nosuch --target prod":          "",
		"--quiet engine status --target dev":         "",
		"--quiet engine status --quiet --target dev": "quiet",
	} {
		root := newRoot(Surroundings{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Env: func(string) (string, bool) { return "", false }})
		err := givenTwice(root, strings.Fields(args))
		if refused == "" {
			require.NoError(t, err, args)
			continue
		}
		require.ErrorContains(t, err, "--"+refused+" stands both before and after the command", args)
	}
}
