{# Questions about the node's config that a flag may answer as well. #}

{% macro should_full_refresh() %}
  {% set configured = config.get('full_refresh') %}
  {% do return(flags.FULL_REFRESH if configured is none else configured) %}
{% endmacro %}

{% macro should_store_failures() %}
  {% set configured = config.get('store_failures') %}
  {% do return(flags.STORE_FAILURES if configured is none else configured) %}
{% endmacro %}

{% macro set_sql_header(config) -%}
  {{ config.set('sql_header', caller()) }}
{%- endmacro %}

{% macro is_incremental() %}
  {% if not execute %}
    {% do return(false) %}
  {% endif %}
  {% set existing = adapter.get_relation(this.database, this.schema, this.table) %}
  {% do return(
    existing is not none
    and existing.type == 'table'
    and model.config.materialized in ('incremental', 'distributed_incremental')
    and not should_full_refresh()
  ) %}
{% endmacro %}
