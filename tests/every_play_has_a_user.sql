-- A play without a person cannot be paid for: who is logged out cannot play.
select songplay_id, start_time, session_id
from {{ ref('songplays') }}
where user_id is null
