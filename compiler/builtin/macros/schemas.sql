{# Schemas, which are ClickHouse's databases. #}

{% macro create_schema(relation) -%}
  {{ adapter.dispatch('create_schema', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    create database if not exists {{ relation.without_identifier() }} {{ on_cluster_clause(relation) }} {{ adapter.clickhouse_db_engine_clause() }}
  {%- endcall -%}
{%- endmacro %}

{% macro drop_schema(relation) -%}
  {{ adapter.dispatch('drop_schema', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop database if exists {{ relation.without_identifier() }} {{ on_cluster_clause(relation) }}
  {%- endcall -%}
{%- endmacro %}

{% macro list_schemas(database) -%}
  {% do return(adapter.dispatch('list_schemas', 'dbt')(database)) %}
{%- endmacro %}

{% macro default__list_schemas(database) -%}
  {% do return(run_query('select name from system.databases')) %}
{%- endmacro %}

{% macro check_schema_exists(information_schema, schema) -%}
  {% do return(adapter.dispatch('check_schema_exists', 'dbt')(information_schema, schema)) %}
{%- endmacro %}

{% macro default__check_schema_exists(information_schema, schema) -%}
  {% do return(run_query("select count() from system.databases where name = '" ~ (schema | replace("\\", "\\\\") | replace("'", "\\'")) ~ "'")) %}
{%- endmacro %}

{% macro information_schema_name(database) -%}
  {% do return(adapter.dispatch('information_schema_name', 'dbt')(database)) %}
{%- endmacro %}

{% macro default__information_schema_name(database) -%}
INFORMATION_SCHEMA
{%- endmacro %}

{% macro list_relations_without_caching(schema_relation) -%}
  {% do return(adapter.dispatch('list_relations_without_caching', 'dbt')(schema_relation)) %}
{%- endmacro %}

{% macro default__list_relations_without_caching(schema_relation) -%}
  {% do return(adapter.list_relations_without_caching(schema_relation)) %}
{%- endmacro %}
