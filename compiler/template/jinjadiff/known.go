package jinjadiff

import "regexp"

// Known is a difference that we stand by.
type Known struct {
	// Name says which one.
	Name string
	// Template is what its smallest templates look like.
	Template *regexp.Regexp
	// Kind is what the two sides say, see Difference.Kind.
	Kind *regexp.Regexp
	// Ours is our message, or our text when there is none.
	Ours *regexp.Regexp
	// Why is the reason.
	Why string
	// Example is a question that shows it.
	Example Ask
}

// Table holds all of them.
func Table() []Known {
	entry := func(name, template, kind, ours, why, example string) Known {
		return Known{name, regexp.MustCompile(`(?s)` + template), regexp.MustCompile(`^(?:` + kind + `)$`), regexp.MustCompile(ours), why, Ask{Template: example}}
	}
	table := []Known{
		entry("text is never HTML", `\|\s*(e|escape|forceescape|safe|tojson|xmlattr|urlize)\b|'(tojson|e|escape|urlize|safe)'`,
			`text / text|text / TypeError|TypeError / text|text / AttributeError|AttributeError / text`, ``,
			"Jinja2 marks the text of these filters as HTML and escapes what is joined to it with + or a method; in SQL and YAML that would only do harm.", `{{ 'a'|e + '<' }}`),
		entry("lipsum", `\blipsum\b`, `.*`, ``, "The function makes up random Latin, which has no place in a project; the name is undefined.", `{{ lipsum is defined }}`),
		entry("self", `\bself\b`, `.*`, ``, "The name stands for the blocks of a template that is extended, and dbt has no such templates; the name is undefined.", `{{ self is defined }}`),
		entry("names of characters", `\\N\{`, `.*`, ``, "Writing a character by its Unicode name needs the table of all names; the error says to write the character itself.", `{{ '\N{BULLET}' }}`),
		entry("tags that Jinja2 forgets the line of", `\{%[-+]?\s*(set[\s(]+[^=%]*\.|with\b)`, `\w+, on another line`, ``,
			"For set of an attribute and with, Jinja2 gives the line of whatever ran before; ours is the line of the tag.", "\n{% set n.y = 1 %}"),
		entry("a loop that looks ahead", `\bloop\b`, `\w+, on another line`, ``,
			"Jinja2 gives the line that asks the loop for what comes next; ours is the line of what gives the items.", "{% for x in [1, 'a']|map('abs') %}\n{{ loop.last }}{% endfor %}"),
		entry("blocks that must print text", `.`, `TypeError, on another line`, `is to print text, but made a value`,
			"Jinja2 notices only where the text of the block around is put together; ours is the line of what printed it.", "{% set y %}\n{{ n }}{% endset %}"),
		entry("an infinite constant", `e\d{3}`, `NameError / .*`, ``,
			"Jinja2 works the number out while it compiles and then writes it as the name inf, which Python does not know.", `{{ (1e308 * 10)|int }}`),
		entry("a slice of a constant", `[\w\])}'"]\s*\[[^:]*:`, `.* / TypeError|TypeError, on another line`, `unhashable type: 'slice'|not subscriptable|slice indices must be`,
			"Jinja2 works constants out while it compiles, and there forgives a slice of what has none; of a variable it fails in both.", `{{ 2[:] is number }}`),
		entry("a slice beside other subscripts", `\[[^\]]*:`, `.*`, `a slice cannot stand beside other subscripts`,
			"Jinja2 makes code of it that Python cannot read, unless it can work the value out beforehand; ours is a mistake always.", `{{ ()[:, 1] }}`),
		entry("tags that are never closed", `\{[{%]`, `TemplateSyntaxError, on another line`, `is (never|not) closed`,
			"Jinja2 gives the line where the template or the block around ends; ours is the line of what was opened.", "{{\n a"),
		entry("braces in braces", `\{\{|\{%`, `.* / TemplateSyntaxError`, `'\{\{' inside of a tag`,
			"Two braces inside of a tag can only be a dict as a dict's key, which always fails; the mistake is braces around a name, and is told when the file is read.", `{% if no %}{{ {{1: 2}: 3} }}{% endif %}`),
		entry("a name of a strict constant", `[)\]}'"]\s*[.\[]`, `UndefinedError before the start / .*`, ``,
			"Jinja2 works constants out while it compiles and so fails before anything runs; dbt asks for strict names in the semantic layer alone.", `{{ 1 + [] }}{{ ().name and 1 }}`),
		entry("complex numbers", `\*\*`, `.* / ValueError`, `is complex`,
			"Python has complex numbers for roots of what is below zero; SQL has none, and nobody wants one in it.", `{{ neg ** 0.5 }}`),
		entry("what a constant decides", `(and|or|if)\b`, `.* / TemplateSyntaxError`, `there is no (test|filter) `,
			"Jinja2 drops what a constant makes unreachable before it looks for filters and tests; ours is told when the file is read.", `{{ 1 or yes is nope }}`),
		entry("an address in memory", `.`, `text / text`, `(?i)(?:\b|%20)o\s*b\s*j\s*e\s*c\s*t\s*(?:>|%3e|&gt;|\\u003e)|<\s*f\s*u\s*n\s*c\s*t\s*i\s*o\s*n`,
			"Python prints the address of what has no text of its own, which we do not have, and filters change its letters.", `{% macro m() %}{{ ()|map }}{% endmacro %}{{ m()|upper }}`),
		entry("the length of an address", `\|\s*(map|select|reject|selectattr|rejectattr|batch|slice|unique|items|reverse)\b|\b(joiner|cycler)\b`, `text / text`, `^\d+$`,
			"Python prints the address of what has no text of its own, which we do not have, and counts its letters.", `{% macro m() %}{{ ()|map }}{% endmacro %}{{ m()|length }}`),
	}
	for i := range table {
		table[i].Example.Native = table[i].Name == "blocks that must print text"
		if table[i].Name == "a name of a strict constant" {
			table[i].Example.Undefined = "strict"
		}
		table[i].Example.From = "known:" + table[i].Name
	}
	return table
}

func knownAs(d Difference) string {
	said := d.Ours.Message
	if d.Ours.Want != nil {
		said = *d.Ours.Want
	}
	for _, k := range Table() {
		if k.Template.MatchString(d.Ask.Template) && k.Kind.MatchString(d.Kind()) && k.Ours.MatchString(said) {
			return k.Name
		}
	}
	return ""
}
