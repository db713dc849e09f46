{{ config(alias='user_report', schema='reports', post_hook="insert into {{ this }} select -1, 0") }}
select {{ tools.star(ref('users', v=2)) }} from {{ ref('users') }} where user_id > 2
