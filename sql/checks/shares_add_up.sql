-- comment: 一个项目各状态的占比之和恰好等于 1，指标数之和等于它的指标数
-- requires: the shares of a project's indicators add up to exactly one, and their counts to its indicators
-- level: fail
with

share as (
    select
        plan_id,
        period,
        item_code,
        sum(share_ratio) as share_ratio,
        sum(indicator_count) as counted,
    from published.pub_status_share_v1
    group by plan_id, period, item_code
),

item as (
    select
        plan_id,
        period,
        item_code,
        indicator_count,
    from published.pub_item_completion_v1
)

select
    share.plan_id,
    share.period,
    share.item_code,
    share.share_ratio,
    share.counted,
from share
left join item
    on
        share.plan_id = item.plan_id
        and share.period = item.period
        and share.item_code = item.item_code
where
    share.share_ratio <> 1
    or share.counted <> item.indicator_count
order by share.plan_id, share.period, share.item_code
