{{ config(materialized='ephemeral') }}
select * from {{ ref('all_events') }} where happened_at >= '{{ var("start") }}'
