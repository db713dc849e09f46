{% set total = namespace(value=0) %}
{% for weight in [1, 2, 3] %}{% set total.value = total.value + weight %}{% endfor %}
select cast(user_id as integer) as user_id, cast(count(*) * {{ total.value }} as bigint) as weighted from {{ ref('sessions') }} group by 1
