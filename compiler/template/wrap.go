package template

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrapper breaks a line as Python's textwrap does.
type wrapper struct {
	width     int
	breakLong bool
	hyphens   bool
}

func (w *wrapper) wrap(line string) []string {
	chunks := w.chunks(line)
	var lines []string
	for len(chunks) > 0 {
		var now []string
		length := 0
		if len(lines) > 0 && blank(chunks[0]) {
			chunks = chunks[1:]
		}
		for len(chunks) > 0 {
			n := utf8.RuneCountInString(chunks[0])
			if length+n > w.width {
				break
			}
			now, length, chunks = append(now, chunks[0]), length+n, chunks[1:]
		}
		if len(chunks) > 0 && utf8.RuneCountInString(chunks[0]) > w.width {
			switch {
			case w.breakLong:
				head, rest := w.breakChunk(chunks[0], w.width-length)
				now, chunks = append(now, head), append([]string{rest}, chunks[1:]...)
			case len(now) == 0:
				now, chunks = chunks[:1:1], chunks[1:]
			}
		}
		if n := len(now); n > 0 && blank(now[n-1]) {
			now = now[:n-1]
		}
		if len(now) > 0 {
			lines = append(lines, strings.Join(now, ""))
		}
	}
	return lines
}

// breakChunk cuts a chunk that no line has room for, behind a hyphen if it can.
// It may take nothing of the chunk.
func (w *wrapper) breakChunk(chunk string, room int) (head, rest string) {
	runes := []rune(chunk)
	end := room
	if w.hyphens && len(runes) > room {
		for i := room - 1; i > 0; i-- {
			if runes[i] == '-' {
				if strings.Trim(string(runes[:i]), "-") != "" {
					end = i + 1
				}
				break
			}
		}
	}
	return string(runes[:end]), string(runes[end:])
}

func blank(s string) bool { return strings.TrimFunc(s, wrapSpace) == "" }

// wrapSpace is what textwrap takes for white space.
func wrapSpace(r rune) bool { return r == ' ' || r >= '\t' && r <= '\r' }

// chunks splits into what must not be broken: words, parts of words up to a
// hyphen, dashes between words, and the white space between them.
func (w *wrapper) chunks(line string) []string {
	var chunks []string
	runes := []rune(line)
	for i := 0; i < len(runes); {
		start := i
		if wrapSpace(runes[i]) {
			for i < len(runes) && wrapSpace(runes[i]) {
				i++
			}
		} else {
			for i < len(runes) && !wrapSpace(runes[i]) {
				i++
			}
			if w.hyphens {
				chunks = append(chunks, splitHyphens(runes[start:i])...)
				continue
			}
		}
		chunks = append(chunks, string(runes[start:i]))
	}
	return chunks
}

func splitHyphens(word []rune) []string {
	var parts []string
	start := 0
	for i := 0; i < len(word); i++ {
		if word[i] != '-' {
			continue
		}
		end := i
		for end < len(word) && word[end] == '-' {
			end++
		}
		switch {
		case end-i >= 2:
			// A dash stands alone between words.
			if i > 0 && wordOrPunctuation(word[i-1]) && end < len(word) && isWordRune(word[end]) {
				if i > start {
					parts = append(parts, string(word[start:i]))
				}
				parts = append(parts, string(word[i:end]))
				start = end
			}
		case hyphenBreaks(word, i):
			parts = append(parts, string(word[start:end]))
			start = end
		}
		i = end - 1
	}
	if start < len(word) {
		parts = append(parts, string(word[start:]))
	}
	return parts
}

func wordOrPunctuation(r rune) bool {
	return isWordRune(r) || strings.ContainsRune("!\"'&.,?", r)
}

// hyphenBreaks reports whether a word may be broken behind the hyphen at i:
// with two letters in front of it and two letters, or a letter, a hyphen and a
// letter, behind it.
func hyphenBreaks(word []rune, i int) bool {
	letter := func(k int) bool {
		return k >= 0 && k < len(word) && isWordRune(word[k]) && !unicode.IsDigit(word[k])
	}
	before := letter(i-1) && (letter(i-2) || i >= 3 && word[i-2] == '-' && letter(i-3))
	after := letter(i+1) && (letter(i+2) || i+2 < len(word) && word[i+2] == '-' && letter(i+3))
	return before && after
}
