select * from {{ source('raw', 'songs') }}
