{# Clauses of ClickHouse's DDL, for templates that write statements of their own. #}

{% macro engine_clause() -%}
  engine = {{ config.get('engine', default='MergeTree()') }}
{%- endmacro %}

{% macro clickhouse__key_clause(label, columns) -%}
  {{ label }} ({{ columns if columns is string else columns | join(',') }})
{%- endmacro %}

{% macro partition_cols(label) -%}
  {%- set columns = config.get('partition_by') -%}
  {%- if columns is not none -%}
    {{ clickhouse__key_clause(label, columns) }}
  {%- endif -%}
{%- endmacro %}

{% macro order_cols(label) -%}
  {%- set engine = config.get('engine', default='MergeTree()') -%}
  {%- if 'MergeTree' in engine or engine in ('HDFS', 'MaterializedPostgreSQL', 'S3', 'EmbeddedRocksDB', 'Hive') -%}
    {%- set columns = config.get('order_by') -%}
    {{ clickhouse__key_clause(label, 'tuple()' if columns is none else columns) }}
  {%- endif -%}
{%- endmacro %}

{% macro primary_key_clause(label) -%}
  {%- set key = config.get('primary_key') -%}
  {%- if key -%}
    {{ label }} {{ key if key is string else '(' ~ (key | join(', ')) ~ ')' }}
  {%- endif -%}
{%- endmacro %}

{% macro ttl_config(label) -%}
  {%- if config.get('ttl') -%}
    {{ label }} {{ config.get('ttl') }}
  {%- endif -%}
{%- endmacro %}

{% macro codec_clause(codec_name) -%}
  {{ 'CODEC(' ~ codec_name ~ ')' if codec_name }}
{%- endmacro %}

{% macro on_cluster_clause(relation, force_sync=false) -%}
  {%- set cluster = adapter.get_clickhouse_cluster_name() -%}
  {%- if cluster and relation.should_on_cluster -%}
    ON CLUSTER {{ cluster }} {{ 'SYNC' if force_sync }}
  {%- endif -%}
{%- endmacro %}

{# Names the table that a materialized view feeds, in a comment that is read back from the model's SQL. #}
{% macro materialization_target_table(target_relation) %}
-- materialization_target_table: {{ target_relation }}
{% endmacro %}

{% macro clickhouse_s3source(config_name='', bucket='', path='', fmt='', structure='', aws_access_key_id='', aws_secret_access_key='', role_arn='', compression='', external_id='') %}
  {% if config_name and not config_name.lower().endswith('s3') %}
    {% do exceptions.raise_compiler_error("S3 configuration should end with 's3'") %}
  {% endif %}
  {{ adapter.s3source_clause(
    config_name=config_name, s3_model_config=config.get(config_name, {}), bucket=bucket, path=path, fmt=fmt,
    structure=structure, aws_access_key_id=aws_access_key_id, aws_secret_access_key=aws_secret_access_key,
    role_arn=role_arn, compression=compression, external_id=external_id) }}
{% endmacro %}

{% macro exchange_tables_atomic(old_relation, target_relation, obj_types='TABLES') %}
  {%- call statement('exchange_tables_atomic') -%}
    EXCHANGE {{ obj_types }} {{ old_relation }} AND {{ target_relation }} {{ on_cluster_clause(target_relation) }}
  {%- endcall %}
{% endmacro %}
