"""The arithmetic written out: every step of the judgement as a sum with its real numbers, exact, and as published.

Nothing is computed here but the form's own sum: the marts have the parts of every ratio, and these are put into words
(docs/adr/0025).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from minsheng.trace import words
from minsheng.trace.judgement import FigureJudgement
from minsheng.trace.model import Trace
from minsheng.trace.rulings import sentence
from minsheng.words import display
from minsheng.words.chinese import chinese

Line = tuple[str, ...]

HEAD = ("项目", "算式", "精确结果", "发布为")


def steps(trace: Trace) -> tuple[Line, tuple[Line, ...], str]:
    """Column heads, the steps in order, and what to say when there are none."""
    found = _steps(trace, trace.judgement) if trace.judgement else ()
    return HEAD, tuple(found), "没有已接收的数，无可计算。"


def _steps(trace: Trace, judgement: FigureJudgement) -> Iterator[Line]:
    yield from _growth(trace)
    if judgement.actual is not None:
        yield _actual(trace, judgement, judgement.actual)
    if judgement.completion is not None:
        yield _completion(trace, judgement, judgement.completion)
        yield _progress(trace)
        yield _gap(trace, judgement)
        yield _met(trace, judgement)
    rule = sentence(judgement.ruling_code, trace.yardstick)
    yield "状态", rule, chinese().status_code[judgement.status_code], words.status(trace)


def _growth(trace: Trace) -> Iterator[Line]:
    """The form's own sum: last month's cumulative value and this month's make this month's cumulative value."""
    if trace.opening is not None and trace.opening.value is not None:
        began = trace.opening
        yield "期初数", f"{began.period} 的累计数", words.number(began.value), f"方案 opening.yaml：{began.basis}"
    row = {cell.field: cell.number for cell in trace.cells_of(trace.figure["submission_id"])}
    last, month, total = row.get("last_cumulative"), row.get("month"), row.get("cumulative")
    if last is None or month is None or total is None:
        return
    agrees = "相符" if last + month == total else f"不符，表内累计数为 {words.number(total)}"
    sum_text = f"上月累计 {words.number(last)} ＋ 本月 {words.number(month)}"
    yield "累计数勾稽", sum_text, words.number(last + month), agrees


def _actual(trace: Trace, judgement: FigureJudgement, actual: Fraction) -> Line:
    shown = words.measure(trace, trace.figure["actual_value"])
    if trace.yardstick.is_rate:
        parts = f"{_count(trace, judgement)} ÷ {words.number(judgement.actual_denominator)}"
        return "实际完成", parts, words.fraction(actual), shown
    return "实际完成", _total(trace, judgement), words.number(actual), shown


def _count(trace: Trace, judgement: FigureJudgement) -> str:
    """The numerator, with how it was counted where it was counted over a register."""
    count = words.number(judgement.actual_numerator)
    return f"达到的 {count} 个" if trace.member_values else count


def _total(trace: Trace, judgement: FigureJudgement) -> str:
    """Where a value that is no rate comes from."""
    total = words.number(judgement.actual_numerator)
    if trace.yardstick.kind == "coverage":
        return f"分子 {total}"
    figures = [words.number(one.value) for one in trace.member_values]
    if not figures:
        return f"累计数 {total}"
    if trace.yardstick.register_scope == "county_total":
        return " ＋ ".join(figures)
    return f"各成员中最小的：min({'，'.join(figures)})"


def _completion(trace: Trace, judgement: FigureJudgement, completion: Fraction) -> Line:
    terms = [_term(trace, judgement), _reference(trace)]
    formula = " ÷ ".join(reversed(terms) if trace.yardstick.is_lower_better else terms)
    if not judgement.actual:
        formula = "已降为 0，按完成计" if trace.yardstick.is_lower_better else formula
    return "完成率", formula, words.fraction(completion), display.percent(trace.figure["completion_ratio"])


def _term(trace: Trace, judgement: FigureJudgement) -> str:
    """The actual value as a term: a rate by its parts, so that nothing is rounded on the way."""
    numerator = words.number(judgement.actual_numerator)
    return f"（{numerator} ÷ {words.number(judgement.actual_denominator)}）" if trace.yardstick.is_rate else numerator


def _reference(trace: Trace) -> str:
    reference = trace.yardstick.reference_value
    assert reference is not None
    return words.percent(Fraction(reference)) if trace.yardstick.is_rate else words.number(reference)


def _time_progress(trace: Trace) -> Fraction:
    return Fraction(trace.yardstick.month_no, 12)


def _progress(trace: Trace) -> Line:
    months = f"{trace.yardstick.month_no} 个月 ÷ 12 个月"
    shown = display.percent(trace.figure["time_progress_ratio"])
    return "序时进度", months, words.fraction(_time_progress(trace)), shown


def _gap(trace: Trace, judgement: FigureJudgement) -> Line:
    if judgement.gap is None:
        return "差距", "本指标不按差距判定", display.NOTHING, display.NOTHING
    shown = f"{display.points(trace.figure['gap_pp'])} 个百分点"
    formula = _to_the_target(trace, judgement) if judgement.is_judged_by_rate else _to_the_time(trace, judgement)
    return "差距", formula, words.points(judgement.gap), shown


def _to_the_target(trace: Trace, judgement: FigureJudgement) -> str:
    assert judgement.actual is not None
    terms = [f"实际 {words.percent(judgement.actual)}", f"目标 {_reference(trace)}"]
    return " － ".join(reversed(terms) if trace.yardstick.is_lower_better else terms)


def _to_the_time(trace: Trace, judgement: FigureJudgement) -> str:
    assert judgement.way is not None
    way = f"完成率 {words.percent(judgement.way)}"
    if judgement.start_value:
        start = words.number(judgement.start_value)
        parts = f"（{_term(trace, judgement)} － 基数 {start}）÷（{_reference(trace)} － {start}）"
        way = f"{parts}＝ {words.percent(judgement.way)}"
    return f"{way} － 序时进度 {words.percent(_time_progress(trace))}"


def _met(trace: Trace, judgement: FigureJudgement) -> Line:
    is_strict = trace.figure["comparator"] in ("gt", "gt_last_year")
    sign = {(False, False): "≥", (False, True): "＞", (True, False): "≤", (True, True): "＜"}
    symbol = sign[trace.yardstick.is_lower_better, is_strict]
    formula = f"{_term(trace, judgement)} {symbol} {_reference(trace)}"
    answer = "达到" if judgement.is_met else "未达到"
    equal = "，恰好相等不算达到" if is_strict and judgement.surplus_value == 0 else ""
    return "是否达到目标", formula, "成立" if judgement.is_met else "不成立", answer + equal
