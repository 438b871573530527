-- comment: 各状态占比
-- purpose: How the indicators divide among the statuses, for each project and for all of them (item_code ALL). Shares are rounded so that they add up to 100.0 percent: each is cut, and what is missing goes to the largest remainders.
-- grain: plan_id, period, item_code, status_code
-- units: share_ratio from 0 to 1 with three decimals, so a percentage with one; every status has a row, zero when none is in it.
with

completion as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        status_code,
    from marts.indicator_completion
),

status as (
    select
        status_code,
        status_no,
        status_label,
        light,
    from star.dim_status
),

grouped as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        status_code,
    from completion
    union all
    select
        plan_id,
        period,
        'ALL' as item_code,
        '全部项目' as item_name,
        status_code,
    from completion
),

whole as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        count(*) as whole_count,
    from grouped
    group by plan_id, period, item_code, item_name
),

counted as (
    select
        whole.plan_id,
        whole.period,
        whole.item_code,
        whole.item_name,
        whole.whole_count,
        status.status_code,
        status.status_no,
        count(grouped.status_code) as indicator_count,
    from whole
    cross join status
    left join grouped
        on
            whole.plan_id = grouped.plan_id
            and whole.period = grouped.period
            and whole.item_code = grouped.item_code
            and status.status_code = grouped.status_code
    group by
        whole.plan_id,
        whole.period,
        whole.item_code,
        whole.item_name,
        whole.whole_count,
        status.status_code,
        status.status_no
),

cut as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        status_code,
        indicator_count,
        indicator_count * 1000 // whole_count as cut_share,
        row_number() over (
            partition by plan_id, period, item_code
            order by indicator_count * 1000 % whole_count desc, status_no asc
        ) as remainder_no,
    from counted
),

rounded as (
    select
        plan_id,
        period,
        item_code,
        item_name,
        status_code,
        indicator_count,
        cut_share,
        remainder_no <= 1000 - sum(cut_share) over (partition by plan_id, period, item_code) as is_raised,
    from cut
),

final as (
    select
        rounded.plan_id,
        rounded.period,
        rounded.item_code,
        rounded.item_name,
        status.status_code,
        status.status_no,
        status.status_label,
        status.light,
        rounded.indicator_count,
        cast(
            (rounded.cut_share + case when rounded.is_raised then 1 else 0 end) / 1000 as decimal(4, 3)
        ) as share_ratio,
    from rounded
    inner join status
        on rounded.status_code = status.status_code
)

select * from final
