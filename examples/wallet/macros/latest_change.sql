{#
  The newest change of each key, of those that arrived by the end of as_of() and
  an hour, as balances of a day are told when it is over. Streams
  deliver a row more than once and not in order, so neither arrival nor place
  says which is newest: the service's commit time does, and within one
  millisecond the position in its log. Deleted keys are still there, as their
  delete: drop them with `where not _deleted`.

  With `since`, an expression, only keys of which anything arrived after it: all
  changes of such a key are compared again, so that a late one that is older
  than what is known does not win.
#}
{% macro latest_change(relation, key, since=none) %}
    {%- set columns = [key] if key is string else key -%}
    {%- set keys = columns | join(', ') -%}
    select *
    from {{ relation }}
    where _received_at < toDateTime({{ as_of() }} + 1, 'UTC') + interval 1 hour
    {%- if since is not none %}
      and ({{ keys }}) in (select {{ keys }} from {{ relation }} where _received_at > {{ since }})
    {%- endif %}
    order by {{ keys }}, _ts_ms desc, _lsn desc
    limit 1 by {{ keys }}
{%- endmacro %}
