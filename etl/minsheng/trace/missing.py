"""Where there is no figure or no judgement: what is missing, who owes it, and by when."""

from __future__ import annotations

from minsheng.trace import words
from minsheng.trace.arithmetic import Sum
from minsheng.trace.model import Trace
from minsheng.words import display


def missing(trace: Trace, worked: Sum) -> tuple[str, ...]:
    """What is lacking, in plain words; nothing if the figure could be judged."""
    if not worked.is_reported:
        return (_report(trace),)
    if not worked.has_basis:
        return (_basis(trace, worked),)
    return ()


def _report(trace: Trace) -> str:
    unit, due = trace.figure["lead_unit_name"], words.moment(trace.due_at)
    month = display.month_name(trace.figure["period"])
    owes = f"{unit}应于 {due} 前报送{month}的报表"
    status = trace.figure["submission_status"]
    if status == "accepted":
        return f"{unit}{month}的报表已接收，但其中没有填本指标，因此没有数；须由{unit}更正报送。"
    if status == "rejected":
        refused = sum(file.verdict == "rejected" for file in trace.files)
        return f"{owes}；收到的 {refused} 份都已退回（问题见第四部分），至今没有收到改正后的报表，因此没有数。"
    if status == "not_due":
        return f"{owes}；发布时还没有到截止时间，也没有收到，因此没有数。"
    return f"{owes}；到数据时点 {words.moment(trace.stamp.as_of)} 没有收到，因此没有数。"


def _basis(trace: Trace, worked: Sum) -> str:
    unit, yardstick = trace.figure["lead_unit_name"], trace.yardstick
    if worked.numerator is None:
        return f"报表中缺累计数，无法判定；须由{unit}更正报送。"
    if not worked.denominator:
        return f"分母缺失或为 0，不能相除，无法判定；须由{unit}更正报送。"
    if trace.figure["comparator"] == "gt_last_year" and not worked.reference:
        month = yardstick.month_no
        return f"缺上年 1—{month} 月的同期累计数（或为 0），无法判定；须由{unit}提供，写入工作方案，方案未定期限。"
    if yardstick.is_register_known is False:
        name = yardstick.register_name or "名录"
        return f"缺{name}的成员，分母无从核对，无法判定；须由{unit}提供名录，写入工作方案，方案未定期限。"
    return "目标数为 0，不能作除数，无法判定；须由方案的制定单位确认目标。"
