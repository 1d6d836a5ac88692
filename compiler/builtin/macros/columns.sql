{# Columns of relations and of queries. #}

{% macro get_columns_in_relation(relation) -%}
  {% do return(adapter.dispatch('get_columns_in_relation', 'dbt')(relation)) %}
{%- endmacro %}

{% macro default__get_columns_in_relation(relation) -%}
  {% do return(adapter.get_columns_in_relation(relation)) %}
{%- endmacro %}

{% macro sql_convert_columns_in_relation(table) -%}
  {% set columns = [] %}
  {% for row in table %}
    {% do columns.append(api.Column(*row)) %}
  {% endfor %}
  {% do return(columns) %}
{%- endmacro %}

{% macro get_list_of_column_names(columns) -%}
  {% do return(columns | map(attribute='name') | list) %}
{%- endmacro %}

{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {% do return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) %}
{%- endmacro %}

{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {{ select_sql_header if select_sql_header is not none }}
    select * from (
        {{ select_sql }}
    ) as __dbt_sbq
    where false
    limit 0
{% endmacro %}

{% macro get_empty_schema_sql(columns) -%}
  {% do return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) %}
{%- endmacro %}

{% macro default__get_empty_schema_sql(columns) %}
    {%- set untyped = [] %}
    select
    {% for key in columns %}
      {%- set column = columns[key] -%}
      {%- if column['data_type'] is not defined -%}
        {% do untyped.append(column['name']) %}
      {%- else -%}
        {{ cast('null', column['data_type']) }} as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}
      {%- endif -%}
    {% endfor %}
    {%- if untyped %}
      {% do exceptions.column_type_missing(column_names=untyped) %}
    {%- endif %}
{% endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
  {% do return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) %}
{%- endmacro %}

{% macro get_columns_in_query(select_sql) -%}
  {% do return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) %}
{%- endmacro %}

{% macro default__get_columns_in_query(select_sql) -%}
  {% call statement('get_columns_in_query', fetch_result=true, auto_begin=false) -%}
    select * from (
        {{ select_sql }}
    ) as __dbt_sbq
    limit 0
  {%- endcall %}
  {% do return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) %}
{%- endmacro %}

{% macro alter_column_type(relation, column_name, new_column_type) -%}
  {% do return(adapter.dispatch('alter_column_type', 'dbt')(relation, column_name, new_column_type)) %}
{%- endmacro %}

{% macro default__alter_column_type(relation, column_name, new_column_type) -%}
  {% call statement('alter_column_type') -%}
    alter table {{ relation }} {{ on_cluster_clause(relation) }} modify column {{ adapter.quote(column_name) }} {{ new_column_type }}
  {%- endcall %}
{%- endmacro %}
