{# The column must have the same total as a column of another relation: nothing lost, nothing counted twice. #}
{% test same_total(model, column_name, other, other_column, other_where='true') %}

with totals as (
    select
        (select sum({{ column_name }}) from {{ model }}) as here,
        (select sum({{ other_column }}) from {{ other }} where {{ other_where }}) as there
)

select *
from totals
where here != there

{% endtest %}
