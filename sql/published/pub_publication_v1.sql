-- comment: 发布记录（每个版本每段展示时间一行）
-- fact: accumulating
-- adds: 只可计行数
-- purpose: For BI and auditors: which revision readers were on from when to when, why they came onto it, and which months were frozen on it, as far as was known when this revision was made.
-- grain: county_code, span_no
-- nulls: in_force_to null: readers were still on it when this was made. in_force_from null: it was made behind a roll-back, and no reader had seen it. frozen_periods null: no month was frozen on it. reason null: none was given.
with

publication as (
    select
        county_code,
        span_no,
        revision,
        content_hash,
        in_force_from,
        in_force_to,
        change_code,
        reason,
        published_at,
        frozen_periods,
    from raw.publication
),

county as (
    select
        county_code,
        county_name,
    from star.dim_county
),

final as (
    select
        publication.county_code,
        publication.span_no,
        publication.revision,
        publication.content_hash,
        publication.in_force_from,
        publication.in_force_to,
        publication.change_code,
        publication.reason,
        publication.published_at,
        publication.frozen_periods,
        county.county_name,
    from publication
    left join county
        on publication.county_code = county.county_code
)

select * from final
