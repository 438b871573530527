"""What a workbook says when it is handed out, and in what a newer one differs: the reason to hand it out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from minsheng.template.month import MonthForms, Task
from minsheng.template.rows import FormLine, Value, contribution_lines, detail_lines, report_lines
from minsheng.words import display
from minsheng.words.chinese import chinese

# By line (``M03-01 窨井设施维护改造数``) the columns that are filled in beforehand, as text.
Content = dict[str, dict[str, str]]

_KEYS = ("item_code", "indicator_code", "member_code")


@dataclass(frozen=True)
class Altered:
    """A line that is new (``before`` null), is gone (``after`` null), or has a column that says something else."""

    line: str
    column: str | None
    before: str | None
    after: str | None


def handed_out(month: MonthForms, unit_code: str) -> Content:
    """What ``write_workbook`` puts into the tables of a unit's workbook."""
    task = Task(month, month.plan.unit(unit_code))
    lines = (*report_lines(task), *detail_lines(task), *contribution_lines(task))
    return {_name(line): _texts(line) for line in lines}


def changes(before: Content, after: Content) -> tuple[Altered, ...]:
    """In what a newer workbook differs, line by line in its order; what is gone comes last.

    A column that no line of the older one has is no change: a newer form tells more.
    """
    return (*_changed(before, after), *(Altered(key, None, key, None) for key in before if key not in after))


def told(change: Altered) -> str:
    """A change as the unit reads it: ``M03-01 窨井设施维护改造数：年度目标原为 2,032，现为 2,500``."""
    if change.column is None:
        return f"{change.line}：{'这一行是新增的' if change.before is None else '这一行不用再报'}"
    label = chinese().field[change.column]
    return f"{change.line}：{label}原为 {change.before or '空'}，现为 {change.after or '空'}"


def _changed(before: Content, after: Content) -> Iterator[Altered]:
    said = {column for columns in before.values() for column in columns}
    for key, columns in after.items():
        if key not in before:
            yield Altered(key, None, None, key)
            continue
        for column in dict.fromkeys((*before[key], *columns)):
            old, new = before[key].get(column), columns.get(column)
            if old != new and column in said:
                yield Altered(key, column, old, new)


def _name(line: FormLine) -> str:
    """What a person calls a line: its codes, and what they stand for."""
    names = (line.values.get(name) for name in ("member_name", "indicator_name", "item_name"))
    codes = (str(line.values[key]) for key in _KEYS if line.values.get(key))
    return " ".join((*codes, str(next(filter(None, names), ""))))


def _texts(line: FormLine) -> dict[str, str]:
    """A target as its cell shows it, a rate in per cent; other numbers as they are."""
    unit = str(line.values.get("unit_of_measure") or "")
    filled = ((column, value) for column, value in line.values.items() if value is not None and column not in _KEYS)
    return {column: _text(value, unit if column == "target" else "") for column, value in filled}


def _text(value: Value, unit_of_measure: str) -> str:
    return display.measured(value, unit_of_measure) if isinstance(value, Decimal) else str(value)
