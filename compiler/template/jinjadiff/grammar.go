package jinjadiff

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Generated makes up count questions, the first of them number from. The same
// seed makes the same ones.
func Generated(seed uint64, from, count int) func(yield func(Ask) bool) {
	return func(yield func(Ask) bool) {
		for n := range count {
			if !yield(generate(seed, from+n)) {
				return
			}
		}
	}
}

func generate(seed uint64, n int) Ask {
	g := &grammar{rand.New(rand.NewPCG(seed, uint64(n))), false}
	g.typed = g.chance(70)
	ask := Ask{From: fmt.Sprintf("generated:%d:%d", seed, n)}
	switch k := g.IntN(100); {
	case k < 15:
		ask.Undefined = "chainable"
	case k < 25:
		ask.Undefined = "strict"
	}
	if ask.Native = g.chance(12); ask.Native && g.chance(60) {
		ask.Template = g.text() + g.print(2) + g.pick("", g.text(), g.print(1))
		return ask
	}
	var b strings.Builder
	if g.typed {
		g.macros(&b)
	}
	for range 1 + g.IntN(3) {
		b.WriteString(g.statement(3))
	}
	ask.Template = b.String()
	return ask
}

// grammar makes up templates. Typed ones mostly mean something; the others are
// mostly wrong in some place.
type grammar struct {
	*rand.Rand
	typed bool
}

// chance is true in so many of a hundred cases.
func (g *grammar) chance(percent int) bool { return g.IntN(100) < percent }

func (g *grammar) pick(list ...string) string { return list[g.IntN(len(list))] }

// form fills one of the forms: %e an expression, %n a number, %t a text, %s a
// sequence, %b a condition, %d a dict, %v any of them, %a something short, all
// of the given depth.
func (g *grammar) form(depth int, forms ...string) string {
	form := g.pick(forms...)
	var b strings.Builder
	for {
		i := strings.IndexByte(form, '%')
		if i < 0 || i+1 == len(form) {
			return b.String() + form
		}
		b.WriteString(form[:i])
		if part := g.part(form[i+1]); part != nil {
			b.WriteString(part(depth))
		} else {
			b.WriteString(form[i : i+2])
		}
		form = form[i+2:]
	}
}

// part is what makes up the part of a form; nil when the letter is none.
func (g *grammar) part(letter byte) func(depth int) string {
	return map[byte]func(int) string{
		'e': g.expression, 'n': g.number, 't': g.string, 's': g.sequence, 'b': g.condition, 'd': g.dict, 'v': g.value,
		'a': func(int) string { return g.atom() },
	}[letter]
}
