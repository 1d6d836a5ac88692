package template

import "github.com/chmod-sql/chmod/compiler/value"

// nativeParts collects what a template prints as values.
type nativeParts struct {
	parts []value.Value
	// text is set while the last part is text that more text of the same run
	// joins.
	text bool
}

func (f *frame) runNative(list []stmt) (signal, error) { return goOn, nil }

func nativeFilter(name string) filter {
	switch name {
	case "as_text", "as_bool", "as_native", "as_number":
		return func(_ *frame, v value.Value, c *value.Call) (value.Value, error) { return v, nil }
	}
	return nil
}
