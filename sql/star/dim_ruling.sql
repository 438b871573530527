-- comment: 维度：判定依据
-- purpose: The closed vocabulary of the rules a status is given by, each with that status and with the reason told of it.
-- grain: ruling_code
-- nulls: reason_code null: nothing to explain, or, where nothing was reported, for the submission to explain.
with

final as (
    select
        vocabulary.ruling_code,
        vocabulary.ruling_no,
        vocabulary.status_code,
        vocabulary.reason_code,
    from (
        values
        ('NOT_REPORTED', 1, 'NOT_REPORTED', null),
        ('NO_REGISTER', 2, 'NO_BASIS', 'NO_REGISTER'),
        ('NO_VALUE', 3, 'NO_BASIS', 'NO_VALUE'),
        ('NO_DENOMINATOR', 4, 'NO_BASIS', 'NO_DENOMINATOR'),
        ('NO_LAST_YEAR', 5, 'NO_BASIS', 'NO_LAST_YEAR'),
        ('NO_TARGET', 6, 'NO_BASIS', 'NO_TARGET'),
        ('MET', 7, 'DONE', null),
        ('MET_SO_FAR', 8, 'ON_TRACK', null),
        ('PAST_DEADLINE', 9, 'NOT_DONE', 'PAST_DEADLINE'),
        ('PACE_AHEAD', 10, 'AHEAD', null),
        ('PACE_KEPT', 11, 'ON_TRACK', null),
        ('PACE_BEHIND', 12, 'BEHIND', 'BEHIND_TIME'),
        ('PACE_FAR_BEHIND', 13, 'FAR_BEHIND', 'BEHIND_TIME'),
        ('RATE_BEHIND', 14, 'BEHIND', 'BEHIND_RATE'),
        ('RATE_FAR_BEHIND', 15, 'FAR_BEHIND', 'BEHIND_RATE'),
        ('LAST_YEAR_NOT_PASSED', 16, 'BEHIND', 'BEHIND_LAST_YEAR'),
        ('NO_BASE', 17, 'IN_PROGRESS', 'NO_PACE'),
        ('NODES_MET', 18, 'ON_TRACK', null),
        ('NODE_MISSED', 19, 'BEHIND', 'BEHIND_NODE'),
        ('NO_NODES_RED', 20, 'NOT_DONE', 'BEHIND_NODE'),
        ('NO_NODES_YELLOW', 21, 'BEHIND', 'BEHIND_NODE'),
        ('NO_NODES_YET', 22, 'IN_PROGRESS', 'NO_PACE'),
        ('UNREPORTED_AT_DEADLINE', 23, 'NOT_DONE', 'UNREPORTED_AT_DEADLINE'),
        ('MET_EARLIER', 24, 'DONE', null),
        ('CLOSED', 25, 'CLOSED', null)
    ) as vocabulary (ruling_code, ruling_no, status_code, reason_code)
)

select * from final
