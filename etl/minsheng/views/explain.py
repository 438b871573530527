"""Why a light is what it is, in the words leaders read: page and terminal say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

_TRULY_BEHIND = "确实滞后"


def arrivals() -> tuple[str, ...]:
    """How a unit's report of the month may have come in, in the order they are counted."""
    return (
        *chinese().timing.values(),
        *(word for code, word in chinese().submission_status.items() if code != "accepted"),
    )


def why(row: Row) -> str:
    """The reason of a light, without what the status beside it already says; empty when nothing needs a reason."""
    label = str(row["reason_label"] or "")
    head, _, rest = label.partition("：")
    return rest if head in (row["status_label"], _TRULY_BEHIND) else label


def since(row: Row) -> str:
    """From which month on it has been behind; empty when it is not."""
    if row["behind_since"] is None:
        return ""
    return f"{int(row['behind_since'][-2:])}月起，已 {row['months_behind']} 个月"


def last_behind(rows: Sequence[Row]) -> str:
    """Those that were behind when something could last be said of them: silence does not make up for it."""
    names = "、".join(f"{row['indicator_code']}（{int(row['last_behind_since'][-2:])}月起）" for row in rows)
    return f"另有 {len(rows)} 项本期没有结论，上次判定时为滞后：{names}。"


def remarks(row: Row) -> list[str]:
    """What else must be known of a figure, such as that it came late or was corrected, or its target was changed."""
    late = [chinese().timing[row["timing"]]] if row["timing"] in ("late", "supplementary") else []
    corrections = [_correction(correction) for correction in row["corrections"]]
    return [
        *_closing(row),
        *_rests_on(row),
        *late,
        *corrections,
        *([row["break_note"]] if row.get("break_note") else []),
        *_errata(row),
        *_lead_change(row),
        *([_target_change(row)] if row["is_target_changed"] else []),
    ]


def _closing(row: Row) -> list[str]:
    """By whom it was closed, when and by which document; nothing where it is not."""
    if row["closed_on"] is None:
        return []
    return [f"{row['closing_office']} {row['closed_on']} 销号（{row['closing_document_no']}）"]


def explanation(row: Row) -> str:
    """Reason, since when, and remarks in one line."""
    return "；".join(text for text in (why(row), since(row), *remarks(row)) if text)


def needed(row: Row) -> str:
    """What it would take: a pace per month, the points a rate lacks, or what was short at the deadline."""
    if row["pace_needed"] is not None:
        return f"每月 {display.rounded(row['pace_needed'])}（余 {row['remaining_month_count']} 个月）"
    if row["unit_of_measure"] == "%" and row["gap_pp"] is not None:
        is_reached = row["gap_pp"] == 0  # and has to be passed, or nothing would be needed
        return display.to_pass(row) if is_reached else f"差{display.apart(row['gap_pp'])}"
    if row["reason_code"] == "PAST_DEADLINE":
        wanting = row.get("shortfall_value")
        return f"还差 {_plain(wanting)}" if wanting is not None else display.to_pass(row)
    return display.NOTHING


def _plain(wanting: float) -> str:
    """A number of at most six decimals, as it was before it became a float."""
    return display.quantity(Decimal(str(wanting)).quantize(Decimal("0.000001")))


def suffices(row: Row) -> bool:
    """Whether the pace of the last three months leads to the target."""
    ratio = row["forecast_ratio"]
    if row["polarity"] == "lower_better" and row["forecast_value"] == 0:
        return True  # nothing is left to lower, and no ratio says by how much
    return bool(ratio > 1 if row["comparator"] == "gt" else ratio >= 1)


def forecast(row: Row) -> str:
    """Where that pace leads, and on a second line the sum that says so; or why there is no forecast."""
    if row["forecast_ratio"] is None:
        return no_forecast(row)
    verdict = "能完成" if suffices(row) else "完不成"
    return f"完成 {display.percent(row['forecast_ratio'])}，{verdict}\n{row['forecast_basis']}"


def no_forecast(row: Row) -> str:
    """Why there is none."""
    if row["reason_code"] in ("PAST_DEADLINE", "UNREPORTED_AT_DEADLINE"):
        return "期限已到，不再预计"
    if row["reason_code"] == "BEHIND_TIME":
        return "缺三个月前的数，无法预计"
    return "不按月份判定，不作预计"


def arrival(unit: Row) -> str:
    """How a unit's report of the month came in, one of ``arrivals``."""
    if unit["submission_status"] == "accepted":
        return chinese().timing[unit["timing"]]
    return chinese().submission_status[unit["submission_status"]]


def by_arrival(units: Iterable[Row]) -> dict[str, list[Row]]:
    """Units by how their report came in, in the order of ``arrivals``; what nobody did is left out."""
    groups: dict[str, list[Row]] = {word: [] for word in arrivals()}
    for unit in units:
        groups[arrival(unit)].append(unit)
    return {word: group for word, group in groups.items() if group}


def standing(unit: Row, ranked: Sequence[Row]) -> str:
    """Among the first three places (``first``), the last three units (``last``), or neither; ties stand together.

    Who is both among so few is neither, and who has reported nothing is never among the first.
    """
    if unit["rank_no"] is None:
        return ""
    is_first = sum(other["rank_no"] < unit["rank_no"] for other in ranked) < 3
    is_last = sum(other["rank_no"] > unit["rank_no"] for other in ranked) < 3
    if is_first == is_last:
        return ""
    return "last" if is_last else "first" if unit["reported_count"] else ""


def _lead_change(row: Row) -> list[str]:
    """Since when another unit answers for the indicator: the months before were not its own."""
    if row.get("leads_since") is None:
        return []
    since_month = display.month_name(row["leads_since"])
    return [f"{since_month}起由{row['lead_unit_name']}牵头，此前为{row['former_lead_unit_name']}"]


def _rests_on(row: Row) -> list[str]:
    period = row["rests_on_period"]
    return [f"本期没有报送，沿用{display.month_name(period)}的数"] if period else []


def _correction(correction: Row) -> str:
    reason = f"（{correction['reason']}）" if correction["reason"] else ""
    return f"{correction['change_note']}{reason}"


def _errata(row: Row) -> Iterator[str]:
    """What had been published before the plan was put right, an erratum a line."""
    for (code, document_no, reason), changes in groupby(
        row["errata"], key=lambda one: (one["erratum_code"], one["document_no"], one["reason"])
    ):
        replaced = "，".join(
            f"{one['column_label']}原为 {one['value_before'] or display.NOTHING}，"
            f"现为 {one['value_after'] or display.NOTHING}"
            for one in changes
        )
        yield f"方案勘误 {code}（{document_no}）：{replaced}。{reason}"


def _target_change(row: Row) -> str:
    unit = row["unit_of_measure"]
    original, current = (display.measured(row[f"{which}_target_value"], unit) for which in ("original", "current"))
    completion = display.percent(row["original_completion_ratio"])
    return f"目标由 {original} 调整为 {current}（{row['target_document_no']}），按原目标完成率 {completion}"
