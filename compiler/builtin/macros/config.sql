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
  {# With this strategy the model's name is a view of its table. #}
  {% set viewed = (config.get('incremental_strategy') or '') | trim | lower == 'replace'
    and (config.get('reads') or '') | lower != 'versions' and not config.get('inserts_only') %}
  {% set rows = adapter.get_relation(this.database, this.schema, this.table ~ '__versions') if viewed else existing %}
  {% do return(
    existing is not none
    and existing.type == ('view' if viewed else 'table')
    and rows is not none
    and rows.type == 'table'
    and model.config.materialized in ('incremental', 'distributed_incremental')
    and not should_full_refresh()
  ) %}
{% endmacro %}
