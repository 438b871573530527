"""What a bulletin says of one frozen month, each figure written as the page writes it.

Nothing is counted or divided here that a mart has: shares, scores, places and ratios are the published ones, so the
bulletin agrees with page, workbook and BI to the digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from minsheng.plan.models import Plan
from minsheng.publication.freezes import Freeze
from minsheng.publication.publication import Month
from minsheng.views import explain
from minsheng.views.bulletin.names import (
    Bulletin,
    Imprint,
    IndicatorLine,
    IndicatorsSaid,
    Named,
    Place,
    Share,
    UnitsSaid,
)
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

_NO_NUMBER = "草稿"


@dataclass(frozen=True)
class Issuing:
    """What is said of the bulletin itself; ``number`` null: it is a draft, ``signed_by`` null: nobody has approved it.

    ``head``: of the chain of evidence, as it stood when the draft was made. ``telephone`` null: none is known.
    """

    day: datetime
    number: int | None
    signed_by: str | None
    office: str
    telephone: str | None
    head: str
    revision: str


def bulletin_of(
    plan: Plan, month: Month, frozen: Freeze, issuing: Issuing, corrections: Iterable[str], problems: Mapping[str, str]
) -> Bulletin:
    """The bulletin of a month, from the revision it was frozen on and by the plan of then.

    ``corrections``: what has changed since the bulletin before. ``problems``: what its unit wrote, by indicator.
    """
    indicators = _indicators(month, _lines(month, problems))
    return Bulletin(_imprint(plan, month, frozen, issuing), indicators, _units(month), tuple(corrections))


def _imprint(plan: Plan, month: Month, frozen: Freeze, issuing: Issuing) -> Imprint:
    return Imprint(
        county_name=plan.county_name,
        plan_title=plan.title,
        plan_document_no=plan.document_no,
        office=issuing.office,
        telephone=issuing.telephone or "",
        issue=_NO_NUMBER if issuing.number is None else f"{plan.year}年第{issuing.number}期",
        day=_day(issuing.day),
        is_draft=issuing.number is None,
        signed_by=issuing.signed_by or "",
        month=display.month_name(month.period),
        cut_off=f"{_day(frozen.freeze_at)}{display.hour_in_words(frozen.freeze_at)}",
        revision=issuing.revision,
        head=issuing.head,
    )


def _indicators(month: Month, lines: tuple[IndicatorLine, ...]) -> IndicatorsSaid:
    by_code = {row["indicator_code"]: line for row, line in zip(month.indicators, lines, strict=True)}
    return IndicatorsSaid(
        time_progress=display.percent(month.indicators[0]["time_progress_ratio"]) if month.indicators else "",
        indicator_count=len(month.indicators),
        shares=tuple(map(_share, month.statuses)),
        laggards=tuple(by_code[row["indicator_code"]] for row in month.behind),
        last_laggards=explain.last_behind(month.last_behind) if month.last_behind else "",
        unsettled=tuple(_unsettled(month)),
        problems=tuple(line for line in lines if line.problem),
        lines=lines,
        has_last_year=any(row["last_year"] for row in month.indicators),
    )


def _units(month: Month) -> UnitsSaid:
    return UnitsSaid(
        first_places=_places(month, "first"),
        last_places=_places(month, "last"),
        ranked_count=len(month.ranked),
        owed_count=len(month.required),
        arrivals=tuple(_arrivals(month)),
        unreported=_names(row for row in month.required if row["submission_status"] != "accepted"),
        late=_names(row for row in month.required if row["timing"] in ("late", "supplementary")),
    )


def _lines(month: Month, problems: Mapping[str, str]) -> tuple[IndicatorLine, ...]:
    arrivals = {unit["unit_code"]: explain.arrival(unit) for unit in month.units}
    return tuple(_line(no, row, arrivals, problems) for no, row in enumerate(month.indicators, start=1))


def _line(no: int, row: Row, arrivals: Mapping[str, str], problems: Mapping[str, str]) -> IndicatorLine:
    unit = row["unit_of_measure"]
    last_year = row["last_year"][0]["last_year_value"] if row["last_year"] else None
    target = chinese().comparator[row["comparator"]] if row["target_value"] is None else display.target(row)
    return IndicatorLine(
        no=no,
        item=row["item_name"],
        indicator=row["indicator_name"],
        unit_of_measure=unit,
        target=target,
        month_value=display.measured(row["month_value"], unit),
        actual=display.measured(row["actual_value"], unit),
        completion=display.percent(row["completion_ratio"]),
        time_progress=display.percent(row["time_progress_ratio"]),
        gap=display.points(row["gap_pp"]),
        last_year=display.measured(last_year, unit),
        on_last_year=display.percent(_share_of(row["actual_value"], last_year)),
        status=row["status_label"],
        lead_unit=row["lead_unit_name"],
        arrival=arrivals.get(row["lead_unit_code"], display.NOTHING),
        correction=chinese().thing["correction"] if row["is_corrected"] else "",
        problem=problems.get(row["indicator_code"], ""),
        remark="；".join(explain.remarks(row)),
        reason="，".join(text for text in (explain.why(row), explain.since(row)) if text),
        needed=explain.needed(row),
    )


def _share_of(value: Any, whole: Any) -> Decimal | None:
    """Divided once, and exactly: what is published of it has been rounded to a float."""
    return None if value is None or not whole else Decimal(str(value)) / Decimal(str(whole))


def _share(row: Row) -> Share:
    return Share(row["status_label"], row["indicator_count"], display.percent(row["share_ratio"]))


def _places(month: Month, which: str) -> tuple[Place, ...]:
    rows = (row for row in month.ranked if explain.standing(row, month.ranked) == which)
    return tuple(
        Place(row["rank_no"], row["unit_name"], display.percent(row["score"]), row["scored_count"]) for row in rows
    )


def _arrivals(month: Month) -> Iterator[Named]:
    for word, units in explain.by_arrival(month.required).items():
        yield Named(word, len(units), "、".join(_names(units)))


def _unsettled(month: Month) -> Iterator[Named]:
    for reason, rows in month.unsettled.items():
        yield Named(reason, len(rows), "、".join(row["indicator_name"] for row in rows))


def _names(units: Iterable[Row]) -> tuple[str, ...]:
    return tuple(unit["unit_name"] for unit in units)


def _day(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"
