"""The audit sheet: what a trace says, in words, section by section."""

from __future__ import annotations

from minsheng.trace import sections, words
from minsheng.trace.checks import checks
from minsheng.trace.layout import TraceSheet
from minsheng.trace.missing import missing
from minsheng.trace.model import Stamp, Trace
from minsheng.trace.versions import history
from minsheng.words import display

_EXPLANATION = (
    "说明：精确结果是判定所用的分数，“≈”后四舍五入到四位小数；发布的比率保留一位小数，判定用精确值，不用四舍五入后的数。"
    "“—”表示没有数据，不是零。"
)


def make_sheet(trace: Trace) -> TraceSheet:
    """Put a trace into words."""
    figure, stamp = trace.figure, trace.stamp
    return TraceSheet(
        title="数据追溯核对单",
        subject=f"{display.month_name(figure['period'])} {figure['indicator_code']} {figure['indicator_name']}",
        stamp=stamp_facts(stamp, trace.yardstick.document_no),
        checks=checks(trace),
        warnings=(*missing(trace), *_newer(trace)),
        sections=(
            sections.published(trace),
            sections.report(trace),
            sections.cells(trace),
            sections.rules(trace),
            history(trace),
        ),
        explanation=_EXPLANATION,
        footer=footer(stamp),
        anchor=anchor(figure["period"], figure["indicator_code"]),
    )


def anchor(period: str, indicator_code: str) -> str:
    """By which a dossier leads to the sheet of a figure."""
    return f"{period}-{indicator_code}"


def footer(stamp: Stamp) -> str:
    """What stands below every page."""
    return f"发布版本 {stamp.revision} · 发布文件 sha256 {stamp.database_sha256}"


def stamp_facts(stamp: Stamp, document_no: str = "") -> tuple[tuple[str, str], ...]:
    """Which publication a sheet is of, and how it is recognised."""
    return (
        ("工作方案", f"{stamp.plan_title}{f'（{document_no}）' if document_no else ''}"),
        ("发布版本", stamp.revision),
        ("数据时点", words.moment(stamp.as_of)),
        ("程序版本", stamp.code_version),
        ("发布文件", f"published/revisions/{stamp.revision}/marts.duckdb"),
        ("文件 sha256", stamp.database_sha256),
        ("方案 sha256", stamp.plan_sha256),
    )


def _newer(trace: Trace) -> tuple[str, ...]:
    """What has come since; the publication does not know it, and neither does the figure above."""
    return tuple(
        f"发布之后又收到“{file.file_name}”（{words.moment(file.received_at)}，{words.verdict(file)}），"
        "不在这次发布之内；本单所列为已发布的数。"
        for file in trace.unpublished
    )
