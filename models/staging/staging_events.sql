-- A run of one interval replaces exactly its events; without one the table is what the files hold.
{{ config(load = {'mode': 'partition', 'event_time': epoch_ms_to_timestamp('ts')}) }}

select * from {{ source('raw', 'events') }}
