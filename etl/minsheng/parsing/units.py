"""Words for units of measure: which ones change a number by a factor when they take the place of another."""

from __future__ import annotations

import re

from minsheng.core.text import remembered

# A number that a unit begins with: 万人次, 百套, 1000人.
SCALE = r"(?:10+|[十百千万亿拾佰仟萬億]+|(?<![a-z])[wk](?![a-z]))"
# What it leaves out: 两个零.
ZEROS = r"[一二两三四五六1-6]个[零0]"
_SIZE = "毫米|厘米|米|公里|m|平方米|平方公里|亩|公顷|立方米|升|克|斤|公斤|吨|角|元|%|‰"
_HEAD = "人|人次|户|家"
_THING = "个|座|处|所|套|台|张|件|项|场|场次|次|名|种|条|棵|株|间|栋|辆|份"
UNIT = f"(?:{_SIZE}|{_HEAD}|{_THING})"
# ``scaled`` and ``size`` change a number many times over, ``head`` only whom it counts.
_KINDS = {"scaled": re.compile(f"{SCALE}{UNIT}?|{ZEROS}"), "size": re.compile(_SIZE), "head": re.compile(_HEAD)}
_SAME = {"千米": "公里", "km": "公里", "平米": "平方米", "m2": "平方米", "m²": "平方米", "千克": "公斤", "kg": "公斤"}
_WITH_UNIT = re.compile(rf"(?P<name>[^()]+)\((?:单位:?)?(?P<unit>{SCALE}?{UNIT}|{SCALE}|{'|'.join(_SAME)})\)")


def kind_of(word: str) -> str | None:
    """``scaled``, ``size`` or ``head``; None: no unit of measure, or one that people use loosely."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(word)), None)


def same(word: str) -> str:
    """One word for what has several names: 千米 and km are 公里."""
    return _SAME.get(word, word)


@remembered
def name_and_unit(heading_key: str) -> tuple[str, str] | None:
    """A heading's name and the unit in brackets behind it, 累计数(万人); None if there is none."""
    found = _WITH_UNIT.fullmatch(heading_key)
    return (found["name"], found["unit"]) if found else None
