package yaml

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
	"github.com/chmod-sql/chmod/compiler/source"
)

const secondDocument = "the file holds more than one document"

// mistake tells what is wrong with a file the library refuses. The library
// names a line, and often not the right one; the usual mistakes are looked
// for from there on.
func mistake(f *source.File, message string) diag.Diagnostic {
	message = strings.TrimPrefix(message, "yaml: ")
	line := 1
	if rest, ok := strings.CutPrefix(message, "line "); ok {
		if number, text, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, message = n, text
			}
		}
	}
	d := diag.Diagnostic{Code: "bad-yaml", What: "this is not YAML", Why: message}
	if message == secondDocument {
		d.What, d.Why = message, ""
		d.Fix = "keep one, without a line ---"
		d.Span = lineSpan(f, line)
		return d
	}
	if at, fix := suspect(f, line, message); fix != "" {
		d.Span, d.Fix = at, fix
		return d
	}
	d.Span = lineSpan(f, misaligned(f, line))
	d.Fix = "check the indentation of this line and of the lines above it"
	return d
}

var (
	tabbed    = regexp.MustCompile(`^ *\t[ \t]*\S`)
	template  = regexp.MustCompile(`^\s*(?:- +)*(?:[^\s'"#][^'"#]*:\s+|- +)(\{[{%#].*)$`)
	glued     = regexp.MustCompile(`^\s*(?:- +)*([A-Za-z_][\w-]*):([^\s:/].*)$`)
	colons    = regexp.MustCompile(`^\s*(?:- +)*[\w.+-]+:\s+([^\s'"|>&*!{\[#].*?: .*)$`)
	forbidden = regexp.MustCompile("^\\s*(?:- +)*(?:[^\\s'\"#][^'\"#]*:\\s+|- +)?([@`%].*)$")
	star      = regexp.MustCompile(`^\s*(?:- +)*(?:[^\s'"#][^'"#]*:\s+|- +)(\*.*)$`)
)

// suspect finds the line most likely at fault: the named one, its
// neighbours, then every line after it.
func suspect(f *source.File, line int, message string) (source.Span, string) {
	if strings.HasPrefix(message, "unknown anchor") {
		if name, ok := between(message, "'"); ok {
			if i := strings.Index(f.Text, "*"+name); i >= 0 {
				return source.Span{File: f, Start: i, End: i + 1 + len(name)},
					"define it with &" + name + " above this line, or quote the text"
			}
		}
	}
	if strings.Contains(message, "node content") || strings.Contains(message, "',' or ']'") || strings.Contains(message, "',' or '}'") {
		if i := lastOpen(f.Text); i >= 0 {
			return source.Span{File: f, Start: i, End: i + 1}, "close the bracket, or quote the text if it is no list"
		}
	}
	count := f.Position(len(f.Text)).Line
	start := strings.Contains(message, "cannot start any token")
	for _, n := range nearby(line, count) {
		text, near := f.Line(n), n >= line-1 && n <= line+1
		if m := tabbed.FindStringIndex(text); m != nil && (near || strings.Contains(message, "tab")) {
			return part(f, n, m[0], m[1]), "YAML is indented with spaces: replace the tab"
		}
		if m := template.FindStringSubmatchIndex(text); m != nil && (near || start || strings.Contains(message, "expected key")) {
			return part(f, n, m[2], m[3]), `quote the template: "` + strings.ReplaceAll(strings.TrimSpace(text[m[2]:m[3]]), `"`, `'`) + `"`
		}
		if m := forbidden.FindStringSubmatchIndex(text); m != nil && start {
			return part(f, n, m[2], m[3]), "quote the text: it begins with a character that YAML reserves"
		}
		if m := star.FindStringSubmatchIndex(text); m != nil && strings.Contains(message, "alpha") {
			return part(f, n, m[2], m[3]), "quote the text: * names an anchor in YAML"
		}
		if m := colons.FindStringSubmatchIndex(text); m != nil && strings.Contains(message, "mapping values") {
			return part(f, n, m[2], m[3]), "quote the text: a colon and a space begin a value in YAML"
		}
		if span, fix := quotes(f, n, message); fix != "" {
			return span, fix
		}
		if m := glued.FindStringSubmatchIndex(text); m != nil && near {
			return part(f, n, m[2], m[3]), "put a space after the colon: " + text[m[2]:m[3]] + ": " + strings.TrimSpace(text[m[4]:m[5]])
		}
	}
	return source.Span{}, ""
}

