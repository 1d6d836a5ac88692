package command

import (
	"strconv"

	"github.com/spf13/pflag"
)

// toggle declares --name and --no-name for one boolean; the one given last
// wins.
func toggle(flags *pflag.FlagSet, value *bool, name, short string, usage string) {
	flags.BoolVarP(value, name, short, *value, usage)
	off := flags.VarPF(&negation{value}, "no-"+name, "", "turn --"+name+" off")
	off.NoOptDefVal = "true"
	off.Hidden = true
}

// negation is a flag that sets a boolean to the opposite of what it says.
type negation struct{ value *bool }

func (n *negation) Set(text string) error {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return err
	}
	*n.value = !b
	return nil
}

func (n *negation) String() string   { return "" }
func (n *negation) Type() string     { return "bool" }
func (n *negation) IsBoolFlag() bool { return true }
