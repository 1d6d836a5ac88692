package template

import "fmt"

// Limits stop a rendering that would never end or fill the memory. A zero
// field stands for its default.
type Limits struct {
	// Depth is how deep macros may call each other.
	Depth int
	// Iterations is how often loops may go round, all together.
	Iterations int
	// Bytes is how much text may be written, all together.
	Bytes int
}

func (l Limits) orDefaults() Limits {
	if l.Depth == 0 {
		l.Depth = 200
	}
	if l.Iterations == 0 {
		l.Iterations = 5_000_000
	}
	if l.Bytes == 0 {
		l.Bytes = 256 << 20
	}
	return l
}

// LimitError says which limit a rendering ran into.
type LimitError struct {
	// Limit is depth, iterations or bytes.
	Limit string
	Max   int
}

func (e *LimitError) Error() string {
	switch e.Limit {
	case "depth":
		return fmt.Sprintf("macros call each other more than %d levels deep", e.Max)
	case "iterations":
		return fmt.Sprintf("loops went round more than %d times", e.Max)
	}
	return fmt.Sprintf("the template wrote more than %d bytes", e.Max)
}

func (e *LimitError) fix() string {
	switch e.Limit {
	case "depth":
		return "look for a macro that calls itself without end"
	case "iterations":
		return "look for a loop over too much, or over a list that grows meanwhile"
	}
	return ""
}
