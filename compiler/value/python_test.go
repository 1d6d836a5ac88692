package value_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

// example is one row of testdata/python.jsonl: what Python answered.
type example struct {
	Op     string
	Name   string
	Args   []any
	Kwargs [][2]any
	Want   *string
	Error  string
	After  *string
}

func TestEverythingAnswersAsPythonDid(t *testing.T) {
	f, err := os.Open("testdata/python.jsonl")
	require.NoError(t, err)
	defer f.Close()
	rows := bufio.NewScanner(f)
	rows.Buffer(nil, 1<<20)
	count, failed := 0, 0
	for rows.Scan() {
		var e example
		decoder := json.NewDecoder(strings.NewReader(rows.Text()))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&e))
		count++
		if complaint := e.check(); complaint != "" {
			failed++
			if failed <= 40 {
				t.Errorf("line %d: %s\n  %s", count, rows.Text(), complaint)
			}
		}
	}
	require.NoError(t, rows.Err())
	require.Greater(t, count, 5000)
	if failed > 0 {
		t.Errorf("%d of %d differ", failed, count)
	}
}

func (e example) check() string {
	args := make([]value.Value, len(e.Args))
	for i, a := range e.Args {
		args[i] = decode(a)
	}
	got, err := e.run(args)
	if e.Want == nil {
		if err == nil {
			return "got " + show(got) + ", want " + e.Error
		}
		var python *value.Error
		if !errors.As(err, &python) {
			return "not Python's error: " + err.Error()
		}
		if text := python.Class + ": " + python.Message; text != e.Error && python.Class != e.Error {
			return "got " + text
		}
		return ""
	}
	if err != nil {
		return fmt.Sprintf("got %v, want %s", err, *e.Want)
	}
	if show(got) != *e.Want {
		return "got " + show(got)
	}
	if e.After != nil && show(args[0]) != *e.After {
		return "left " + show(args[0])
	}
	return ""
}

func (e example) run(args []value.Value) (value.Value, error) {
	switch e.Op {
	case "method":
		m, ok := value.Attr(args[0], e.Name)
		if !ok {
			return nil, errors.New("no such method")
		}
		c := &value.Call{Args: args[1:]}
		for _, kw := range e.Kwargs {
			c.Kwargs = append(c.Kwargs, value.Kwarg{Name: kw[0].(string), Value: decode(kw[1])})
		}
		return value.Invoke(m, c)
	case "+", "-", "*", "/", "//", "%", "**":
		return value.Arithmetic(value.Op(e.Op), args[0], args[1])
	case "<", "<=", ">", ">=":
		return value.Order(e.Op, args[0], args[1])
	case "==":
		return value.Equal(args[0], args[1]), nil
	case "in":
		return value.Contains(args[0], args[1])
	case "item":
		return value.Subscript(args[0], args[1])
	case "slice":
		return value.Slice(args[0], args[1], args[2], args[3])
	case "neg":
		return value.Neg(args[0])
	case "pos":
		return value.Pos(args[0])
	case "repr":
		return raw(value.Repr(args[0])), nil
	case "str":
		return value.Str(args[0]), nil
	case "truth":
		return value.Truth(args[0]), nil
	case "len":
		n, err := value.Len(args[0])
		return int64(n), err
	case "iter":
		items, err := value.Iterate(args[0])
		return value.NewList(items...), err
	case "key":
		_, err := value.Key(args[0])
		return false, err
	case "format":
		return value.Format(args[0], args[1].(string))
	case "dumps":
		var style value.JSONStyle
		for _, kw := range e.Kwargs {
			switch v := decode(kw[1]); kw[0] {
			case "sort_keys":
				style.SortKeys = true
			case "ensure_ascii":
				style.Unicode = true
			case "indent":
				style.Indent = strings.Repeat(" ", int(v.(int64)))
			}
		}
		return value.MarshalJSON(args[0], style)
	case "loads":
		return value.FromJSON(args[0].(string))
	}
	return nil, fmt.Errorf("no op %q", e.Op)
}

// raw is text that the table holds with quotes around it.
func raw(s string) value.Value { return s }

// show is repr with the elements of a set in order, as the oracle writes it.
func show(v value.Value) string {
	s, ok := v.(*value.Set)
	if !ok || s.Len() == 0 {
		return value.Repr(v)
	}
	var parts []string
	for _, e := range s.Elems() {
		parts = append(parts, value.Repr(e))
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ", ") + "}"
}

func decode(v any) value.Value {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			panic(err)
		}
		return n
	case []any:
		return value.NewList(decodeAll(v)...)
	case map[string]any:
		for tag, v := range v {
			switch tag {
			case "int":
				n, _ := new(big.Int).SetString(v.(string), 10)
				return value.Int(n)
			case "float":
				return decodeFloat(v.(string))
			case "tuple":
				return value.NewTuple(decodeAll(v.([]any))...)
			case "set":
				s, err := value.NewSet(decodeAll(v.([]any))...)
				if err != nil {
					panic(err)
				}
				return s
			case "dict":
				d := value.NewDict()
				for _, pair := range v.([]any) {
					kv := decodeAll(pair.([]any))
					if err := d.Set(kv[0], kv[1]); err != nil {
						panic(err)
					}
				}
				return d
			}
		}
	}
	return v
}

func decodeAll(vs []any) []value.Value {
	out := make([]value.Value, len(vs))
	for i, v := range vs {
		out[i] = decode(v)
	}
	return out
}

func decodeFloat(s string) float64 {
	if s == "nan" {
		return math.NaN()
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return f
}
