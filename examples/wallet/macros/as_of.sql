{# The day that the project tells of: the variable as_of, or today (UTC). #}
{% macro as_of() -%}
    {%- if var('as_of', '') -%}
        toDate('{{ var("as_of") }}')
    {%- else -%}
        toDate(now('UTC'))
    {%- endif -%}
{%- endmacro %}
