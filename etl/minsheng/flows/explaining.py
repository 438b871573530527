"""Explanations typed beside a file's doubts, written into its 退回清单: from there on it is a file like any other.

There is no second way: what is typed on the page is read, guarded, kept and traced where it stands, in a cell of the
file that is handed in (docs/adr/0036).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath

from minsheng.core.errors import UserError
from minsheng.guard import kind_in_words
from minsheng.mail.faults import place
from minsheng.mail.marking import MarkUp
from minsheng.parsing.lexicon import Lexicon
from minsheng.spreadsheet.book import Book
from minsheng.validation.finding import Finding

_KEY_LENGTH = 16


def doubt_key(finding: Finding) -> str:
    """Names a doubt and the number it is about: another number in the same cell is another doubt."""
    return sha256(f"{finding.reference}\n{finding.found}".encode()).hexdigest()[:_KEY_LENGTH]


def explained(findings: Iterable[Finding], said: Mapping[str, str]) -> tuple[Finding, ...] | None:
    """The findings with what is said of them, by ``doubt_key``; None: nothing is said of any that still asks why."""
    before = tuple(findings)
    after = tuple(_explained(one, said) for one in before)
    return after if after != before else None


def refuse_personal(before: Iterable[Finding], after: Iterable[Finding], lexicon: Lexicon) -> None:
    """Raise UserError where what is newly said of a doubt holds personal data: no file has it yet."""
    for finding, told in zip(before, after, strict=True):
        is_new = told.explanation is not None and told != finding
        if is_new and kind_in_words(told.explanation or "", lexicon):
            raise UserError("explanation_personal", place(finding))


def with_explanations(
    mark_up: MarkUp, content: bytes, book: Book, name: str, findings: tuple[Finding, ...], moment: datetime
) -> tuple[str, bytes]:
    """The file with its doubts explained in 退回清单, and what it is called; the same all day long.

    Raises UserError when nothing can be written into it.
    """
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    marked = mark_up(content, book, name, findings, day)
    if marked is None:
        raise UserError("explanation_unwritable", name)
    return f"{PurePosixPath(name).stem}.xlsx", marked.content


def _explained(finding: Finding, said: Mapping[str, str]) -> Finding:
    why = said.get(doubt_key(finding), "").strip()
    return replace(finding, explanation=why) if why and finding.asks_why and not finding.explanation else finding
