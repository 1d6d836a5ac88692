{#
  Up to when a table has what arrived: the place where an incremental load goes
  on. `none` where everything is to be read, as in the first load.
#}
{% macro arrived_before() %}
    {{ return('(select max(arrived_at) from ' ~ this ~ ')' if is_incremental() else none) }}
{% endmacro %}
