package command

import "strings"

// greedy are the flags that take all following words up to the next flag:
// `--select a b c` is `--select a --select b --select c`, as in dbt.
var greedy = map[string]bool{
	"--select": true, "-s": true, "--models": true, "--model": true, "-m": true,
	"--exclude": true, "--resource-type": true, "--resource-types": true,
	"--exclude-resource-type": true, "--exclude-resource-types": true, "--output-keys": true,
}

// spread writes greedy flags out, so that an ordinary parser can read them.
func spread(args []string) []string {
	out := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(out, args[i:]...)
		}
		out = append(out, args[i])
		if !greedy[args[i]] || i+1 >= len(args) {
			continue
		}
		flag := args[i]
		i++
		out = append(out, args[i])
		for i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			i++
			out = append(out, flag, args[i])
		}
	}
	return out
}
