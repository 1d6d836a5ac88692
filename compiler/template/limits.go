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
	// Steps is how much may be done, all together: a statement, a value made,
	// an item read and sixteen bytes of text are a step each.
	Steps int
	// Memory is how many bytes the program's memory may grow by while the
	// template renders, as far as that is seen.
	Memory int
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
	if l.Steps == 0 {
		l.Steps = 1_000_000_000
	}
	if l.Memory == 0 {
		l.Memory = 2 << 30
	}
	return l
}

// LimitError says which limit a rendering ran into.
type LimitError struct {
	// Limit is depth, iterations, bytes, steps or memory.
	Limit string
	Max   int
}

func (e *LimitError) Error() string {
	switch e.Limit {
	case "depth":
		return fmt.Sprintf("macros call each other more than %d levels deep", e.Max)
	case "iterations":
		return fmt.Sprintf("loops went round more than %d times", e.Max)
	case "steps":
		return fmt.Sprintf("the template did more than %d steps", e.Max)
	case "memory":
		return fmt.Sprintf("the values of the template take more than %d MiB of memory", e.Max>>20)
	}
	return fmt.Sprintf("the template wrote more than %d bytes", e.Max)
}

func (e *LimitError) fix() string {
	switch e.Limit {
	case "depth":
		return "look for a macro that calls itself without end"
	case "iterations":
		return "look for a loop over too much, or over a list that grows meanwhile"
	case "steps":
		return "look for loops inside of loops, and for work on long lists and texts that is done again and again"
	case "memory":
		return "look for a list or a text that grows in a loop"
	}
	return ""
}
