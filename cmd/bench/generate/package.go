package generate

import (
	"fmt"
	"strings"
)

// installed writes the package: macros with dispatch, a generic test and two
// models.
func (p Project) installed(files map[string]string) {
	r := p.random(2)
	const dir = "dbt_packages/kit/"
	files[dir+"dbt_project.yml"] = `name: kit
version: "1.2.0"
config-version: 2
require-dbt-version: [">=1.0.0", "<3.0.0"]
macro-paths: [macros]
model-paths: [models]
models:
  kit:
    +materialized: view
`
	files[dir+"macros/guard.sql"] = `{% macro guard(expression) -%}
    {{ return(adapter.dispatch('guard', 'kit')(expression)) }}
{%- endmacro %}

{% macro default__guard(expression) -%}
    coalesce({{ expression }}, 0)
{%- endmacro %}

{% macro clickhouse__guard(expression) -%}
    ifNull({{ expression }}, 0)
{%- endmacro %}
`
	files[dir+"macros/test_at_least.sql"] = `{% test at_least(model, column_name, minimum=0) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < {{ minimum }}
{% endtest %}
`
	var b strings.Builder
	for i := range 30 {
		fmt.Fprintf(&b, "{%% macro piece_%02d(values) -%%}\n    {%%- set parts = [] -%%}\n    {%%- for v in values -%%}\n"+
			"        {%%- do parts.append(v | string) -%%}\n    {%%- endfor -%%}\n    {{ parts | join(', ') }}\n{%%- endmacro %%}\n\n", i)
	}
	files[dir+"macros/pieces.sql"] = b.String()
	files[dir+"models/kit_days.sql"] = "select toDate('2026-01-01') + number as day\nfrom numbers(31)\n"
	files[dir+"models/kit_weeks.sql"] = "select toMonday(day) as week, count() as days\nfrom {{ ref('kit_days') }}\ngroup by week\n"
	files[dir+"models/kit.yml"] = "version: 2\n\nmodels:\n  - name: kit_days\n    description: " + paragraph(r, 8) +
		"\n    columns:\n      - name: day\n        data_tests:\n          - not_null\n          - unique\n"
}
