"""The arithmetic written out: every step as a sum with its real numbers, exact, and as it was published."""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.trace import words
from minsheng.trace.arithmetic import Sum
from minsheng.trace.model import Trace
from minsheng.words import display

Line = tuple[str, ...]

HEAD = ("项目", "算式", "精确结果", "发布为")


def steps(trace: Trace, worked: Sum) -> tuple[Line, tuple[Line, ...], str]:
    """Column heads, the steps in order, and what to say when there are none."""
    return HEAD, tuple(_steps(trace, worked)), "没有已接收的数，无可计算。"


def _steps(trace: Trace, worked: Sum) -> Iterator[Line]:
    if not worked.is_reported:
        return
    yield from _growth(trace, worked)
    if worked.actual is not None:
        yield _actual(trace, worked)
    if worked.completion is not None:
        yield _completion(trace, worked)
        yield _progress(trace, worked)
        yield from _gap(trace, worked)
        yield _met(worked)
    yield "状态", worked.ruling.rule, worked.ruling.status_code, words.status(trace)


def _growth(trace: Trace, worked: Sum) -> Iterator[Line]:
    """The form's own sum: last month's cumulative value and this month's make this month's cumulative value."""
    row = {cell.field: cell.number for cell in trace.cells_of(trace.figure["submission_id"])}
    last, month, total = row.get("last_cumulative"), worked.values.month, worked.values.cumulative
    if last is None or month is None or total is None:
        return
    agrees = "相符" if last + month == total else f"不符，表内累计数为 {words.number(total)}"
    sum_text = f"上月累计 {words.number(last)} ＋ 本月 {words.number(month)}"
    yield "累计数勾稽", sum_text, words.number(last + month), agrees


def _actual(trace: Trace, worked: Sum) -> Line:
    assert worked.actual is not None
    shown = words.measure(trace, trace.figure["actual_value"])
    if worked.yardstick.is_rate:
        parts = f"{_count(worked)} ÷ {words.number(worked.denominator)}"
        return "实际完成", parts, words.fraction(worked.actual), shown
    return "实际完成", _total(worked), words.number(worked.actual), shown


def _count(worked: Sum) -> str:
    """The numerator, with how it was counted where it was counted over a register."""
    members = worked.values.members
    count = words.number(worked.numerator)
    return f"达到的 {count} 个" if members else count


def _total(worked: Sum) -> str:
    """Where a value that is no rate comes from."""
    if worked.yardstick.kind == "coverage":
        return f"分子 {words.number(worked.numerator)}"
    figures = [words.number(one.value) for one in worked.values.members]
    if not figures:
        return f"累计数 {words.number(worked.numerator)}"
    if worked.yardstick.register_scope == "county_total":
        return " ＋ ".join(figures)
    return f"各成员中最小的：min({'，'.join(figures)})"


def _completion(trace: Trace, worked: Sum) -> Line:
    assert worked.completion is not None and worked.actual is not None
    terms = [_term(worked), _reference(worked)]
    formula = " ÷ ".join(reversed(terms) if worked.is_lower_better else terms)
    return "完成率", formula, words.fraction(worked.completion), display.percent(trace.figure["completion_ratio"])


def _term(worked: Sum) -> str:
    """The actual value as a term: a rate by its parts, so that nothing is rounded on the way."""
    if worked.yardstick.is_rate:
        return f"（{words.number(worked.numerator)} ÷ {words.number(worked.denominator)}）"
    return words.number(worked.actual)


def _reference(worked: Sum) -> str:
    assert worked.reference is not None
    return words.percent(worked.reference) if worked.yardstick.is_rate else words.number(worked.reference)


def _progress(trace: Trace, worked: Sum) -> Line:
    months = f"{worked.yardstick.month_no} 个月 ÷ 12 个月"
    shown = display.percent(trace.figure["time_progress_ratio"])
    return "序时进度", months, words.fraction(worked.time_progress), shown


def _gap(trace: Trace, worked: Sum) -> Iterator[Line]:
    gap = worked.gap_pp
    if gap is None:
        yield "差距", "本指标不按差距判定", display.NOTHING, display.NOTHING
        return
    shown = f"{display.points(trace.figure['gap_pp'])} 个百分点"
    yield "差距", _difference(worked), words.points(gap), shown


def _difference(worked: Sum) -> str:
    assert worked.actual is not None and worked.reference is not None
    if worked.is_judged_by_rate:
        terms = [f"实际 {words.percent(worked.actual)}", f"目标 {words.percent(worked.reference)}"]
        return " － ".join(reversed(terms) if worked.is_lower_better else terms)
    assert worked.way is not None
    way = f"完成率 {words.percent(worked.way)}"
    if worked.start:
        start = words.number(worked.start)
        way = f"（{_term(worked)} － 基数 {start}）÷（{_reference(worked)} － {start}）＝ {words.percent(worked.way)}"
    return f"{way} － 序时进度 {words.percent(worked.time_progress)}"


def _met(worked: Sum) -> Line:
    sign = {(False, False): "≥", (False, True): "＞", (True, False): "≤", (True, True): "＜"}
    symbol = sign[worked.is_lower_better, worked.is_strict]
    formula = f"{_term(worked)} {symbol} {_reference(worked)}"
    equal = "，恰好相等不算达到" if worked.is_strict and worked.surplus == 0 else ""
    return "是否达到目标", formula, "成立" if worked.is_met else "不成立", _answer(worked) + equal


def _answer(worked: Sum) -> str:
    return "达到" if worked.is_met else "未达到"
