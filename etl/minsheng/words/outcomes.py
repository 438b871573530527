"""What a stage did, as an operator reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from minsheng.core.codes import Result, Stage
from minsheng.core.outcome import Outcome, StageResult
from minsheng.words.chinese import chinese

Names = Mapping[str, str]
_LOCAL_PART = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*+@(?=[\w-])")
# In a line no more units are named.
_NAMED = 6


def summary(result: StageResult) -> str:
    """``已留存 12，已有 3``: the results with their counts, in order of first appearance."""
    counts = (f"{chinese().result[code]} {count}" for code, count in result.counts.items())
    return "，".join(counts) or "没有要做的"


def line(outcome: Outcome, names: Names) -> str:
    """One input and what became of it, for a log: ``a1b2 退回 县城管局/1月.xlsx R14``; ``names`` as in ``note``.

    Of an address only what tells it from others is shown: logs are read by more people than contacts.
    """
    parts = (_named(outcome.input, names), chinese().result[outcome.result], _named(outcome.detail, names))
    return masked(" ".join(filter(None, parts)))


def masked(text: str) -> str:
    """A text without personal addresses."""
    return _LOCAL_PART.sub(r"\1…@", text)


def _named(path: str, names: Names) -> str:
    """A path such as ``mail/CGJ/…`` or ``CGJ/1月.xlsx``, its unit by name."""
    return "/".join(names.get(part, part) for part in path.split("/"))


def note(result: StageResult, names: Names) -> str:
    """What came of a stage, for the note of a run: ``接收 10，退回 2：卫健委、残联``; empty: nothing to tell.

    ``names``: what the units are called, by their codes.
    """
    told = _NOTES.get(result.stage)
    return told(result, names) if told else ""


def _opened(result: StageResult, _: Names) -> str:
    return "、".join(f"开月 {outcome.input}" for outcome in result.outcomes if outcome.result == "opened")


def _frozen(result: StageResult, _: Names) -> str:
    return "、".join(f"定稿 {outcome.input}" for outcome in result.outcomes if outcome.result == "frozen")


def _received(result: StageResult, _: Names) -> str:
    came = result.count("landed") + result.count("withheld")
    return f"收到 {came}" if came else ""


def _judged(result: StageResult, names: Names) -> str:
    accepted, rejected = result.count("accepted"), result.count("rejected")
    told = [f"接收 {accepted}"] if accepted else []
    return "，".join([*told, *([f"退回 {rejected}：{_rejected_units(result, names)}"] if rejected else [])])


def _rejected_units(result: StageResult, names: Names) -> str:
    """Whose files went back; the detail of an outcome begins with the unit and the file."""
    codes = [outcome.detail.partition("/")[0] for outcome in result.outcomes if outcome.result == "rejected"]
    units = list(dict.fromkeys(names.get(code, code) for code in codes))
    return "、".join(units[:_NAMED]) + (f"等 {len(units)} 个单位" if len(units) > _NAMED else "")


def _published(result: StageResult, _: Names) -> str:
    new = [outcome for outcome in result.outcomes if outcome.result in ("published", "switched", "held")]
    return "、".join(f"{chinese().result[outcome.result]} {outcome.input}" for outcome in new)


def _written(result: StageResult, _: Names) -> str:
    count = result.count("queued")
    return f"写信 {count} 封" if count else ""


def _settled(result: StageResult, _: Names) -> str:
    states: tuple[Result, ...] = ("sent", "refused")
    return "，".join(f"{chinese().result[each]} {result.count(each)}" for each in states if result.count(each))


_NOTES: Mapping[Stage, Callable[[StageResult, Names], str]] = {
    "open": _opened,
    "freeze": _frozen,
    "pull": _received,
    "validate": _judged,
    "publish": _published,
    "chase": _written,
    "settle_mail": _settled,
}
