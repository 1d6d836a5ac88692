package context

import (
	"regexp"

	"github.com/chmod-sql/chmod/compiler/source"
)

// Places are where the settings of the call stand, as far as its text tells.
func (c SeenConfig) Places() map[string]source.Span {
	if !c.Span.Known() {
		return nil
	}
	places := map[string]source.Span{}
	for _, m := range keyword.FindAllStringSubmatchIndex(c.Span.Text(), -1) {
		name := c.Span.Text()[m[2]:m[3]]
		if _, twice := places[name]; !twice {
			places[name] = source.Span{File: c.Span.File, Start: c.Span.Start + m[2], End: c.Span.Start + m[3]}
		}
	}
	if at, ok := places["pre_hook"]; ok {
		places["pre-hook"] = at
	}
	if at, ok := places["post_hook"]; ok {
		places["post-hook"] = at
	}
	return places
}

// keyword matches the name of a setting in the text of a config() call.
var keyword = regexp.MustCompile(`['"]?\b([A-Za-z_][A-Za-z0-9_-]*)\b['"]?\s*[=:]`)
