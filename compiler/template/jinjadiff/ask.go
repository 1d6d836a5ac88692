// Package jinjadiff asks Python's Jinja2 and compiler/template the same
// questions and tells where the answers differ: the test corpus, templates made
// up by a grammar, and the files of real projects.
//
// Its main type is Run. A difference is a mistake of ours unless it is written
// down in known.go with a reason. The package refuses to judge what Python
// itself came to no end with.
package jinjadiff

// Ask is a question to both sides: what becomes of a template.
type Ask struct {
	Template string `json:"t"`
	// Undefined is "", "chainable" or "strict".
	Undefined string `json:"undefined,omitempty"`
	// Native asks for a value, as dbt renders the strings of YAML files.
	Native bool `json:"native,omitempty"`
	// Parse asks only whether it can be read.
	Parse bool `json:"parse,omitempty"`
	// World says what names there are: those of the corpus, or a project's.
	World   string `json:"world,omitempty"`
	Package string `json:"package,omitempty"`
	Execute bool   `json:"execute,omitempty"`
	// Seconds is how long Python may take.
	Seconds int `json:"seconds,omitempty"`
	// From is where the template comes from, for people.
	From string `json:"-"`
}

// worldProject is the world of stubs and of the projects' macros.
const worldProject = "project"

// Answer is what came of it.
type Answer struct {
	// Want is the text, or the repr of a native value; nil after an error.
	Want  *string `json:"want"`
	Error string  `json:"error"`
	Line  int     `json:"line"`
	// Told are the places of all mistakes, which we tell together, and those
	// that their notes point to.
	Told    []told `json:"-"`
	Message string `json:"message"`
	// Lost says why there is no answer.
	Lost string `json:"lost"`
}

func (a Answer) class() string {
	if a.Want != nil {
		return "text"
	}
	return a.Error
}

// told is a line of a text.
type told struct {
	line int
	text string
}

// PackageMacro is a macro of a project as both sides are told of it.
type PackageMacro struct {
	Name string `json:"name"`
	Text string `json:"text"`
}
