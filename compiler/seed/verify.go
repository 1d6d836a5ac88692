package seed

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// verifier tells why the server would make no value of a cell.
type verifier func(text []byte) error

// verifierOf is how to look at the cells of a type that only the server can
// read, so that a wrong one is found in the file; nil where only the server can
// tell.
func verifierOf(name string) verifier {
	for _, outer := range []string{"LowCardinality", "Nullable"} {
		if inner, ok := unwrap(name, outer); ok {
			name = inner
		}
	}
	switch name {
	case "IPv4":
		return address("1.2.3.4", func(a netip.Addr) bool { return a.Is4() })
	case "IPv6":
		return address("2001:db8::1", func(a netip.Addr) bool { return a.Zone() == "" })
	}
	for _, outer := range []string{"Enum", "Enum8", "Enum16"} {
		if inner, ok := unwrap(name, outer); ok {
			return oneOf(inner)
		}
	}
	return nil
}

func address(example string, fits func(netip.Addr) bool) verifier {
	return func(text []byte) error {
		if a, err := netip.ParseAddr(string(text)); err != nil || !fits(a) {
			return errors.New("addresses are written as " + example)
		}
		return nil
	}
}

// oneOf is the verifier of an Enum's elements; nil when they cannot be read.
func oneOf(elements string) verifier {
	var names []string
	for rest := strings.TrimSpace(elements); rest != ""; {
		name, after, ok := quoted(rest)
		if !ok {
			return nil
		}
		names = append(names, name)
		number, next, more := strings.Cut(after, ",")
		if n := strings.TrimSpace(number); n != "" && n[0] != '=' {
			return nil
		}
		if rest = strings.TrimSpace(next); more && rest == "" {
			return nil
		}
	}
	return func(text []byte) error {
		if slices.Contains(names, string(text)) {
			return nil
		}
		return fmt.Errorf("it is none of %s", strings.Join(names, ", "))
	}
}

// quoted reads the string that a text begins with, and returns what follows.
func quoted(text string) (content, rest string, ok bool) {
	if !strings.HasPrefix(text, "'") {
		return "", "", false
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '\''):
			i++
			b.WriteByte(text[i])
		case c == '\\':
			return "", "", false // of the other escapes the server knows more
		case c == '\'' && strings.HasPrefix(text[i:], "''"):
			i++
			b.WriteByte(c)
		case c == '\'':
			return b.String(), text[i+1:], true
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

// unreadable reports a type that nobody makes of text.
func (p *problems) unreadable(o Options, column, kind string) {
	p.list.Add(diag.Diagnostic{
		Code: "wrong-config-value", Span: o.Place,
		What: fmt.Sprintf("%s: column %q cannot be loaded as %s", p.path, column, kind),
		Why:  "ClickHouse makes no map of text",
		Fix:  "load it as String with JSON in its cells, and write JSONExtract(" + column + ", 'Map(...)') in a model",
	})
}
