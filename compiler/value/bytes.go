package value

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bytes is Python's bytes, as far as a template meets it: what encode makes
// and decode reads.
type Bytes string

// TypeName is bytes.
func (b Bytes) TypeName() string { return "bytes" }

// Len is the number of bytes.
func (b Bytes) Len() int { return len(b) }

// Items are the bytes as ints.
func (b Bytes) Items() []Value {
	items := make([]Value, len(b))
	for i := range len(b) {
		items[i] = int64(b[i])
	}
	return items
}

// Item is one byte as an int.
func (b Bytes) Item(key Value) (Value, bool) {
	i, ok := position(key, len(b))
	if !ok {
		return nil, false
	}
	return int64(b[i]), true
}

// Contains looks for a byte, given as an int, or for bytes.
func (b Bytes) Contains(item Value) (bool, error) {
	if part, ok := item.(Bytes); ok {
		return strings.Contains(string(b), string(part)), nil
	}
	i, ok := indexOf(item)
	switch {
	case !ok:
		return false, Errorf("TypeError", "a bytes-like object is required, not '%s'", TypeName(item))
	case i < 0 || i > 255:
		return false, Errorf("ValueError", "byte must be in range(0, 256)")
	}
	return strings.IndexByte(string(b), byte(i)) >= 0, nil
}

// Attr answers decode and hex.
func (b Bytes) Attr(name string) (Value, bool) {
	switch name {
	case "decode":
		return &method{self: b, name: name, run: bytesDecode}, true
	case "hex":
		return &method{self: b, name: name, run: bytesHex}, true
	}
	return nil, false
}

// Repr is b'...'.
func (b Bytes) Repr() string {
	quote := byte('\'')
	if strings.Contains(string(b), "'") && !strings.Contains(string(b), `"`) {
		quote = '"'
	}
	text := []byte{'b', quote}
	for i := range len(b) {
		switch c := b[i]; {
		case c == quote || c == '\\':
			text = append(text, '\\', c)
		case c == '\n':
			text = append(text, `\n`...)
		case c == '\r':
			text = append(text, `\r`...)
		case c == '\t':
			text = append(text, `\t`...)
		case c < ' ' || c >= 0x7f:
			text = fmt.Appendf(text, `\x%02x`, c)
		default:
			text = append(text, c)
		}
	}
	return string(append(text, quote))
}

func encoding(c *Call, name string) (string, error) {
	args, err := c.named(name, Optional("encoding", "utf-8"), Optional("errors", "strict"))
	if err != nil {
		return "", err
	}
	s, ok := args[0].(string)
	if !ok {
		return "", Errorf("TypeError", "%s() argument 'encoding' must be str, not %s", name, argType(args[0]))
	}
	switch strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(s)) {
	case "utf8", "u8":
		return "utf-8", nil
	case "ascii", "usascii":
		return "ascii", nil
	case "latin1", "iso88591", "latin":
		return "latin-1", nil
	}
	return "", Errorf("LookupError", "unknown encoding: %s", s)
}

func strEncode(self Value, c *Call) (Value, error) {
	to, err := encoding(c, "encode")
	if err != nil {
		return nil, err
	}
	s := self.(string)
	if to == "utf-8" || isASCII(s) {
		return Bytes(s), nil
	}
	limit := rune(0x80)
	if to == "latin-1" {
		limit = 0x100
	}
	var b []byte
	at := 0
	for _, r := range s {
		if r >= limit {
			return nil, Errorf("UnicodeEncodeError", "'%s' codec can't encode character %s in position %d: ordinal not in range(%d)",
				to, strings.ReplaceAll(Repr(string(r)), string(r), escaped(r)), at, limit)
		}
		b = append(b, byte(r))
		at++
	}
	return Bytes(b), nil
}

func escaped(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

func bytesDecode(self Value, c *Call) (Value, error) {
	from, err := encoding(c, "decode")
	if err != nil {
		return nil, err
	}
	b := string(self.(Bytes))
	switch {
	case from == "latin-1":
		text := make([]rune, len(b))
		for i := range len(b) {
			text[i] = rune(b[i])
		}
		return string(text), nil
	case from == "ascii" && !isASCII(b), !utf8.ValidString(b):
		return nil, Errorf("UnicodeDecodeError", "'%s' codec can't decode the bytes", from)
	}
	return b, nil
}

func bytesHex(self Value, c *Call) (Value, error) {
	return hex.EncodeToString([]byte(self.(Bytes))), c.none("bytes.hex")
}
