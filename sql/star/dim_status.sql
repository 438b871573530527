-- comment: 维度：完成状态
-- purpose: The closed vocabulary of completion statuses with their Chinese labels and lights. CLOSED is a person's act and never computed.
-- grain: status_code
with

final as (
    select
        vocabulary.status_code,
        vocabulary.status_no,
        vocabulary.status_label,
        vocabulary.light,
    from (
        values
        ('DONE', 1, '已完成', 'blue'),
        ('AHEAD', 2, '超序时进度', 'green'),
        ('ON_TRACK', 3, '符合序时进度', 'green'),
        ('BEHIND', 4, '滞后', 'yellow'),
        ('FAR_BEHIND', 5, '严重滞后', 'red'),
        ('NOT_DONE', 6, '未完成', 'red'),
        ('IN_PROGRESS', 7, '推进中', 'grey'),
        ('NOT_REPORTED', 8, '未报送', 'grey'),
        ('NO_BASIS', 9, '无法判定', 'grey'),
        ('CLOSED', 10, '已销号', 'blue')
    ) as vocabulary (status_code, status_no, status_label, light)
)

select * from final
