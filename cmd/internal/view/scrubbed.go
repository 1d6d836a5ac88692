package view

import (
	"encoding/json"
	"io"
	"strings"
)

// Scrubbed is a writer that hides secrets from what goes through. Each write
// is taken for itself: views write whole messages.
func Scrubbed(out io.Writer, secrets []string) io.Writer {
	var pairs []string
	for _, s := range secrets {
		if s == "" {
			continue
		}
		pairs = append(pairs, s, "*****")
		// As it is written inside of JSON.
		if inJSON, err := json.Marshal(s); err == nil && string(inJSON) != `"`+s+`"` {
			pairs = append(pairs, strings.Trim(string(inJSON), `"`), "*****")
		}
	}
	if len(pairs) == 0 {
		return out
	}
	return &scrubbed{out, strings.NewReplacer(pairs...)}
}

type scrubbed struct {
	out     io.Writer
	replace *strings.Replacer
}

func (s *scrubbed) Write(text []byte) (int, error) {
	if _, err := io.WriteString(s.out, s.replace.Replace(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}
