package view

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

func TestPasswordsAreNotShown(t *testing.T) {
	for line, want := range map[string]string{
		`      password: hunter2`:                          `      password: *******`,
		`      pass: 'it''s'  # mine`:                      `      pass: *******  # mine`,
		`x: {password: "a, b", port: x}`:                   `x: {password: ******, port: x}`,
		`x: {"password": hunter2, port: x}`:                `x: {"password": *******, port: x}`,
		`      password: [hunter2]`:                        `      password: *********`,
		`      password: "hunter2`:                         `      password: ********`,
		`      password: "{{ env_var('PW') }}"`:            `      password: "{{ env_var('PW') }}"`,
		`x: {threads: "x", password: ünï, user: password}`: `x: {threads: "x", password: ***, user: password}`,
		`      user: me`:                                   `      user: me`,
	} {
		require.Equal(t, want, shownLine(source.New("conf/profiles.yml", "", line), line), line)
		require.Equal(t, line, shownLine(source.New("models/a.sql", "", line), line))
	}
}

func TestAMistakeInAProfileShowsNoPassword(t *testing.T) {
	text := "p: {password: hunter2, threads: many}\n"
	f := source.New("profiles.yml", "", text)
	at := strings.Index(text, "many")
	shown := Diagnostic(diag.Diagnostic{What: "no", Span: source.Span{File: f, Start: at, End: at + 4}}, Colors{})
	require.Contains(t, shown, "p: {password: *******, threads: many}")
	require.Contains(t, shown, strings.Repeat(" ", at)+"^^^^\n")
}
