package adapters

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// assign puts the cells of a row into the variables, of exactly their types.
func assign(row []any, into ...any) error {
	if len(row) != len(into) {
		return fmt.Errorf("%d columns instead of %d", len(row), len(into))
	}
	for i, p := range into {
		variable, cell := reflect.ValueOf(p).Elem(), reflect.ValueOf(row[i])
		if !cell.IsValid() || cell.Type() != variable.Type() {
			return fmt.Errorf("column %d is a %T and not a %s", i+1, row[i], variable.Type())
		}
		variable.Set(cell)
	}
	return nil
}

// shiftFirstLine moves a position on the first line left, by what was put
// before the statement.
func shiftFirstLine(err error, by int) error {
	var s *ServerError
	if !errors.As(err, &s) || s.Line != 1 {
		return err
	}
	moved := *s
	if moved.Column -= by; moved.Column < 1 {
		moved.Line, moved.Column = 0, 0
	}
	return &moved
}

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }
