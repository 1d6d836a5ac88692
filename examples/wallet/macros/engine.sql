{# A MergeTree of some kind, replicated where the target is a cluster: engine('ReplacingMergeTree', '_version'). #}
{% macro engine(kind, arguments='') -%}
    {{ 'Replicated' if target.name == 'cluster' }}{{ kind }}({{ arguments }})
{%- endmacro %}
