package command

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/chmod-sql/chmod/compiler/diag"
)

// choice is a flag that takes one of a few words, whatever their case.
type choice struct {
	value *string
	words []string
}

func (c *choice) Set(text string) error {
	for _, w := range c.words {
		if strings.EqualFold(w, text) {
			*c.value = w
			return nil
		}
	}
	if hint := diag.DidYouMean(text, c.words); hint != "" {
		return fmt.Errorf("%q is none of %s; %s", text, strings.Join(c.words, ", "), hint)
	}
	return fmt.Errorf("%q is none of %s", text, strings.Join(c.words, ", "))
}

func (c *choice) String() string { return *c.value }
func (c *choice) Type() string   { return strings.Join(c.words, "|") }

// choose declares a flag that takes one of words.
func choose(flags *pflag.FlagSet, value *string, name, short, usage string, words ...string) {
	flags.VarP(&choice{value, words}, name, short, usage)
}
