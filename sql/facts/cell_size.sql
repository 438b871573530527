-- comment: 校验用：数的大小
-- purpose: Every number a form asks for beside what bounds its size: what there is to be counted, its target, and what the unit reported before; with the power of ten by which it is likely to be wrong.
-- grain: submission_id, sheet_name, section, row_no, field
-- scope: cell
-- nulls: a bound that does not concern the number is null, and so is all that is judged by it; the same for a number of which not even the kind is right (a fraction of a person).
-- units: likely_value: what would have been meant, in the unit of the indicator; likely_factor: by how many times too large (is_too_large) or too small the number is.
-- is_write_off: 这一行是否按更正冲减以前月份已接收的数
-- has_evidence: 这一行是否写了佐证材料编号
-- prior_period: 本年上一个有数据的月份
-- prior_value: 该月已接收的同一个数；空：没有，或是本月数
-- whole_target: 这个数所对的年度目标（比率的分子为目标乘分母）
-- exists_value: 县里这样东西一共有多少，数不会超过它；空：没有这样的界限，或总数尚未提供
-- exists_basis: 这个总数的出处
-- is_bounded_by_what_exists: 这个数是否以县里的总数为界
-- over_exists: 数减 exists_value；空：总数尚未提供
-- most_value: 年度目标乘以方案所定的最大倍数
-- over_target: 数减 most_value
-- least_value: 年度目标除以方案所定的倍数，本年第一个数再小就不合情理
-- over_least: 数乘以该倍数减年度目标；空：以前有数，或数为 0
-- most_of_history: 月末数、分子、分母一个月最多变为几倍或几分之一
-- over_growth: 数减 prior_value 的这么多倍；空：没有可比的数
-- over_shrinkage: 数的这么多倍减 prior_value；空：没有可比的数，或不能下降的（另有规则）
-- likely_factor: 数像是差了多少倍（10 至 1 亿）；空：看不出
-- is_too_large: 是大了这么多倍，还是小了
-- likely_value: 照此应为多少
with

judged as (
    select submission_id,
    from facts.judged
),

file as (
    select
        submission_id,
        plan_id,
        judged_period as period,
    from facts.file
),

asked as (
    select
        plan_id,
        indicator_code,
        section,
        field,
        value_type,
    from facts.asked
),

cell as (
    select
        submission_id,
        sheet_name,
        row_no,
        section,
        indicator_code,
        field,
        number_value,
    from raw.cell
    where
        section in ('report', 'contribution', 'detail')
        and field in ('month', 'cumulative', 'numerator', 'denominator', 'value')
        and submission_id in (select judged.submission_id from judged)
),

evidence as (
    select distinct
        submission_id,
        sheet_name,
        row_no,
    from raw.cell
    where section = 'report' and field = 'evidence' and text_value is not null
),

line as (
    select
        submission_id,
        sheet_name,
        row_no,
        denominator,
    from facts.line
),

write_off as (
    select
        submission_id,
        sheet_name,
        row_no,
        is_write_off,
    from facts.row_history
),

earlier as (
    select
        submission_id,
        sheet_name,
        row_no,
        prior_period,
        prior_level,
        prior_numerator,
        prior_denominator,
    from facts.earlier
),

indicator as (
    select
        plan_id,
        indicator_code,
        kind,
        is_month_ratio,
        may_fall,
    from raw.indicator
),

version as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        member_target,
        fixed_denominator,
    from raw.indicator_version
),

target as (
    select
        plan_id,
        indicator_code,
        from_period,
        to_period,
        target_value,
    from staging.stg_target
),

size_limit as (
    select
        plan_id,
        indicator_code,
        most_of_target,
        least_of_target,
        most_of_history,
        history_from,
        exists_value,
        exists_basis,
    from raw.size_limit
),

factor as (
    select cast(10 as decimal(10, 0)) as factor
    union all
    select cast(100 as decimal(10, 0)) as factor
    union all
    select cast(1000 as decimal(10, 0)) as factor
    union all
    select cast(10000 as decimal(10, 0)) as factor
    union all
    select cast(100000000 as decimal(10, 0)) as factor
),

