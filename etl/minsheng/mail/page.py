"""The answer as the HTML part of a mail: tables and inline styles only, which is what Outlook and Foxmail show.

One finding is one row that reads from top to bottom, so that it fits a phone as well as a desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from minsheng.mail.answer import Answer, Answered, conclusion, parts
from minsheng.mail.faults import follow_on, place, stands_there
from minsheng.validation.causes import ToldOnce

_BODY = (
    "margin:0;padding:16px;background:#ffffff;color:#222222;font-size:15px;line-height:1.7;"
    "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif"
)
_TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse{}">'
# Verdict or severity: colour of its mark, and of what lies behind it.
_COLOURS = {
    "rejected": ("#b3261e", "#fdecea"),
    "accepted": ("#1b6e3c", "#e8f5ec"),
    "duplicate": ("#555555", "#f1f1f1"),
    "reject": ("#b3261e", "#fdecea"),
    "warn": ("#8a5a00", "#fff6dd"),
    "note": ("#555555", "#f5f5f5"),
}
_HEADING = "margin:20px 0 6px;font-size:15px;font-weight:bold"
_NEXT_FILE = f"{_HEADING};margin-top:28px;border-top:2px solid #d9d9d9;padding-top:14px"
_LINE = "border-bottom:1px solid #e3e3e3;padding:8px 10px;vertical-align:top"
_WRAP = "word-break:break-word;overflow-wrap:anywhere"


def answer_html(answer: Answer) -> str:
    """The same answer as the text, one block a file."""
    blocks = "".join(_file(answer, number) for number in range(1, len(answer.files) + 1))
    return _page(answer.unit_name, f"<p>{escape(answer.opening)}</p>{blocks}")


def letters_html(unit_name: str, letters: Sequence[tuple[str, str, str, Sequence[str], str]]) -> str:
    """Letters that answer no file, one below the other.

    Of each a title, if there is one, what it is about, the heading of a list and the list, and what to do.
    """
    return _page(unit_name, "".join(_letter(*letter) for letter in letters))


def _letter(title: str, opening: str, heading: str, points: Sequence[str], closing: str) -> str:
    titled = f'<p style="{_NEXT_FILE};{_WRAP}">{escape(title)}</p>' if title else ""
    return titled + _paragraphs(opening) + _list(heading, points) + _paragraphs(closing)


def _list(heading: str, points: Sequence[str]) -> str:
    if not points:
        return ""
    rows = "".join(_point(number, point) for number, point in enumerate(points, start=1))
    return f'<p style="{_HEADING}">{escape(heading)}</p>{_TABLE.format(";border-top:1px solid #e3e3e3")}{rows}</table>'


def _paragraphs(text: str) -> str:
    """Text with an empty line between paragraphs."""
    return "".join(f"<p>{escape(one)}</p>" for one in text.split("\n\n") if one)


def _page(unit_name: str, blocks: str) -> str:
    return (
        '<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f'<body style="{_BODY}"><div style="max-width:760px"><p>{escape(unit_name)}：</p>'
        f"{blocks}</div></body></html>"
    )


def _point(number: int, point: str) -> str:
    colour, behind = _COLOURS["note"]
    return (
        f'<tr><td width="34" align="center" bgcolor="{behind}" style="{_LINE};color:{colour}"><b>{number}</b></td>'
        f'<td style="{_LINE};{_WRAP}">{escape(point)}</td></tr>'
    )


def _file(answer: Answer, number: int) -> str:
    file = answer.files[number - 1]
    several = len(answer.files) > 1
    heading = f'<p style="{_NEXT_FILE};{_WRAP}">{escape(answer.heading(number))}</p>' if several else ""
    found = "".join(f'<p style="{_HEADING}">{escape(title)}</p>{_table(part)}' for title, part in parts(file.findings))
    closing = "".join(f"<p>{escape(sentence)}</p>" for sentence in answer.closing(file))
    return heading + _verdict(file) + found + _list(answer.words.figures_heading, file.figures) + closing


def _verdict(file: Answered) -> str:
    colour, behind = _COLOURS[file.verdict]
    cell = f"padding:10px 12px;background:{behind};border-left:4px solid {colour};color:{colour}"
    words = f"<b>{escape(conclusion(file.verdict))}</b>。"
    return f'{_TABLE.format("")}<tr><td bgcolor="{behind}" style="{cell}">{words}</td></tr></table>'


def _table(found: tuple[ToldOnce, ...]) -> str:
    rows = "".join(_row(number, told) for number, told in enumerate(found, start=1))
    return f"{_TABLE.format(';border-top:1px solid #e3e3e3')}{rows}</table>"


def _row(number: int, told: ToldOnce) -> str:
    finding = told.finding
    follows = "".join(f"{escape(line)}<br>" for line in follow_on(told))
    colour, behind = _COLOURS[finding.severity]
    stands = stands_there(finding)
    shown = f"　表内是“{escape(stands)}”" if stands else ""
    return (
        f'<tr><td width="34" align="center" bgcolor="{behind}" style="{_LINE};color:{colour}"><b>{number}</b></td>'
        f'<td style="{_LINE};{_WRAP}"><b style="color:{colour}">{escape(place(finding))}</b>{shown}<br>'
        f"{escape(finding.message)}<br>{follows}<b>怎样改：</b>{escape(finding.remedy)}</td></tr>"
    )
