{# What surrounds a test's own query. #}

{% macro get_where_subquery(relation) -%}
  {% do return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) %}
{%- endmacro %}

{% macro default__get_where_subquery(relation) -%}
  {%- set where = config.get('where', '') -%}
  {%- if not where -%}
    {% do return(relation) %}
  {%- endif -%}
  {% do return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') dbt_subquery') %}
{%- endmacro %}

{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
  {{ adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    select
      {{ fail_calc }} as failures,
      {{ fail_calc }} {{ warn_if }} as should_warn,
      {{ fail_calc }} {{ error_if }} as should_error
    from (
      {{ main_sql if limit is none else clickhouse__place_limit(main_sql, limit) }}
    ) dbt_internal_test
{%- endmacro %}

{# LIMIT stands before SETTINGS; the last marker tells where the query proper ends. #}
{% macro clickhouse__place_limit(query, limit) -%}
  {%- set marker = '-- end_of_sql' -%}
  {%- if marker in query -%}
    {%- set parts = query.rsplit(marker, 1) -%}
    {{ parts[0] ~ '\n LIMIT ' ~ limit ~ '\n' ~ marker ~ parts[1] }}
  {%- elif 'settings' in query.lower() -%}
    {% do exceptions.raise_compiler_error("-- end_of_sql must be set when using ClickHouse settings") %}
  {%- else -%}
    {{ query ~ '\nlimit ' ~ limit }}
  {%- endif -%}
{%- endmacro %}
