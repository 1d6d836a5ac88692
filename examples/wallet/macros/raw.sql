{#
  The change table of a service: raw('cards', 'card_changes').

  In production the streams write these tables and the project only reads them,
  so this is a source(). The example has no streams: seeds stand in for them, and
  a ref() makes staging wait until they are loaded. One variable, read_streams,
  says which; nothing else in the project changes.
#}
{% macro raw(service, table) %}
  {%- if var('read_streams', false) -%}
    {{ return(source(service, table)) }}
  {%- else -%}
    {{ return(ref(table)) }}
  {%- endif -%}
{% endmacro %}
