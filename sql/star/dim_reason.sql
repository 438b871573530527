-- comment: 维度：亮灯原因
-- purpose: The closed vocabulary of why a light is grey, yellow or red: nothing there, nothing to judge by, or truly behind.
-- grain: reason_code
with

final as (
    select
        vocabulary.reason_code,
        vocabulary.reason_no,
        vocabulary.reason_label,
    from (
        values
        ('MISSING', 1, '未报送：截止时间已过'),
        ('REJECTED', 2, '已退回：尚未收到改正后的报表'),
        ('NOT_DUE', 3, '未报送：截止时间未到'),
        ('NOT_FILLED', 4, '未报送：报表已接收，本项没有填'),
        ('NO_VALUE', 5, '无法判定：缺累计数'),
        ('NO_DENOMINATOR', 6, '无法判定：分母缺失或为零'),
        ('NO_REGISTER', 7, '无法判定：缺名录'),
        ('NO_LAST_YEAR', 8, '无法判定：上年同期数缺失或为零'),
        ('NO_TARGET', 9, '无法判定：目标为零'),
        ('NO_PACE', 10, '推进中：没有节点或基数，暂不判定快慢'),
        ('BEHIND_TIME', 11, '确实滞后：落后于序时进度'),
        ('BEHIND_RATE', 12, '确实滞后：比率未达目标'),
        ('BEHIND_NODE', 13, '确实滞后：到期节点未完成'),
        ('BEHIND_LAST_YEAR', 14, '确实滞后：不高于上年同期'),
        ('PAST_DEADLINE', 15, '确实滞后：期限已到，目标未达到'),
        ('UNREPORTED_AT_DEADLINE', 16, '未完成：期限已到，定稿时没有报送，此前也未完成'),
        ('OPENED_AFTER_FREEZE', 17, '未报送：开月晚于定稿，不计漏报'),
        ('NO_DATA_EXCUSED', 18, '未报送：报表已接收，本项说明了没有数的原因，不计漏填'),
        ('NO_DATA', 19, '未报送：报表已接收，本项说明了没有数的原因，仍计漏填'),
        ('UNSIGNED', 20, '未报送：报表已接收，尚未审签')
    ) as vocabulary (reason_code, reason_no, reason_label)
)

select * from final