number as (
    select
        cell.submission_id,
        cell.sheet_name,
        cell.row_no,
        cell.section,
        cell.field,
        cell.number_value,
        asked.value_type = 'integer' as is_counted_whole,
        asked.value_type <> 'integer' or cell.number_value = floor(cell.number_value) as is_of_its_kind,
        (asked.value_type <> 'integer' or cell.number_value = floor(cell.number_value))
        and cell.section <> 'contribution'
        and (indicator.kind = 'stock' or cell.field in ('numerator', 'denominator'))
        and case cell.field
            when 'numerator' then earlier.prior_numerator
            when 'denominator' then earlier.prior_denominator
            else earlier.prior_level
        end >= size_limit.history_from as is_held_against_history,
        indicator.may_fall or indicator.is_month_ratio as may_shrink,
        indicator.kind,
        coalesce(write_off.is_write_off, false) as is_write_off,
        evidence.submission_id is not null as has_evidence,
        earlier.prior_period,
        case cell.field
            when 'cumulative' then earlier.prior_level
            when 'value' then earlier.prior_level
            when 'numerator' then earlier.prior_numerator
            when 'denominator' then earlier.prior_denominator
        end as prior_value,
        case
            when cell.field = 'value' then version.member_target
            when cell.field in ('month', 'cumulative') then target.target_value
            when cell.field = 'numerator' then cast(target.target_value * line.denominator as decimal(24, 6))
        end as whole_target,
        case
            when indicator.kind = 'flow' and cell.field = 'cumulative'
                then cast(substr(file.period, 6, 2) as integer) / 12.0
            when indicator.kind = 'flow' and cell.field = 'month' then 1 / 12.0
            else 1.0
        end as share_of_year,
        size_limit.most_of_target,
        size_limit.least_of_target,
        size_limit.most_of_history,
        size_limit.history_from,
        case when cell.field <> 'denominator' or version.fixed_denominator is null then size_limit.exists_value end
            as exists_value,
        case when cell.field <> 'denominator' or version.fixed_denominator is null then size_limit.exists_basis end
            as exists_basis,
    from cell
    inner join file
        on cell.submission_id = file.submission_id
    inner join asked
        on
            file.plan_id = asked.plan_id
            and cell.indicator_code = asked.indicator_code
            and cell.section = asked.section
            and cell.field = asked.field
    inner join indicator
        on
            file.plan_id = indicator.plan_id
            and cell.indicator_code = indicator.indicator_code
    left join version
        on
            file.plan_id = version.plan_id
            and cell.indicator_code = version.indicator_code
            and coalesce(file.period, '0000-01') >= coalesce(version.from_period, '0000-01')
            and coalesce(file.period, '0000-01') < coalesce(version.to_period, '9999-12')
    inner join size_limit
        on
            file.plan_id = size_limit.plan_id
            and cell.indicator_code = size_limit.indicator_code
    left join line
        on
            cell.submission_id = line.submission_id
            and cell.sheet_name = line.sheet_name
            and cell.row_no = line.row_no
    left join write_off
        on
            cell.submission_id = write_off.submission_id
            and cell.sheet_name = write_off.sheet_name
            and cell.row_no = write_off.row_no
    left join evidence
        on
            cell.submission_id = evidence.submission_id
            and cell.sheet_name = evidence.sheet_name
            and cell.row_no = evidence.row_no
    left join earlier
        on
            cell.submission_id = earlier.submission_id
            and cell.sheet_name = earlier.sheet_name
            and cell.row_no = earlier.row_no
    left join target
        on
            file.plan_id = target.plan_id
            and cell.indicator_code = target.indicator_code
            and file.period >= coalesce(target.from_period, '0000-01')
            and file.period < coalesce(target.to_period, '9999-12')
),

bounded as (
    select
        submission_id,
        sheet_name,
        section,
        row_no,
        field,
        number_value,
        is_counted_whole,
        is_write_off,
        has_evidence,
        prior_period,
        prior_value,
        whole_target,
        exists_value,
        exists_basis,
        most_of_history,
        cast(coalesce(nullif(prior_value, 0), whole_target * share_of_year) as double) as expected_value,
        case when is_of_its_kind then abs(number_value) - exists_value end as over_exists,
        is_of_its_kind and exists_basis is not null as is_bounded_by_what_exists,
        case when field <> 'numerator' then cast(most_of_target * whole_target as decimal(24, 6)) end as most_value,
        case
            when
                is_of_its_kind
                and field <> 'numerator'
                and abs(number_value) <= coalesce(exists_value, abs(number_value))
                then abs(number_value) - cast(most_of_target * whole_target as decimal(24, 6))
        end as over_target,
        cast(whole_target / least_of_target as decimal(24, 6)) as least_value,
        case
            when
                is_of_its_kind
                and section = 'report'
                and field in ('cumulative', 'numerator')
                and number_value > 0
                and coalesce(prior_value, 0) = 0
                then cast(number_value * least_of_target as decimal(38, 6)) - whole_target
        end as over_least,
        case when is_held_against_history then number_value - cast(prior_value * most_of_history as decimal(38, 6)) end
            as over_growth,
        case
            when
                is_held_against_history
                and may_shrink
                and (number_value > 0 or field not in ('numerator', 'denominator'))
                then cast(number_value * most_of_history as decimal(38, 6)) - prior_value
        end as over_shrinkage,
    from number
),

candidate as (
    select
        bounded.submission_id,
        bounded.sheet_name,
        bounded.row_no,
        bounded.field,
        factor.factor,
        bounded.number_value > bounded.expected_value as is_too_large,
        case
            when bounded.number_value > bounded.expected_value
                then cast(bounded.number_value as double) / cast(factor.factor as double)
            else cast(bounded.number_value as double) * cast(factor.factor as double)
        end as candidate_value,
        bounded.expected_value,
        bounded.is_counted_whole,
    from bounded
    cross join factor
    where bounded.number_value > 0 and bounded.expected_value > 0
),

likely as (
    select
        submission_id,
        sheet_name,
        row_no,
        field,
        factor as likely_factor,
        is_too_large,
        cast(candidate_value as decimal(24, 6)) as likely_value,
        row_number() over (
            partition by submission_id, sheet_name, row_no, field
            order by abs(ln(candidate_value / expected_value)), factor
        ) as nearness,
    from candidate
    where
        abs(ln(candidate_value / expected_value)) < ln(10)
        and (not is_counted_whole or candidate_value = floor(candidate_value))
),

final as (
    select
        bounded.submission_id,
        bounded.sheet_name,
        bounded.section,
        bounded.row_no,
        bounded.field,
        bounded.is_write_off,
        bounded.has_evidence,
        bounded.prior_period,
        bounded.prior_value,
        bounded.whole_target,
        bounded.exists_value,
        bounded.exists_basis,
        bounded.is_bounded_by_what_exists,
        bounded.over_exists,
        bounded.most_value,
        bounded.over_target,
        bounded.least_value,
        bounded.over_least,
        bounded.most_of_history,
        bounded.over_growth,
        bounded.over_shrinkage,
        likely.likely_factor,
        likely.is_too_large,
        likely.likely_value,
    from bounded
    left join likely
        on
            bounded.submission_id = likely.submission_id
            and bounded.sheet_name = likely.sheet_name
            and bounded.row_no = likely.row_no
            and bounded.field = likely.field
            and likely.nearness = 1
)

select * from final
