package generate

import (
	"fmt"
	"strings"
)

// macros writes the project's macros, five a file.
func (p Project) macros(files map[string]string) {
	r := p.random(1)
	for i := range macros {
		path := fmt.Sprintf("macros/group_%02d.sql", i/5)
		files[path] += macroText(i) + "\n"
		if i%5 == 0 {
			files[strings.TrimSuffix(path, ".sql")+".yml"] = fmt.Sprintf(
				"version: 2\n\nmacros:\n  - name: %s\n    description: %s\n    arguments:\n      - name: column\n        type: string\n        description: %s\n",
				macroName(i), paragraph(r, 9), paragraph(r, 5))
		}
	}
}

func macroName(i int) string { return fmt.Sprintf("shape_%03d", i) }

// macroText are macros of the kinds that projects have: short expressions,
// loops, those that choose by a variable, and those that call others. Each
// gives an expression of a column.
func macroText(i int) string {
	name := macroName(i)
	switch i % 4 {
	case 0:
		return fmt.Sprintf("{%% macro %s(column, scale=2) -%%}\n    round({{ column }}, {{ scale }})\n{%%- endmacro %%}\n", name)
	case 1:
		return fmt.Sprintf(`{%% macro %s(column) -%%}
    {#- one branch for each status -#}
    case
    {%%- for status in var('statuses') %%}
        when status = '{{ status }}' then {{ column }}{{ ' * ' ~ loop.index if not loop.first }}
    {%%- endfor %%}
        else 0
    end
{%%- endmacro %%}
`, name)
	case 2:
		return fmt.Sprintf(`{%% macro %s(column, currency=none) -%%}
    {%%- set wanted = currency or var('base_currency') -%%}
    {%%- if wanted == 'EUR' -%%}
    toDecimal64({{ column }}, 4)
    {%%- elif wanted in ['USD', 'GBP'] -%%}
    toDecimal64({{ column }} * 1.1, 4)
    {%%- else -%%}
    {{ exceptions.raise_compiler_error('no rate for ' ~ wanted) }}
    {%%- endif -%%}
{%%- endmacro %%}
`, name)
	default:
		return fmt.Sprintf("{%% macro %s(column) -%%}\n    {{ kit.guard(%s(column)) }}\n{%%- endmacro %%}\n", name, macroName(i-1))
	}
}
