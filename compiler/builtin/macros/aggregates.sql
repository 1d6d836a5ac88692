{% macro any_value(expression) -%}
  {% do return(adapter.dispatch('any_value', 'dbt')(expression)) %}
{%- endmacro %}

{% macro default__any_value(expression) -%}
any({{ expression }})
{%- endmacro %}

{% macro bool_or(expression) -%}
  {% do return(adapter.dispatch('bool_or', 'dbt')(expression)) %}
{%- endmacro %}

{% macro default__bool_or(expression) -%}
max({{ expression }}) > 0
{%- endmacro %}

{% macro listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
  {% do return(adapter.dispatch('listagg', 'dbt')(measure, delimiter_text, order_by_clause, limit_num)) %}
{%- endmacro %}

{% macro default__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- set words = (order_by_clause or '').split() -%}
  {%- set items = 'array_agg(' ~ measure ~ ')' -%}
  {%- if (words[:2] | join(' ')).lower() == 'order by' -%}
    {%- if ',' in words -%}
      {% do exceptions.raise_compiler_error("ClickHouse does not support multiple order by fields.") %}
    {%- endif -%}
    {%- set sort = 'arrayReverseSort' if 'desc' in (words[3:] | join('')).lower() else 'arraySort' -%}
    {%- set items = 'arrayMap(x -> x.1, ' ~ sort ~ '(x -> x.2, arrayZip(array_agg(' ~ measure ~ '), array_agg(' ~ words[2] ~ '))))' -%}
  {%- endif -%}
  {%- if limit_num -%}
    {%- set items = 'arraySlice(' ~ items ~ ', 1, ' ~ limit_num ~ ')' -%}
  {%- endif -%}
arrayStringConcat({{ items }}, {{ delimiter_text }})
{%- endmacro %}
