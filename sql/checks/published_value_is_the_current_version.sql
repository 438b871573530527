-- comment: 发布的数就是没有被后来的版本替换的那一个
-- requires: the published value is the one version that no later one has replaced
-- level: fail
with

current_version as (
    select
        plan_id,
        period,
        indicator_code,
        revision_no,
        actual_value,
    from published.pub_indicator_history_v1
    where known_to is null
)

select
    completion.plan_id,
    completion.period,
    completion.indicator_code,
    completion.revision_no,
    current_version.revision_no as current_revision_no,
from published.pub_indicator_completion_v1 as completion
full join current_version
    on
        completion.plan_id = current_version.plan_id
        and completion.period = current_version.period
        and completion.indicator_code = current_version.indicator_code
where
    completion.revision_no is distinct from current_version.revision_no
    or completion.actual_value is distinct from current_version.actual_value
order by completion.plan_id, completion.period, completion.indicator_code
