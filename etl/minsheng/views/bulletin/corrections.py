"""What has changed of months that earlier bulletins spoke of: 原为 → 现为, told once, in the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from minsheng.publication.bulletins import IssuedBulletin
from minsheng.publication.publication import Month, Publication
from minsheng.publication.revisions import Revision
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

Reader = Callable[[str], Publication]


def last_told(before: Iterable[IssuedBulletin], revision: Revision) -> dict[str, list[str]]:
    """By revision, the months of which readers were last told by it: what was issued after a bulletin has corrected it.

    ``before``: the bulletins with smaller numbers. Of one made from a later revision than ``revision`` nothing follows.
    """
    ordered = [one for one in sorted(before, key=lambda one: one.number) if one.revision < revision.name]
    months: dict[str, list[str]] = defaultdict(list)
    for place, one in enumerate(ordered):
        months[max(later.revision for later in ordered[place:])].append(one.period)
    return {name: sorted(periods) for name, periods in sorted(months.items())}


def corrections(told: Mapping[str, list[str]], now: Publication, read: Reader) -> list[str]:
    """A sentence for each indicator and month of which something else was said; ``read`` opens a revision by name."""
    changed = (
        (period, sentence)
        for name, periods in told.items()
        for period in periods
        for sentence in _changes(read(name).month(period), now.month(period))
    )
    return [sentence for _, sentence in sorted(changed, key=lambda one: one[0])]


def differences(before: Publication, after: Publication) -> Iterator[str]:
    """What the later of two publications of a plan says otherwise, and which months only one of them has."""
    old, new = ({month.period: month for month in one.months} for one in (before, after))
    for period in sorted({*old, *new}):
        if period in old and period in new:
            yield from _changes(old[period], new[period])
        else:
            yield f"{display.month_name(period)}：只有{'前' if period in old else '后'}一个版本有"


def _changes(before: Month, after: Month) -> Iterator[str]:
    old = {row["indicator_code"]: row for row in before.indicators}
    for row in after.indicators:
        if (was := old.get(row["indicator_code"])) and (parts := [*_parts(was, row)]):
            head = f"{display.month_name(after.period)}{row['indicator_name']}（{row['lead_unit_name']}）"
            yield f"{head}：{'；'.join(parts)}{_reason(was, row)}。"


def _parts(was: Row, row: Row) -> Iterator[str]:
    unit = row["unit_of_measure"]
    if was["actual_value"] != row["actual_value"]:
        old, new = (display.measured(one["actual_value"], unit) for one in (was, row))
        yield f"累计完成原为 {old}，现为 {new}"
    if was["target_value"] != row["target_value"]:
        yield f"目标原为 {display.target(was)}，现为 {display.target(row)}"
    if was["status_label"] != row["status_label"]:
        yield f"状态原为{was['status_label']}，现为{row['status_label']}"


def _reason(was: Row, row: Row) -> str:
    """Why, as its unit or the erratum says; empty where nobody gave a reason."""
    if was["revision_no"] is None and row["revision_no"] is not None:
        return f"（{chinese().timing[row['timing']]}）"
    told = [one["reason"] for one in row["corrections"][len(was["corrections"]) :]]
    errata = {f"方案勘误 {one['erratum_code']}" for one in row["errata"][len(was["errata"]) :]}
    reasons = [text for text in (*told, *sorted(errata)) if text]
    return f"（{'；'.join(reasons)}）" if reasons else ""
