"""What parts of a plan have in common: how codes and months are written, and that a fact may change in the year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, TypeVar

from pydantic import Field

from minsheng.core.contracts import Strict, written

PeriodText = Annotated[str, written(re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "月份，如 2022-05")]
Code = Annotated[
    str, written(re.compile(r"[A-Z][A-Z0-9-]*"), "代码：大写字母开头，只含大写字母、数字和“-”，如 RSJ、M01-01")
]
RuleCode = Annotated[str, written(re.compile(r"[A-Z]\d\d"), "规则代码：一个大写字母和两位数字，如 H04")]
ErratumCode = Annotated[str, written(re.compile(r"E\d\d"), "勘误编号：E 和两位数字，如 E01")]
PlanId = Annotated[
    str, written(re.compile(r"[a-z][a-z0-9-]{0,40}-\d{4}"), "<县>-<年>，县用小写字母、数字和“-”，如 lushan-2022")
]


class Dated(Strict):
    """What holds from a month on, by which document; before it, what the plan says without a date."""

    valid_from: PeriodText
    document_no: str = Field(min_length=1)


Thing = TypeVar("Thing", bound=Strict)


def in_force(thing: Thing, changes: Iterable[Dated], period: str) -> Thing:
    """What a part of the plan says in a month: each of its changes replaces the keys it names, from its month on."""
    begun = (change for change in changes if change.valid_from <= period)
    said = {key: value for change in begun for key, value in change if value is not None and key in changeable(change)}
    return thing.model_copy(update=said) if said else thing


def changeable(change: Dated) -> list[str]:
    """The keys that a change may name."""
    return [key for key in type(change).model_fields if key not in Dated.model_fields]
