{% macro cents_to_units(column) -%}
    toDecimal64({{ column }}, 2) / 100
{%- endmacro %}
