{# For each group, the column must sum to exactly zero. #}
{% test sums_to_zero(model, column, by) %}

select
    {{ by | join(',\n    ') }},
    sum({{ column }}) as difference
from {{ model }}
group by {{ by | join(', ') }}
having difference != 0

{% endtest %}
