{# The type of every amount: four places hold the minor units of any currency. #}
{% macro money_type() %}Decimal(18, 4){% endmacro %}

{# An amount of the project's type, also where a sum made it wider or a join made it NULL. #}
{% macro money(expression, default=0) -%}
    cast(coalesce({{ expression }}, {{ default }}) as {{ money_type() }})
{%- endmacro %}

{#
  Whole minor units (cents, yen) as an amount of major units. Decimal arithmetic
  throughout: a Float64 would lose cents.
#}
{% macro from_minor(amount, minor_units) -%}
    cast(toDecimal128({{ amount }}, 4) / toInt64(intExp10({{ minor_units }})) as {{ money_type() }})
{%- endmacro %}

{# An amount in another currency, rounded to cents. `rate` is units per unit. #}
{% macro converted(amount, rate) -%}
    cast(round(toDecimal128({{ amount }}, 4) * toDecimal128({{ rate }}, 8), 2) as {{ money_type() }})
{%- endmacro %}

{# Suffix of columns in the base currency: amount_eur. #}
{% macro base_suffix() %}{{ var('base_currency') | lower }}{% endmacro %}
