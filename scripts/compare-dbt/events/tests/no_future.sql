select * from {{ ref('sessions') }} where ended < began
