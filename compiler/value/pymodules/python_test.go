package pymodules_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
	"github.com/chmod-sql/chmod/compiler/value/pymodules"
)

func TestModulesAnswerAsPythonDid(t *testing.T) {
	f, err := os.Open("testdata/python.jsonl")
	require.NoError(t, err)
	defer f.Close()
	names := builtins()
	rows := bufio.NewScanner(f)
	rows.Buffer(nil, 1<<20)
	count, failed := 0, 0
	for rows.Scan() {
		var row struct {
			Expr  string
			Tree  []any
			Want  *string
			Error string
		}
		decoder := json.NewDecoder(strings.NewReader(rows.Text()))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&row))
		count++
		got := answer(walk(row.Tree, names))
		want := row.Error
		if row.Want != nil {
			want = *row.Want
		}
		class, _, _ := strings.Cut(got, ":")
		if got != want && (row.Want != nil || class != want) {
			failed++
			if failed <= 60 {
				t.Errorf("%s\n  got  %s\n  want %s", row.Expr, got, want)
			}
		}
	}
	require.NoError(t, rows.Err())
	require.Greater(t, count, 1500)
	if failed > 0 {
		t.Errorf("%d of %d differ", failed, count)
	}
}

func answer(v value.Value, err error) string {
	var python *value.Error
	switch {
	case errors.As(err, &python):
		return python.Class + ": " + python.Message
	case err != nil:
		return "not Python's error: " + err.Error()
	}
	return value.Repr(v)
}

type scope map[string]value.Value

func builtins() scope {
	function := func(run func(v value.Value) (value.Value, error)) value.Value {
		return &value.Func{Fn: func(c *value.Call) (value.Value, error) { return run(c.Args[0]) }}
	}
	s := scope{
		"list": function(func(v value.Value) (value.Value, error) {
			items, err := value.Iterate(v)
			return value.NewList(items...), err
		}),
		"str":  function(func(v value.Value) (value.Value, error) { return value.Str(v), nil }),
		"bool": function(func(v value.Value) (value.Value, error) { return value.Truth(v), nil }),
		"format": &value.Func{Fn: func(c *value.Call) (value.Value, error) {
			return value.Format(c.Args[0], c.Args[1].(string))
		}},
	}
	now := func() time.Time { return time.Date(2024, 5, 6, 7, 8, 9, 123456789, time.UTC) }
	for name, module := range pymodules.Modules(now).All() {
		s[name.(string)] = module
	}
	return s
}

// walk evaluates a tree that the oracle made of a Python expression.
func walk(n any, names scope) (value.Value, error) {
	node := n.([]any)
	switch node[0] {
	case "const":
		if n, ok := node[1].(json.Number); ok {
			return n.Int64()
		}
		return node[1], nil
	case "float":
		return strconv.ParseFloat(node[1].(string), 64)
	case "name":
		return names[node[1].(string)], nil
	case "lambda":
		return &value.Func{Fn: func(c *value.Call) (value.Value, error) {
			inner := scope{}
			for k, v := range names {
				inner[k] = v
			}
			for i, p := range node[1].([]any) {
				inner[p.(string)] = c.Args[i]
			}
			return walk(node[2], inner)
		}}, nil
	case "call":
		return call(node, names)
	}
	if node[0] == "list" || node[0] == "tuple" {
		elems, err := walkAll(node[1].([]any), names)
		if node[0] == "list" {
			return value.NewList(elems...), err
		}
		return value.NewTuple(elems...), err
	}
	operands := node[1:]
	if node[0] == "op" {
		operands = node[2:]
	}
	left, err := walk(operands[0], names)
	if err != nil {
		return nil, err
	}
	switch node[0] {
	case "attr":
		name := node[2].(string)
		if module, ok := left.(*value.Dict); ok {
			return value.Subscript(module, name)
		}
		if v, ok := value.Attr(left, name); ok {
			return v, nil
		}
		return nil, value.Errorf("AttributeError", "'%s' object has no attribute '%s'", value.TypeName(left), name)
	case "neg":
		return value.Neg(left)
	}
	right, err := walk(operands[1], names)
	if err != nil {
		return nil, err
	}
	if node[0] == "item" {
		return value.Subscript(left, right)
	}
	switch op := node[1].(string); op {
	case "<", "<=", ">", ">=":
		return value.Order(op, left, right)
	case "==":
		return value.Equal(left, right), nil
	default:
		return value.Arithmetic(value.Op(op), left, right)
	}
}

func walkAll(ns []any, names scope) ([]value.Value, error) {
	out := make([]value.Value, len(ns))
	for i, n := range ns {
		v, err := walk(n, names)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func call(node []any, names scope) (value.Value, error) {
	fn, err := walk(node[1], names)
	if err != nil {
		return nil, err
	}
	c := &value.Call{}
	if c.Args, err = walkAll(node[2].([]any), names); err != nil {
		return nil, err
	}
	for _, kw := range node[3].([]any) {
		pair := kw.([]any)
		v, err := walk(pair[1], names)
		if err != nil {
			return nil, err
		}
		c.Kwargs = append(c.Kwargs, value.Kwarg{Name: fmt.Sprint(pair[0]), Value: v})
	}
	return value.Invoke(fn, c)
}
