{{ config(materialized='view') }}
-- depends_on: {{ ref('web_events') }} {{ ref('app_events') }}
{{ tools.union_all([ref('web_events'), ref('app_events')]) }}
