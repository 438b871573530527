"""The difference of two revisions in lines: what the later says of each indicator, then table by table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from minsheng.core.home import Publisher
from minsheng.publication.differences import ChangedRow, Key, TableDifference, table_differences
from minsheng.publication.publication import read_publication
from minsheng.publication.revisions import Revision
from minsheng.views.bulletin.corrections import differences
from minsheng.words import display

_PLACES = Decimal("0.000001")


def difference_lines(publisher: Publisher, before: Revision, after: Revision, most: int) -> list[str]:
    """Everything in words; empty: the two hold the same. Of a table at most so many rows are named one by one."""
    found = table_differences(before, after)
    if not found:
        return []
    tables = [line for one in found for line in _table(one, most)]
    return [*_indicators(publisher, before, after), "各表：", *tables]


def _indicators(publisher: Publisher, before: Revision, after: Revision) -> Iterator[str]:
    """What the later says otherwise of the indicators of every plan that both hold."""
    old, new = before.manifest["plans"], after.manifest["plans"]
    for plan_id in sorted({*old, *new}):
        if plan_id in old and plan_id in new:
            yield from differences(*(read_publication(publisher, plan_id, one) for one in (before, after)))
        else:
            yield f"{(old | new)[plan_id]}：只有{'前' if plan_id in old else '后'}一个版本有"


def _table(one: TableDifference, most: int) -> Iterator[str]:
    if one.only_in:
        yield f"{one.title}：只有 {one.only_in} 有这张表"
        return
    counts = (("增", one.added), ("减", one.removed), ("改", one.changed))
    yield f"{one.title}：{'，'.join(f'{word} {len(rows)} 行' for word, rows in counts if rows)}"
    lines = [
        *(f"改 {_changed(row)}" for row in one.changed),
        *(f"增 {_key(key)}" for key in one.added),
        *(f"减 {_key(key)}" for key in one.removed),
    ]
    yield from (f"  {line}" for line in lines[:most])
    if len(lines) > most:
        yield f"  另有 {len(lines) - most} 行（--rows 可以多列）"


def _changed(row: ChangedRow) -> str:
    columns = (f"{label} 原为 {_shown(was)}，现为 {_shown(now)}" for label, was, now in row.columns)
    return f"{_key(row.key)}：{'；'.join(columns)}"


def _key(key: Key) -> str:
    return " · ".join(map(_shown, key)) or "仅有的一行"


def _shown(value: object) -> str:
    if value is None:
        return display.NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return display.moment(value)
    if isinstance(value, int | float | Decimal):
        return display.quantity(Decimal(str(value)).quantize(_PLACES))
    return str(value)
