{% macro cast(field, type) -%}
  {% do return(adapter.dispatch('cast', 'dbt')(field, type)) %}
{%- endmacro %}

{% macro default__cast(field, type) %}
    cast({{ field }} as {{ type }})
{% endmacro %}

{# The word null stands for a type's default value: most columns cannot hold a NULL. #}
{% macro safe_cast(field, type) -%}
  {% do return(adapter.dispatch('safe_cast', 'dbt')(field, type)) %}
{%- endmacro %}

{% macro default__safe_cast(field, type) %}
  {%- if field == 'null' -%}
    CAST(defaultValueOfTypeName('{{ type | replace("'", "\\'") }}') AS {{ type }})
  {%- else -%}
    CAST({{ field }} AS {{ type }})
  {%- endif -%}
{% endmacro %}
