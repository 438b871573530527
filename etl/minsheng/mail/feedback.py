"""The letter after the freeze: how a unit's own indicators stand, by the revision the month was frozen on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.months import OpenMonth
from minsheng.mail.senders import unit_name
from minsheng.plan.calendar import due_at
from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, Row, rows_of
from minsheng.words import display
from minsheng.words.chinese import chinese
from minsheng.words.filling import fill
from minsheng.words.letter_words import FeedbackWords

_INDICATORS = """
    select
        now.indicator_code, now.indicator_name, now.lead_unit_code, now.unit_of_measure, now.comparator, now.polarity,
        now.actual_value, now.target_value, now.completion_ratio, now.light, now.status_label,
        before.actual_value as value_before, correction.change_note
    from pub_indicator_completion_v1 as now
    left join pub_indicator_completion_v1 as before
        on
            now.plan_id = before.plan_id
            and now.indicator_code = before.indicator_code
            and before.period = $before
    left join (
        select plan_id, period, indicator_code, arg_max(change_note, revision_no) as change_note
        from pub_indicator_correction_v1
        where is_correction
        group by all
    ) as correction
        on
            now.plan_id = correction.plan_id
            and now.period = correction.period
            and now.indicator_code = correction.indicator_code
    where now.plan_id = $plan_id and now.period = $period
    order by now.indicator_code
"""
_UNITS = """
    select card.unit_code, card.is_required, card.rank_no, status.timing, status.is_missed,
        status.submission_status
    from pub_unit_scorecard_v1 as card
    inner join pub_submission_status_v1 as status
        on card.plan_id = status.plan_id and card.period = status.period and card.unit_code = status.unit_code
    where card.plan_id = $plan_id and card.period = $period
    order by card.unit_code
"""


@dataclass(frozen=True)
class Figure:
    """One indicator of the unit as people read it; ``trend`` and ``note`` are empty where there is nothing to say."""

    name: str
    actual: str
    before: str
    target: str
    ratio: str
    light: str
    status: str
    trend: str
    note: str


@dataclass(frozen=True)
class FeedbackSheet:
    """All that a unit is told of a month."""

    unit_name: str
    month: str
    report: str
    figures: tuple[Figure, ...]
    rank: str
    following: str


def sheets(
    published: Connection, run: Run, month: OpenMonth, following: OpenMonth | None = None
) -> Iterator[tuple[str, FeedbackSheet]]:
    """The sheet of every unit that owed a report for the month, with the unit's code.

    ``following``: the month after it, null: not opened yet.
    """
    keys = {"plan_id": month.plan.plan_id, "period": str(month.period)}
    indicators = rows_of(published, _INDICATORS, keys | {"before": str(month.period.previous)})
    units = rows_of(published, _UNITS, keys)
    ranked = sum(row["rank_no"] is not None for row in units)
    for row in units:
        if row["is_required"]:
            own = [one for one in indicators if one["lead_unit_code"] == row["unit_code"]]
            due = following.due_by_code(row["unit_code"]) if following else None
            yield row["unit_code"], _sheet(run, month, row, own, ranked, due)


def feedback(
    run: Run, month: OpenMonth, unit_code: str, sheet: FeedbackSheet, workbook: str, enquiries: str
) -> Addressed:
    """The letter that brings a sheet; ``workbook``: where it lies below the home."""
    said, plan_id, period = run.wording.feedback, month.plan.plan_id, str(month.period)
    words = month.words | {
        "unit_name": sheet.unit_name,
        "name": workbook.rpartition("/")[2],
        "report": sheet.report,
        "rank": sheet.rank,
        "next": sheet.following,
        "enquiries": enquiries,
    }
    points = tuple(fill(said.line, words | _line_words(figure, said)) for figure in sheet.figures)
    opening, closing, heading = (fill(each, words) for each in (said.opening, said.closing, said.heading))
    letter = Letter(opening, closing, heading, points, workbook)
    identity = ("feedback", plan_id, period, unit_code)
    return Addressed("feedback", plan_id, unit_code, period, fill(said.subject, words), identity, letter)


def _line_words(figure: Figure, said: FeedbackWords) -> dict[str, object]:
    corrections = fill(said.corrected, {"note": figure.note}) if figure.note else ""
    return vars(figure) | {"indicator_name": figure.name, "corrections": corrections}


def _sheet(
    run: Run, month: OpenMonth, unit: Row, indicators: list[Row], ranked: int, due: datetime | None
) -> FeedbackSheet:
    said = run.wording.feedback
    rank = fill(said.ranked, {"rank": unit["rank_no"], "count": ranked}) if unit["rank_no"] else ""
    return FeedbackSheet(
        unit_name(run, month.plan.plan_id, unit["unit_code"]),
        str(month.words["month"]),
        _report(unit, said),
        tuple(_figure(row, said) for row in indicators),
        rank,
        _following(run, month, said, due),
    )


def _report(unit: Mapping[str, Any], said: FeedbackWords) -> str:
    """How the month's report came; a month that was opened after its freeze was asked of nobody."""
    told = {"on_time": said.report_on_time, "late": said.report_late, "supplementary": said.report_supplementary}
    missed = said.report_unsigned if unit["submission_status"] == "unsigned" else said.report_missed
    return told.get(unit["timing"] or "", missed if unit["is_missed"] else said.report_not_asked)


def _figure(row: Row, said: FeedbackWords) -> Figure:
    unit = row["unit_of_measure"]
    return Figure(
        row["indicator_name"],
        _with_unit(row["actual_value"], unit),
        _with_unit(row["value_before"], unit),
        display.target(row),
        display.percent(row["completion_ratio"]),
        chinese().light[row["light"]],
        row["status_label"],
        _trend(row["actual_value"], row["value_before"], unit, said),
        row["change_note"] or "",
    )


def _with_unit(value: Any, unit: str) -> str:
    shown = display.measured(value, unit)
    return shown if unit == "%" or value is None else f"{shown} {unit}"


def _trend(now: Any, before: Any, unit: str, said: FeedbackWords) -> str:
    if now is None or before is None:
        return ""
    difference = Decimal(str(now)) - Decimal(str(before))
    if not difference:
        return said.trend_same
    size = abs(difference)
    shown = f"{display.points(size * 100).lstrip('+')} 个百分点" if unit == "%" else display.quantity(size)
    return fill(said.trend_up if difference > 0 else said.trend_down, {"difference": shown})


def _following(run: Run, month: OpenMonth, said: FeedbackWords, due: datetime | None) -> str:
    """Which month is due next, and when; the plan of the next year may not be there yet.

    ``due``: the hour that holds for the unit, null: the plan's.
    """
    period = month.period.next
    plan = run.county.plan_of(period)
    if plan is None:
        return said.last
    told = display.moment_in_words(due or due_at(plan, period))
    words = {"next_month": display.month_name(str(period)), "next_due": told}
    return fill(said.next, words)
