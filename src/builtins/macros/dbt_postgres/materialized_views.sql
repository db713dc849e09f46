{% macro postgres__get_relation_indexes_sql(relation) -%}
select i.relname, m.amname, x.indisunique, string_agg(a.attname, ',' order by k.place)
from pg_index x
join pg_class i on i.oid = x.indexrelid
join pg_am m on m.oid = i.relam
join pg_class t on t.oid = x.indrelid
join pg_namespace n on n.oid = t.relnamespace
cross join lateral unnest(x.indkey) with ordinality as k (attnum, place)
left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
where t.relname = '{{ relation.identifier }}' and n.nspname = '{{ relation.schema }}'
group by i.relname, m.amname, x.indisunique
{%- endmacro %}
