"""Where there is no figure or no judgement: what is missing, who owes it, and by when."""

from __future__ import annotations

from minsheng.trace import words
from minsheng.trace.model import Trace
from minsheng.words import display

# By the rule that found no basis: see ``star.dim_ruling``.
_LACKING = {
    "NO_REGISTER": "缺{register}的成员，分母无从核对，无法判定；须由{unit}提供名录，写入工作方案，方案未定期限。",
    "NO_VALUE": "报表中缺累计数，无法判定；须由{unit}更正报送。",
    "NO_DENOMINATOR": "分母缺失或为 0，不能相除，无法判定；须由{unit}更正报送。",
    "NO_LAST_YEAR": (
        "缺上年 1—{month} 月的同期累计数（或为 0），无法判定；须由{unit}提供，写入工作方案，方案未定期限。"
    ),
    "NO_TARGET": "目标数为 0，不能作除数，无法判定；须由方案的制定单位确认目标。",
}


def missing(trace: Trace) -> tuple[str, ...]:
    """What is lacking, in plain words; nothing if the figure could be judged."""
    if trace.judgement is None:
        return (_report(trace),)
    return (_basis(trace, trace.judgement.ruling_code),) if trace.judgement.ruling_code in _LACKING else ()


def _report(trace: Trace) -> str:
    unit, due = trace.figure["lead_unit_name"], words.moment(trace.due_at)
    month = display.month_name(trace.figure["period"])
    owes = f"{unit}应于 {due} 前报送{month}的报表"
    if rests_on := trace.figure["rests_on_period"]:
        return f"{unit}没有报送{month}的报表；{display.month_name(rests_on)}的数已达到目标，状态沿用该月的“已完成”。"
    if trace.figure["status_code"] == "NOT_DONE":
        return f"{owes}，定稿时没有收到；期限已到，此前报送的数也没有完成，因此为未完成。"
    status = trace.figure["submission_status"]
    if status == "accepted":
        return f"{unit}{month}的报表已接收，但其中没有填本指标，因此没有数；须由{unit}更正报送。"
    if status == "rejected":
        refused = sum(file.verdict == "rejected" for file in trace.files)
        return f"{owes}；收到的 {refused} 份都已退回（问题见第四部分），至今没有收到改正后的报表，因此没有数。"
    if status == "not_due" and trace.stamp.as_of > trace.due_at:
        return f"{month}在定稿时间之后才开月，{unit}没有报送，不计漏报，因此没有数。"
    if status == "not_due":
        return f"{owes}；发布时还没有到截止时间，也没有收到，因此没有数。"
    return f"{owes}；到数据时点 {words.moment(trace.stamp.as_of)} 没有收到，因此没有数。"


def _basis(trace: Trace, lacking: str) -> str:
    return _LACKING[lacking].format(
        unit=trace.figure["lead_unit_name"],
        month=trace.yardstick.month_no,
        register=trace.yardstick.register_name or "名录",
    )
