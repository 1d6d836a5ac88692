{#
  The newest change of each key. Streams deliver a row more than once and not in
  order, so neither arrival nor place says which is newest: the service's commit
  time does, and within one millisecond the position in its log. Deleted keys
  are still there, as their delete: drop them with `where not _deleted`.
#}
{% macro latest_change(relation, key) %}
    {%- set columns = [key] if key is string else key -%}
    select *
    from {{ relation }}
    order by {{ columns | join(', ') }}, _ts_ms desc, _lsn desc
    limit 1 by {{ columns | join(', ') }}
{%- endmacro %}
