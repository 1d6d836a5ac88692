package view

import (
	"strings"
	"unicode"
)

// cells is how wide a text is on a terminal: letters of East Asia and emoji
// take two cells, marks on letters none.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n += cellsOf(r)
	}
	return n
}

func cellsOf(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana),
		r >= 0x3000 && r <= 0x303f, // punctuation of East Asia
		r >= 0xff01 && r <= 0xff60, // wide forms
		r >= 0x1f300 && r <= 0x1faff:
		return 2
	}
	return 1
}

// cut shortens a text to so many cells.
func cut(text string, most int) string {
	if cells(text) <= most {
		return text
	}
	var b strings.Builder
	left := most - 1
	for _, r := range text {
		if left -= cellsOf(r); left < 0 {
			break
		}
		b.WriteRune(r)
	}
	if most > 0 {
		b.WriteString("…")
	}
	return b.String()
}

// pad adds blanks up to so many cells.
func pad(text string, to int) string {
	return text + strings.Repeat(" ", max(to-cells(text), 0))
}