var quoted = regexp.MustCompile(`^\s*(?:- +)*(?:[^\s'"#][^'"#]*:\s+|- +)(['"].*)$`)

// quotes finds a quoted text that goes on behind its closing quote, or has
// none.
func quotes(f *source.File, n int, message string) (source.Span, string) {
	text := f.Line(n)
	m := quoted.FindStringSubmatchIndex(text)
	if m == nil {
		return source.Span{}, ""
	}
	stop := quoteEnd(text, m[2])
	rest := strings.TrimSpace(text[stop:])
	switch closed := stop > m[2]+1 && text[stop-1] == text[m[2]]; {
	case !closed && strings.Contains(message, "end of stream"):
		return part(f, n, m[2], m[3]), "close the quote"
	case closed && rest != "" && !strings.ContainsAny(rest[:1], "#,]}:"):
		if text[m[2]] == '\'' {
			return part(f, n, m[2], m[3]), "write a quote inside of single quotes twice: ''"
		}
		return part(f, n, m[2], m[3]), `write a quote inside of double quotes as \"`
	}
	return source.Span{}, ""
}

// nearby orders lines by how likely the library meant them.
func nearby(line, count int) []int {
	var out []int
	for _, n := range []int{line, line + 1, line - 1} {
		if n >= 1 && n <= count {
			out = append(out, n)
		}
	}
	for n := line + 2; n <= count; n++ {
		out = append(out, n)
	}
	return out
}

// misaligned is the first line at or after the given one whose indentation
// matches no open block, or the given one.
func misaligned(f *source.File, line int) int {
	var open []int
	count := f.Position(len(f.Text)).Line
	for n := 1; n <= count; n++ {
		text := f.Line(n)
		body := strings.TrimLeft(text, " ")
		if body == "" || body[0] == '#' {
			continue
		}
		indent := len(text) - len(body)
		dedent := false
		for len(open) > 0 && open[len(open)-1] > indent {
			open, dedent = open[:len(open)-1], true
		}
		if len(open) == 0 || open[len(open)-1] < indent {
			if dedent && n >= line {
				return n
			}
			open = append(open, indent)
		}
		for strings.HasPrefix(body, "- ") {
			rest := strings.TrimLeft(body[1:], " ")
			indent += len(body) - len(rest)
			open, body = append(open, indent), rest
		}
	}
	return min(max(line, 1), count)
}

// lastOpen is the last bracket that nothing closes, or -1. Brackets in quotes
// and comments are not told apart: the caller knows that one is open.
func lastOpen(text string) int {
	var open []int
	for i := range len(text) {
		switch text[i] {
		case '[', '{':
			open = append(open, i)
		case ']', '}':
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
	if len(open) == 0 {
		return -1
	}
	return open[len(open)-1]
}

func between(s, quote string) (string, bool) {
	_, rest, ok := strings.Cut(s, quote)
	if !ok {
		return "", false
	}
	inner, _, ok := strings.Cut(rest, quote)
	return inner, ok
}

func part(f *source.File, line, start, end int) source.Span {
	at := f.Offset(line, 1)
	return source.Span{File: f, Start: at + start, End: at + end}
}

func lineSpan(f *source.File, line int) source.Span {
	text := f.Line(line)
	body := strings.TrimLeft(text, " \t")
	return part(f, line, len(text)-len(body), len(text))
}
