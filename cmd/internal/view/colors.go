package view

// Colors marks text for a terminal; the zero value leaves it plain.
type Colors struct{ on bool }

// NewColors returns marks that work, or plain ones.
func NewColors(on bool) Colors { return Colors{on} }

// Red is for errors.
func (c Colors) Red(s string) string { return c.mark("31", s) }

// Yellow is for warnings.
func (c Colors) Yellow(s string) string { return c.mark("33", s) }

// Green is for what went well.
func (c Colors) Green(s string) string { return c.mark("32", s) }

// Bold is for what to read first.
func (c Colors) Bold(s string) string { return c.mark("1", s) }

// Faint is for what to read last.
func (c Colors) Faint(s string) string { return c.mark("2", s) }

func (c Colors) mark(code, s string) string {
	if !c.on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
