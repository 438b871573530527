"""What a unit reads back of a file that was accepted: its figures and, where they have been built, how they stand."""

from __future__ import annotations

from collections.abc import Sequence

from minsheng.plan.run import Run
from minsheng.warehouse.connection import Connection, Row, rows_of
from minsheng.words import display
from minsheng.words.chinese import chinese
from minsheng.words.filling import fill

_READ = """
    select
        report.submission_id, report.indicator_code, indicator.indicator_name, report.month_value,
        report.cumulative_value, report.numerator, report.denominator
    from staging.stg_report as report
    inner join staging.stg_submission as submission
        on report.submission_id = submission.submission_id
    inner join raw.indicator as indicator
        on submission.plan_id = indicator.plan_id and report.indicator_code = indicator.indicator_code
    where
        list_contains(?, report.submission_id)
        and coalesce(report.month_value, report.cumulative_value, report.numerator, report.denominator) is not null
    order by report.submission_id, report.section desc, report.row_no
"""
_STANDING = """
    select submission_id, indicator_code, indicator_name, unit_of_measure, actual_value, completion_ratio, light,
        status_label
    from marts.indicator_completion
    where list_contains(?, submission_id)
    order by submission_id, indicator_code
"""
_IS_BUILT = "select 1 from duckdb_tables() where schema_name = 'marts' and table_name = 'indicator_completion'"
_NAMES = {"本月数": "month_value", "累计数": "cumulative_value", "分子": "numerator", "分母": "denominator"}


def read_back(connection: Connection, run: Run, submission_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """A line for each figure of each file, by submission; what was reported in 明细 only is known once it is built."""
    asked = [list(submission_ids)]
    read = rows_of(connection, _READ, asked) if submission_ids else []
    is_built = connection.execute(_IS_BUILT).fetchone() is not None
    standing = rows_of(connection, _STANDING, asked) if submission_ids and is_built else []
    return {each: tuple(_lines(run, _of(read, each), _of(standing, each))) for each in submission_ids}


def figures(row: Row) -> str:
    """A row's numbers: 本月数 120、累计数 606, or 分子 955、分母 1,568."""
    found = {name: row.get(column) for name, column in _NAMES.items()}
    return "、".join(f"{name} {display.quantity(value)}" for name, value in found.items() if value is not None)


def _lines(run: Run, read: Sequence[Row], standing: Sequence[Row]) -> list[str]:
    said, stands = run.wording.answer, {row["indicator_code"]: row for row in standing}
    named = [(row["indicator_code"], row["indicator_name"], figures(row)) for row in read]
    known = {code for code, *_ in named}
    named += [(code, row["indicator_name"], _actual(row)) for code, row in stands.items() if code not in known]
    return [
        fill(said.line, {"indicator_name": name, "figures": told, "standing": _stands(run, stands.get(code))})
        for code, name, told in named
    ]


def _actual(row: Row) -> str:
    return f"实际完成 {display.measured(row['actual_value'], row['unit_of_measure'])}"


def _stands(run: Run, row: Row | None) -> str:
    """Empty where nothing is known yet."""
    if row is None:
        return ""
    light, ratio = chinese().light[row["light"]], display.percent(row["completion_ratio"])
    return fill(run.wording.answer.standing, {"ratio": ratio, "light": light, "status": row["status_label"]})


def _of(rows: Sequence[Row], submission_id: str) -> list[Row]:
    return [row for row in rows if row["submission_id"] == submission_id]
