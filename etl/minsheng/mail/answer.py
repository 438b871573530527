"""What a unit is told about its files, in courteous plain Chinese: by mail, or beforehand by ``minsheng check``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from minsheng.core.clock import county_time
from minsheng.core.codes import Severity, Verdict
from minsheng.mail.faults import follow_on, place, stands_there
from minsheng.validation.causes import ToldOnce, told_once
from minsheng.validation.finding import Finding, quoted
from minsheng.words import display
from minsheng.words.chinese import chinese
from minsheng.words.filling import fill
from minsheng.words.letter_words import AnswerWords
from minsheng.words.letters import shipped

# What is told beside the verdict.
_BESIDE: Mapping[Verdict, str] = {
    "accepted": "",
    "rejected": "，请改正后重新报送",
    "duplicate": "，与已接收的文件完全相同，未重复处理",
}
_WEIGHTIEST_FIRST: tuple[Verdict, ...] = ("rejected", "accepted", "duplicate")
# Severity and the heading of its part.
_PARTS: tuple[tuple[Severity, str], ...] = (
    ("reject", "{word}：必须改正的问题（{count} 处，改正后请重新报送整份表）"),
    ("warn", "{word}：请核对的事项（{count} 处，不影响接收）"),
    ("note", "{word}：系统已处理、请知悉的事项（{count} 处）"),
)
_NUMERALS = "一二三"
_MARKED_UP = (
    "附件“{name}”就是贵单位的报表：有问题的单元格已标色并加批注，首页“退回清单”可逐条跳转，改正后可直接用它报送。"
)
_MARKED_UP_CSV = (
    "附件“{name}”是按贵单位报的 CSV 制成的表：有问题的单元格已标色并加批注，首页“退回清单”可逐条跳转。"
    "CSV 只有一张表；应报几张表的，请改正后填入下发的报送表一并报送。"
)
_NOT_MARKED_UP = "这个文件无法作为表格标注后附回，请按上面的提示处理。"


@dataclass(frozen=True)
class Answered:
    """One file and what became of it. ``period`` null: it names no readable month.

    ``marked_up`` is the name of the marked-up workbook sent along, if there is one; ``figures`` what was read in it;
    ``due_at`` the hour by which the unit has to report that month, null: not known; ``is_unsigned``: accepted, and it
    counts when the second person of the unit has confirmed it.
    """

    period: str | None
    file_name: str
    received_at: datetime
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    marked_up: str | None = None
    figures: tuple[str, ...] = ()
    due_at: datetime | None = None
    is_unsigned: bool = False

    @property
    def month(self) -> str:
        """``2022年5月``, or words for a month that could not be read."""
        if self.period is None:
            return "（报送期不明）"
        return display.month_name(self.period)

    @property
    def arrival(self) -> str:
        """The file's name and when it came."""
        return f"文件“{quoted(self.file_name)}”，收到时间 {self.received_at:%Y-%m-%d %H:%M}"

    @property
    def note(self) -> str:
        """Where the marked-up workbook is, of a file that was rejected."""
        words = _MARKED_UP_CSV if self.file_name.lower().endswith(".csv") else _MARKED_UP
        return words.format(name=self.marked_up) if self.marked_up else _NOT_MARKED_UP


@dataclass(frozen=True)
class Answer:
    """All files of one unit that one mail answers, in the order of their arrival; ``words`` frame them."""

    unit_name: str
    files: tuple[Answered, ...]
    words: AnswerWords = field(default_factory=lambda: shipped().answer)

    @property
    def opening(self) -> str:
        """The first sentence."""
        if len(self.files) == 1:
            return fill(self.words.opening, {"month": self.files[0].month, "arrival": self.files[0].arrival})
        return fill(self.words.opening_of_several, {"count": len(self.files)})

    def closing(self, file: Answered) -> tuple[str, ...]:
        """What follows from the verdict, where the marked-up workbook is, and by when it is to come back."""
        if file.verdict == "rejected":
            until = file.due_at and fill(self.words.until, {"due": display.moment_in_words(county_time(file.due_at))})
            return file.note, f"{self.words.rejected}{until or ''}"
        if file.verdict == "duplicate":
            return (self.words.duplicate,)
        return (self.words.accepted_unsigned if file.is_unsigned else self.words.accepted,)

    def heading(self, number: int) -> str:
        """What stands above the part about one of several files."""
        file = self.files[number - 1]
        return f"第 {number} 个文件：{file.month}（{file.arrival}）"


def subject(answer: Answer) -> str:
    """The mail's subject, on one line whatever the files are called."""
    if len(answer.files) == 1:
        told = f"{answer.files[0].month}报表{chinese().verdict[answer.files[0].verdict]}"
    else:
        counts = Counter(file.verdict for file in answer.files)
        each = (f"{chinese().verdict[verdict]}{counts[verdict]}个" for verdict in _WEIGHTIEST_FIRST if counts[verdict])
        told = f"{len(answer.files)}个报表文件" + "、".join(each)
    return quoted(fill(answer.words.subject, {"told": told, "unit_name": answer.unit_name}))


def answer_text(answer: Answer) -> str:
    """The whole answer as plain text."""
    lines = [f"{answer.unit_name}：", "", answer.opening]
    for number, file in enumerate(answer.files, start=1):
        if len(answer.files) > 1:
            lines += ["", f"━━ {answer.heading(number)}"]
        lines += [
            f"{conclusion(file.verdict)}。",
            "",
            *_parts_lines(file.findings),
            *_figures_lines(answer, file),
            *answer.closing(file),
        ]
    return "\n".join(lines) + "\n"


def forecast_text(verdict: Verdict, findings: tuple[Finding, ...]) -> str:
    """What would be answered if the file were sent, every finding in the words of the mail."""
    lines = [f"如果这样报送，{conclusion(verdict)}。", *_parts_lines(findings)]
    return "\n".join(lines).rstrip() + "\n"


def conclusion(verdict: Verdict) -> str:
    """The verdict as it is told, without the full stop."""
    return f"{chinese().thing['verdict']}：{chinese().verdict[verdict]}{_BESIDE[verdict]}"


def parts(findings: tuple[Finding, ...]) -> Iterator[tuple[str, tuple[ToldOnce, ...]]]:
    """Headings with what is told under them, each cause once; what there is none of is left out."""
    numerals, told = iter(_NUMERALS), told_once(findings)
    for severity, heading in _PARTS:
        found = tuple(one for one in told if one.finding.severity == severity)
        if found:
            named = heading.format(word=chinese().severity[severity], count=len(found))
            yield f"{next(numerals)}、{named}", found


def _figures_lines(answer: Answer, file: Answered) -> Iterator[str]:
    if file.figures:
        yield answer.words.figures_heading
        yield from (f"{number}. {line}" for number, line in enumerate(file.figures, start=1))
        yield ""


def _parts_lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    for heading, found in parts(findings):
        yield heading
        for number, told in enumerate(found, start=1):
            yield from _told_lines(number, told)
        yield ""


def _told_lines(number: int, told: ToldOnce) -> Iterator[str]:
    finding = told.finding
    found = stands_there(finding)
    shown = f"（表内是“{found}”）" if found else ""
    yield f"{number}. {place(finding)}：{finding.message}{shown}"
    yield from (f"   {line}" for line in follow_on(told))
    yield f"   → {finding.remedy}"
