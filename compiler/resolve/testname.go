package resolve

import (
	"crypto/md5"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/chmod-sql/chmod/compiler/value"
)

// maxTestName is how long the name of a test's relation may be before it is
// shortened.
const maxTestName = 64

// testNames are the names that a generic test gets from what it tests: a full
// one, which says all, and a short one for files and relations. A test's own
// part is its name behind its namespace; target is the model or
// "source_table".
func testNames(test, target string, args *value.Dict) (short, full string) {
	identifier := test + "_" + target
	full = identifier + "_" + strings.Join(argumentNames(args), "__")
	if len([]rune(full)) < maxTestName {
		return full, full
	}
	return cut(identifier, 30) + "_" + md5Hex(full), full
}

func cut(text string, n int) string {
	r := []rune(text)
	return string(r[:min(len(r), n)])
}

// argumentNames are the arguments in the order of their names, lists and dicts
// flattened, each as a word.
func argumentNames(args *value.Dict) []string {
	var words []string
	for _, name := range sortedNames(args) {
		if name == "model" {
			continue
		}
		v, _ := args.Get(name)
		for _, part := range flattened(v) {
			words = append(words, word(value.Str(part)))
		}
	}
	return words
}

func sortedNames(d *value.Dict) []string {
	var names []string
	for k := range d.All() {
		if s, ok := k.(string); ok {
			names = append(names, s)
		}
	}
	slices.Sort(names)
	return names
}

func flattened(v value.Value) []value.Value {
	switch v := v.(type) {
	case *value.Dict:
		var out []value.Value
		for _, e := range v.All() {
			out = append(out, e)
		}
		return out
	case *value.List:
		return v.Elems
	case *value.Tuple:
		return v.Elems
	}
	return []value.Value{v}
}

// word replaces every run of characters that names cannot hold by one
// underscore.
func word(text string) string {
	var b strings.Builder
	run := false
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			b.WriteRune(c)
			run = false
		case !run:
			b.WriteByte('_')
			run = true
		}
	}
	return b.String()
}

// testHash tells tests of one name apart: by what dbt writes of their
// arguments.
func testHash(name, test, namespace string, kwargs *value.Dict) string {
	space := "None"
	if namespace != "" {
		space = namespace
	}
	text := append(make([]byte, 0, 256), name...)
	text = append(text, "{'kwargs': "...)
	text = appendHashed(text, kwargs)
	text = append(text, ", 'name': "...)
	text = append(text, value.Repr(test)...)
	text = append(text, ", 'namespace': "...)
	text = append(text, value.Repr(space)...)
	sum := md5.Sum(append(text, '}'))
	return hex.EncodeToString(sum[len(sum)-5:])
}

// appendHashed appends the repr of a value in which every scalar is its text
// and every dict is in the order of its keys.
func appendHashed(text []byte, v value.Value) []byte {
	switch v := v.(type) {
	case *value.Dict:
		text = append(text, '{')
		for i, k := range sortedNames(v) {
			if i > 0 {
				text = append(text, ", "...)
			}
			e, _ := v.Named(k)
			text = append(append(text, value.Repr(k)...), ": "...)
			text = appendHashed(text, e)
		}
		return append(text, '}')
	case *value.List:
		text = append(text, '[')
		for i, e := range v.Elems {
			if i > 0 {
				text = append(text, ", "...)
			}
			text = appendHashed(text, e)
		}
		return append(text, ']')
	}
	return append(text, value.Repr(value.Str(v))...)
}
