{# Stops the run before it starts if the server is too old for the project's SQL. #}
{% macro require_clickhouse(least) %}
    {%- if execute -%}
        {%- set found = run_query('select version()').columns[0].values()[0] -%}
        {%- set have = found.split('.') -%}
        {%- set need = least.split('.') -%}
        {%- if (have[0] | int, have[1] | int) < (need[0] | int, need[1] | int) -%}
            {{ exceptions.raise_compiler_error('wallet needs ClickHouse ' ~ least ~ ' or newer, this server is ' ~ found) }}
        {%- endif -%}
        {%- do log('wallet runs on ClickHouse ' ~ found) -%}
    {%- endif -%}
{% endmacro %}

{# Names what went wrong at the end of the log, where the person on call looks first. #}
{% macro log_failures(results) %}
    {%- if execute -%}
        {%- for result in results if result.status in ('error', 'fail') -%}
            {%- do log('failed: ' ~ result.node.unique_id ~ ': ' ~ result.message, info=true) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
