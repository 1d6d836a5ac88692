{# Finding, making and removing relations. #}

{% macro load_cached_relation(relation) %}
  {% do return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) %}
{% endmacro %}

{% macro load_relation(relation) %}
  {% do return(load_cached_relation(relation)) %}
{% endmacro %}

{% macro get_or_create_relation(database, schema, identifier, type) %}
  {% do return(adapter.dispatch('get_or_create_relation', 'dbt')(database, schema, identifier, type)) %}
{% endmacro %}

{% macro default__get_or_create_relation(database, schema, identifier, type) %}
  {% set existing = adapter.get_relation(database=database, schema=schema, identifier=identifier) %}
  {% if existing %}
    {% do return([true, existing]) %}
  {% endif %}
  {% do return([false, api.Relation.create(database=none, schema=schema, identifier=identifier, type=type)]) %}
{% endmacro %}

{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}
  {% if suffix == '__dbt_tmp' and model.batch %}
    {% set suffix = suffix ~ '_' ~ model.batch.id %}
  {% endif %}
  {% do return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) %}
{% endmacro %}

{% macro default__make_temp_relation(base_relation, suffix) %}
  {% do return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) %}
{% endmacro %}

{% macro make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}
  {% do return(adapter.dispatch('make_intermediate_relation', 'dbt')(base_relation, suffix)) %}
{% endmacro %}

{% macro default__make_intermediate_relation(base_relation, suffix) %}
  {% do return(default__make_temp_relation(base_relation, suffix)) %}
{% endmacro %}

{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}
  {% do return(adapter.dispatch('make_backup_relation', 'dbt')(base_relation, backup_relation_type, suffix)) %}
{% endmacro %}

{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix) %}
  {% do return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}, type=backup_relation_type)) %}
{% endmacro %}

{% macro drop_relation(relation) -%}
  {% do return(adapter.dispatch('drop_relation', 'dbt')(relation)) %}
{%- endmacro %}

{% macro default__drop_relation(relation, obj_type=none) -%}
  {%- set kind = obj_type or ('view' if relation.type in ('view', 'materialized_view') else 'dictionary' if relation.type == 'dictionary' else 'table') -%}
  {% call statement('drop_relation', auto_begin=false) -%}
    drop {{ kind }} if exists {{ relation }} {{ on_cluster_clause(relation, true) }}
  {%- endcall %}
{%- endmacro %}

{% macro drop_relation_if_exists(relation) %}
  {% if relation is not none %}
    {% do adapter.drop_relation(relation) %}
  {% endif %}
{% endmacro %}

{% macro truncate_relation(relation) -%}
  {% do return(adapter.dispatch('truncate_relation', 'dbt')(relation)) %}
{%- endmacro %}

{% macro default__truncate_relation(relation) -%}
  {% call statement('truncate_relation') -%}
    truncate table {{ relation }} {{ on_cluster_clause(relation) }}
  {%- endcall %}
{%- endmacro %}

{% macro rename_relation(from_relation, to_relation) -%}
  {% do return(adapter.dispatch('rename_relation', 'dbt')(from_relation, to_relation)) %}
{%- endmacro %}

{% macro default__rename_relation(from_relation, to_relation, obj_type='table') -%}
  {% call statement('drop_relation') -%}
    drop {{ obj_type }} if exists {{ to_relation }} {{ on_cluster_clause(to_relation) }}
  {%- endcall %}
  {% call statement('rename_relation') -%}
    rename {{ obj_type }} {{ from_relation }} to {{ to_relation }} {{ on_cluster_clause(from_relation) }}
  {%- endcall %}
{%- endmacro %}
