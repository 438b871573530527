"""How the parts of a trace are written: exact figures beside their rounded ones, and codes in Chinese."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from minsheng.core.clock import county_time
from minsheng.trace.judgement import Values
from minsheng.trace.model import File, Trace
from minsheng.words import display
from minsheng.words.chinese import chinese

# What the cells that name a line are for; the others are told by their column.
_OF_THE_LINE = frozenset({"indicator_code", "indicator_name"})
RULE_GROUPS = {"C": "单元格", "F": "文件", "H": "与以前各月", "O": "应报内容", "P": "个人信息", "R": "各行之间"}
_PLACES = 4
_SHORT = 12


def moment(value: datetime | None) -> str:
    """To the minute by the county's clocks, whatever zone it was written in; or a dash."""
    return display.moment(county_time(value) if value else None)


def short(digest: str) -> str:
    """The first digits of a hash, where the whole stands elsewhere on the sheet."""
    return f"{digest[:_SHORT]}…"


def number(value: Decimal | Fraction | None) -> str:
    """A number in full if its digits end soon, otherwise to four places with ≈."""
    if value is None or isinstance(value, Decimal):
        return display.quantity(value)
    return ("" if _is_short(value) else "≈ ") + display.quantity(_to_four_places(value))


def fraction(value: Fraction) -> str:
    """A ratio as it is: ``303/1016 ≈ 29.8228%``."""
    shown = number(value * 100) + "%"
    return shown if value.denominator == 1 else f"{value.numerator}/{value.denominator} {_equals(shown)}"


def percent(value: Fraction) -> str:
    """A ratio as a term of a sum: ``29.8228%``."""
    return f"{display.quantity(_to_four_places(value * 100))}%"


def points(value: Fraction | Decimal) -> str:
    """Percentage points with their sign, to four places."""
    exact = Fraction(value)
    about, sign = "" if _is_short(exact) else "≈ ", "+" if exact > 0 else ""
    return f"{about}{sign}{display.quantity(_to_four_places(exact))} 个百分点"


def values(of: Values, *, is_rate: bool, kind: str) -> str:
    """What one file said, in a line: a rate by its parts, anything else with the month beside the total."""
    if kind in ("ratio", "coverage"):
        return number(of.numerator) + (f" ÷ {number(of.denominator)}" if is_rate else "")
    month = "" if of.month is None else f"（本月 {number(of.month)}）"
    return number(of.cumulative) + month


def target(trace: Trace) -> str:
    """The promise in words: what must be reached, and whether reaching it exactly is enough."""
    figure, yardstick = trace.figure, trace.yardstick
    said = display.comparators(yardstick.polarity)
    if figure["comparator"] == "gt_last_year":
        return f"{said['gt_last_year']}（上年同期累计：{number(yardstick.reference_value)}）"
    strict = "，等于不算达到" if figure["comparator"] == "gt" else ""
    word = said["gt" if strict else "ge"]
    return f"{word} {promised(trace, figure['target_value'])}{strict}"


def promised(trace: Trace, value: Decimal | None) -> str:
    """A target as promised: a rate is not rounded."""
    if value is None or trace.figure["unit_of_measure"] != "%":
        return measure(trace, value)
    return percent(Fraction(value))


def measure(trace: Trace, value: Decimal | float | None) -> str:
    """A published figure with its unit."""
    unit = trace.figure["unit_of_measure"]
    shown = display.measured(value, unit)
    return shown if unit == "%" or value is None else f"{shown} {unit}"


def status(trace: Trace) -> str:
    """The published status and its light."""
    return f"{trace.figure['status_label']}（{chinese().light[trace.figure['light']]}灯）"


def verdict(file: File) -> str:
    """What became of a file; one that came after the last run has not been judged."""
    return chinese().verdict[file.verdict] if file.verdict else "尚未校验"


def verdict_by_revision(file: File) -> str:
    """The same, and whether it came only after the revision that is looked at."""
    return verdict(file) + ("" if file.is_published else "（发布之后收到）")


def source(file: File) -> str:
    """By which source it came."""
    return file.source_name or "网上报送（或收取的记录已不在）"


def signature(file: File) -> str:
    """Whether the second person of its unit confirmed it, who, and when; a dash for one that was not accepted."""
    if file.signed_at:
        return f"{file.signed_by}（{moment(file.signed_at)}）"
    if file.accepted_at is None:
        return display.NOTHING
    return "方案不要求审签" if file.counted_at else "待审签"


def field(code: str) -> str:
    """What a cell of a form is for."""
    return "行标识" if code in _OF_THE_LINE else chinese().field[code]


def severity(code: str) -> str:
    """What a rule does to a file that breaks it; a dash for a rule there is no longer."""
    return chinese().severity[code] if code else display.NOTHING  # type: ignore[index]


def arrival(file: File, due_at: datetime) -> str:
    """When a file came, and whether that was in time."""
    return f"{moment(file.received_at)}（{'截止时间之后' if file.received_at > due_at else '截止时间之前'}）"


def _equals(shown: str) -> str:
    return shown if shown.startswith("≈") else f"＝ {shown}"


def _is_short(value: Fraction) -> bool:
    return Fraction(_to_four_places(value)) == value


def _to_four_places(value: Fraction) -> Decimal:
    whole = int(abs(value) * 10**_PLACES + Fraction(1, 2))  # half-up, away from zero on either side
    return Decimal(whole if value >= 0 else -whole).scaleb(-_PLACES)
