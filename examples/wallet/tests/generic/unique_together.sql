{% test unique_together(model, columns) %}

select
    {{ columns | join(',\n    ') }},
    count() as found
from {{ model }}
group by {{ columns | join(', ') }}
having found > 1

{% endtest %}
