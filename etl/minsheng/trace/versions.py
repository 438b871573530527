"""The last part of the sheet: every value that was ever believed, and every file that came."""

from __future__ import annotations

from minsheng.trace import words
from minsheng.trace.judgement import Values
from minsheng.trace.layout import Line, Section, TraceTable
from minsheng.trace.model import File, Trace, Version
from minsheng.words import display

_VERSION_HEAD = ("版本", "数值", "认定自", "认定至", "文件", "说明")
_FILE_HEAD = ("收到时间", "文件名", "报送编号", "sha256", "结论", "与本数的关系")


def history(trace: Trace) -> Section:
    """Part five: the figure in two times, and what became of every file of the unit for this month."""
    months = display.month_name(trace.figure["period"])
    versions = TraceTable(f"{months}这个数的各个版本", _VERSION_HEAD, _version_lines(trace), "还没有任何版本。")
    lines = tuple(_file_line(trace, file) for file in trace.files)
    files = TraceTable(f"{trace.figure['lead_unit_name']}{months}的全部来件", _FILE_HEAD, lines, "没有收到任何文件。")
    return Section("五、这个数的各个版本", tables=(versions, files))


def _version_lines(trace: Trace) -> tuple[Line, ...]:
    befores = (None, *trace.versions[:-1])
    return tuple(
        _version_line(trace, before, version) for before, version in zip(befores, trace.versions, strict=False)
    )


def _version_line(trace: Trace, before: Version | None, version: Version) -> Line:
    file = trace.file(version.submission_id)
    return (
        f"第 {version.revision_no} 版",
        _told(trace, _values(trace, version)),
        words.moment(version.known_from),
        words.moment(version.known_to) if version.known_to else "现行",
        file.file_name,
        _change(trace, before, version),
    )


def _change(trace: Trace, before: Version | None, version: Version) -> str:
    if before is None:
        return "首次接收"
    word = "更正" if _values(trace, version).is_correction else "重报"
    reason = f"；原因：{version.reason}" if version.reason else ""
    return f"{word}：原为 {_told(trace, _values(trace, before))}{reason}"


def _values(trace: Trace, version: Version) -> Values:
    return trace.values[version.submission_id]


def _told(trace: Trace, values: Values) -> str:
    return words.values(values, is_rate=trace.yardstick.is_rate, kind=trace.yardstick.kind)


def _file_line(trace: Trace, file: File) -> Line:
    return (
        words.moment(file.received_at),
        file.file_name,
        file.submission_id,
        words.short(file.sha256),
        words.verdict(file),
        _relation(trace, file),
    )


def _relation(trace: Trace, file: File) -> str:
    if not file.is_published:
        return "发布之后收到，不在这次发布之内"
    revisions = [version.revision_no for version in trace.versions if version.submission_id == file.submission_id]
    if revisions:
        return f"第 {revisions[0]} 版"
    if file.period is None:
        return "读不出报送期，不计入"
    return "本数未变，不另立版本" if file.verdict == "accepted" else f"{words.verdict(file)}，不计入"
