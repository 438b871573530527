"""What a unit is told about its file, in courteous plain Chinese: by mail, and before sending by ``minsheng check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from etl.judging.findings import Finding, quoted
from etl.period import Period

_VERDICTS = {
    "accepted": "已接收",
    "rejected": "已退回，请改正后重新报送",
    "duplicate": "与以前报送的文件完全相同，未重复处理",
}
_FORECASTS = {"accepted": "可以接收", "rejected": "会被退回", "duplicate": _VERDICTS["duplicate"]}
# Severity and the heading of its part.
_PARTS = (
    ("reject", "必须改正的问题（{count} 处，改正后请重新报送整份表）"),
    ("warn", "请核对的事项（{count} 处，不影响接收）"),
    ("note", "系统已自动处理、请知悉的事项（{count} 处）"),
)
_NUMERALS = "一二三"
_CLOSING = {
    "accepted": "数据已计入本月汇总。感谢您的支持！",
    "rejected": (
        "本次报送的数据没有采用；此前已接收的数据不受影响。"
        "请按上面的提示在原表中改正，一次改完后重新报送。如有疑问，请与数据组联系。"
    ),
    "duplicate": "结论与上次相同：上次已接收的，无需再报；上次被退回的，请改正后重新报送。",
}
_STYLE = "font-family:'Microsoft YaHei','PingFang SC',sans-serif;font-size:14px;line-height:1.7;color:#222"
_CELL = 'style="border:1px solid #bbb;padding:4px 8px;vertical-align:top"'
_COLUMNS = ("序号", "位置", "表内是", "问题", "怎样改")


@dataclass(frozen=True)
class Answer:
    """Everything an answer is made of. ``period`` null: the file names no readable month."""

    unit_name: str
    period: str | None
    file_name: str
    received_at: datetime
    verdict: str
    findings: tuple[Finding, ...] = ()

    @property
    def month(self) -> str:
        """``2022年5月``, or words for a month that could not be read."""
        if self.period is None:
            return "（报送期不明）"
        period = Period.parse(self.period)
        return f"{period.year}年{period.month}月"


def subject(answer: Answer) -> str:
    """The mail's subject, on one line whatever the file is called."""
    verdict = _VERDICTS[answer.verdict].split("，")[0]
    return quoted(f"【民生实事月报】{answer.month}报表{verdict}：{answer.unit_name}")


def answer_text(answer: Answer) -> str:
    """The whole answer as plain text."""
    lines = [f"{answer.unit_name}：", "", _opening(answer), f"核对结论：{_VERDICTS[answer.verdict]}。", ""]
    return "\n".join([*lines, *_parts_lines(answer.findings), _CLOSING[answer.verdict]]) + "\n"


def forecast_text(verdict: str, findings: tuple[Finding, ...]) -> str:
    """What would be answered if the file were sent, every finding in the words of the mail."""
    return "\n".join([f"核对结论：{_FORECASTS[verdict]}。", *_parts_lines(findings)]).rstrip() + "\n"


def answer_html(answer: Answer) -> str:
    """The same answer with its findings in tables."""
    parts = "".join(f"<h3>{escape(heading)}</h3>{_table(found)}" for heading, found in _parts(answer.findings))
    return (
        f'<html><body style="{_STYLE}"><p>{escape(answer.unit_name)}：</p><p>{escape(_opening(answer))}<br>'
        f"核对结论：<b>{escape(_VERDICTS[answer.verdict])}</b>。</p>{parts}<p>{escape(_CLOSING[answer.verdict])}</p>"
        "</body></html>"
    )


def place(finding: Finding) -> str:
    """Where a finding stands: ``填报!G7``, the sheet, or the file."""
    sheet = quoted(finding.sheet or "")
    return f"{sheet}!{finding.cell}" if sheet and finding.cell else sheet or "整个文件"


def _parts(findings: tuple[Finding, ...]) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Headings with their findings; what there is none of is left out."""
    numerals = iter(_NUMERALS)
    for severity, heading in _PARTS:
        found = tuple(finding for finding in findings if finding.severity == severity)
        if found:
            yield f"{next(numerals)}、{heading.format(count=len(found))}", found


def _parts_lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    for heading, found in _parts(findings):
        yield heading
        for number, finding in enumerate(found, start=1):
            yield from _finding_lines(number, finding)
        yield ""


def _opening(answer: Answer) -> str:
    return (
        f"您好！贵单位报送的{answer.month}民生实事报表（文件“{quoted(answer.file_name)}”，"
        f"收到时间 {answer.received_at:%Y-%m-%d %H:%M}）已经核对。"
    )


def _finding_lines(number: int, finding: Finding) -> list[str]:
    found = f"（表内是“{finding.found}”）" if finding.found and finding.found not in finding.message else ""
    return [f"{number}. [{place(finding)}] {finding.message}{found}", f"   → {finding.remedy}"]


def _table(found: tuple[Finding, ...]) -> str:
    head = "".join(f"<th {_CELL}>{name}</th>" for name in _COLUMNS)
    rows = "".join(
        "<tr>" + "".join(f"<td {_CELL}>{escape(text)}</td>" for text in _row(number, finding)) + "</tr>"
        for number, finding in enumerate(found, start=1)
    )
    return f'<table style="border-collapse:collapse"><tr>{head}</tr>{rows}</table>'


def _row(number: int, finding: Finding) -> tuple[str, ...]:
    return str(number), place(finding), finding.found or "", finding.message, finding.remedy
