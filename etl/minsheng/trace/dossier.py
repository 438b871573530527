"""The dossier: every sheet asked for, and in front of them which figures, which files, and whether all of it agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.publication.bulletins import IssuedBulletin, issued_folder
from minsheng.trace import words
from minsheng.trace.asked import Asked
from minsheng.trace.checks import Confirmation, publication
from minsheng.trace.layout import Dossier, Line, Section, TraceSheet, TraceTable
from minsheng.trace.model import Trace
from minsheng.trace.reading import read_traces
from minsheng.trace.received import Received, ReceivedFile, read_received
from minsheng.trace.sections import fault_lines
from minsheng.trace.sheet import footer, make_sheet, stamp_facts
from minsheng.warehouse.connection import Row
from minsheng.words import display
from minsheng.words.chinese import chinese

_FIGURES = ("指标", "月份", "牵头单位", "实际完成", "状态", "核对")
_DUTIES = ("单位", "月份", "职责", "截止时间", "首次收到", "首次接收", "报送情况")
_FILES = ("单位", "文件名和 sha256", "收到时间", "来源", "结论", "审签")
_REFUSALS = ("规则", "性质", "涉及", "位置", "所填", "问题")
_CONTRIBUTIONS = ("指标", "月份", "本月数", "累计数", "位置")
_EXPLANATION = (
    "说明：每项指标各附一张核对单，写明数从哪里来、怎样判定、逐步核对的结果。"
    "文件名是收到时的原名，sha256 由收到的原件算出。"
    "“—”表示没有数据，不是零。"
)


def make_dossier(home: Home, asked: Asked) -> Dossier:
    """Everything behind what is asked about; a single figure needs no cover."""
    traces = read_traces(home, asked)
    sheets = tuple(map(make_sheet, traces))
    if len(sheets) == 1 and asked.unit_code is None and asked.bulletin is None:
        return Dossier(None, sheets)
    return Dossier(_cover(home, asked, read_received(home, asked), traces, sheets), sheets)


def _cover(
    home: Home, asked: Asked, received: Received, traces: Sequence[Trace], sheets: Sequence[TraceSheet]
) -> TraceSheet:
    stamp = received.stamp
    bulletin = _bulletin(home, asked.bulletin) if asked.bulletin else ()
    return TraceSheet(
        title="数据追溯卷宗",
        subject=asked.subject,
        stamp=stamp_facts(stamp),
        checks=(publication(stamp), *bulletin, *_all_agree(sheets)),
        warnings=(),
        sections=tuple(_numbered(_sections(asked, received, traces, sheets))),
        explanation=_EXPLANATION,
        footer=footer(stamp),
        anchor="cover",
    )


def _sections(
    asked: Asked, received: Received, traces: Sequence[Trace], sheets: Sequence[TraceSheet]
) -> Iterator[Section]:
    if asked.bulletin:
        yield _issue(asked.bulletin)
    yield Section("各项指标", tables=(_figures(traces, sheets),))
    if asked.unit_code:
        told = tuple(map(_contribution, received.contributions))
        yield Section("配合单位所报", tables=(TraceTable("作为配合单位报的数", _CONTRIBUTIONS, told, "没有报过。"),))
    duties = TraceTable("各单位各月", _DUTIES, tuple(map(_duty, received.duties)))
    yield Section("报送情况", tables=(duties,))
    files = TraceTable("收到的全部文件", _FILES, tuple(map(_file_line, received.files)), "没有收到任何文件。")
    refused = [one for one in received.files if one.faults]
    yield Section("来件", tables=(files, *(map(_refusal, refused))))


def _numbered(sections: Iterable[Section]) -> Iterator[Section]:
    for number, section in zip("一二三四五六", sections, strict=False):
        yield Section(f"{number}、{section.title}", section.facts, section.tables, section.notes)


def _all_agree(sheets: Sequence[TraceSheet]) -> Iterator[Confirmation]:
    """Of all sheets together; a unit that leads nothing has none."""
    if not sheets:
        return
    bad = [sheet.subject for sheet in sheets if not sheet.is_good]
    count = sum(len(sheet.checks) for sheet in sheets)
    result = f"有不一致的：{'、'.join(bad)}" if bad else f"{len(sheets)} 张核对单、{count} 项核对全部一致"
    yield Confirmation("各项指标", result, not bad)


def _bulletin(home: Home, bulletin: IssuedBulletin) -> tuple[Confirmation, ...]:
    """Every file of the bulletin as it lies there now."""
    folder = issued_folder(home, bulletin)
    return tuple(_issued_file(name, sha256, folder / name) for name, sha256 in sorted(bulletin.files.items()))


def _issued_file(name: str, sha256: str, path: Path) -> Confirmation:
    if not path.is_file():
        return Confirmation(name, "已不在", is_good=False)
    is_same = digest(path) == sha256
    return Confirmation(name, "重新计算的 sha256 与印发时一致" if is_same else "印发以后被改动", is_same)


def _issue(bulletin: IssuedBulletin) -> Section:
    facts = (
        ("期号", f"第 {bulletin.number} 期（{display.month_name(bulletin.period)}）"),
        ("签发", f"{bulletin.issued_by}，{words.moment(bulletin.issued_at)}"),
    )
    return Section(
        "通报", facts, (TraceTable("印发的文件", ("文件", "sha256"), tuple(sorted(bulletin.files.items()))),)
    )


def _figures(traces: Sequence[Trace], sheets: Sequence[TraceSheet]) -> TraceTable:
    rows = tuple(map(_figure, traces, sheets))
    anchors = tuple(sheet.anchor for sheet in sheets)
    return TraceTable("各附一张核对单", _FIGURES, rows, "没有牵头的指标。", anchors)


def _figure(trace: Trace, sheet: TraceSheet) -> Line:
    figure = trace.figure
    return (
        f"{figure['indicator_code']} {figure['indicator_name']}",
        figure["period"],
        figure["lead_unit_name"],
        words.measure(trace, figure["actual_value"]),
        words.status(trace),
        f"{'✓' if sheet.is_good else '✗'} {len(sheet.checks)} 项",
    )


def _duty(row: Row) -> Line:
    arrival = chinese().timing[row["timing"]] if row["timing"] else ""
    refused = f"，退回的问题 {row['reject_count']} 个" if row["reject_count"] else ""
    status = chinese().submission_status[row["submission_status"]]
    return (
        row["unit_name"],
        row["period"],
        chinese().role[row["role"]] + ("" if row["is_required"] else "（可不报）"),
        words.moment(row["due_at"]),
        words.moment(row["first_received_at"]),
        words.moment(row["accepted_at"]),
        "，".join(filter(None, (status, arrival))) + refused,
    )


def _file_line(one: ReceivedFile) -> Line:
    file = one.file
    verdict = words.verdict_by_revision(file)
    named = f"{file.file_name}\n{file.sha256}"
    return one.unit_name, named, words.moment(file.received_at), words.source(file), verdict, words.signature(file)


def _refusal(one: ReceivedFile) -> TraceTable:
    received = words.moment(one.file.received_at)
    title = f"{one.unit_name}“{one.file.file_name}”（{received} 收到）退回的原因"
    return TraceTable(title, _REFUSALS, fault_lines(one.faults))


def _contribution(row: Row) -> Line:
    return (
        f"{row['indicator_code']} {row['indicator_name']}（{row['unit_of_measure']}）",
        row["period"],
        display.quantity(row["month_value"]),
        display.quantity(row["cumulative_value"]),
        row["places"] or display.NOTHING,
    )
