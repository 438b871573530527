"""Letters: mails that answer no file of their unit. What one says is a row, written with the mail that brings it.

All letters of a unit that are queued together go in one mail (docs/adr/0033).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from minsheng.core.codes import MailKind
from minsheng.core.home import Home
from minsheng.mail.message import Attachment
from minsheng.mail.page import letters_html
from minsheng.mail.queue import answered_before
from minsheng.plan.run import Run
from minsheng.validation.finding import quoted
from minsheng.warehouse.connection import Connection, append
from minsheng.words import display
from minsheng.words.chinese import chinese
from minsheng.words.filling import fill

# Of several letters in one mail, what is to be done comes first; the first one gives the mail its subject.
_ORDER: tuple[MailKind, ...] = (
    "reminder",
    "opening",
    "form",
    "question",
    "signing",
    "notice",
    "feedback",
    "escalation",
    "late_list",
    "bulletin",
    "stranger",
)
_LETTERS = """
    select mail_id, coalesce(letter_id, mail_id), title, opening, closing, heading, points, workbook
    from raw.letter
    where list_contains(?, mail_id)
    order by mail_id, letter_no
"""
_KNOWN = "select coalesce(letter_id, mail_id) from raw.letter where list_contains(?, coalesce(letter_id, mail_id))"


@dataclass(frozen=True)
class Letter:
    """What it says: paragraphs, parted by empty lines, before and after ``points`` that are numbered under ``heading``.

    ``title`` is shown where a mail brings several. ``workbook``: a path below the home, or several, a line each; the
    files go along as they are when the mail is written.
    """

    opening: str
    closing: str
    heading: str = ""
    points: tuple[str, ...] = ()
    workbook: str | None = None
    title: str = ""

    @property
    def text(self) -> str:
        """The letter as plain text, without a greeting."""
        numbered = (f"{number}. {point}" for number, point in enumerate(self.points, start=1))
        told = "\n".join((self.heading, *numbered)) if self.points else ""
        return "\n\n".join(filter(None, (self.opening, told, self.closing)))

    def attachments(self, home: Home) -> tuple[Attachment, ...]:
        """What goes along; raises FileNotFoundError when it is not there."""
        paths = [home.root / line for line in (self.workbook or "").splitlines()]
        return tuple(Attachment(path.name, path.read_bytes()) for path in paths)


@dataclass(frozen=True)
class Addressed:
    """A letter and whom it is for; of the same ``identity`` there is one, however often queued.

    ``period``: the month it is about; null: about none.
    """

    kind: MailKind
    plan_id: str
    unit_code: str
    period: str | None
    subject: str
    identity: tuple[str, ...]
    letter: Letter

    @property
    def letter_id(self) -> str:
        """Made from the identity."""
        return letter_id_of(self.identity)

    @property
    def title(self) -> str:
        """What it is called among several."""
        kind = chinese().mail_kind[self.kind]
        return f"{kind}（{display.month_name(self.period)}）" if self.period else kind


@dataclass(frozen=True)
class Bundle:
    """The letters of one mail, in their order."""

    letters: tuple[Addressed, ...]

    @property
    def mail_id(self) -> str:
        """A single letter's own; of several, made from theirs."""
        ids = [one.letter_id for one in self.letters]
        return ids[0] if len(ids) == 1 else _digest(sorted(ids))

    def subject(self, run: Run) -> str:
        """That of the first letter, and how many others there are."""
        others = len(self.letters) - 1
        return self.letters[0].subject + (fill(run.wording.common.and_more, {"count": others}) if others else "")


def letter_id_of(identity: tuple[str, ...]) -> str:
    """The id of the letter with this identity."""
    return _digest(identity)


def bundles(letters: Iterable[Addressed]) -> Iterator[Bundle]:
    """Letters put together by whom they are for."""
    by_unit: dict[str, list[Addressed]] = {}
    for letter in sorted(letters, key=lambda one: (one.unit_code, _ORDER.index(one.kind), one.period or "")):
        by_unit.setdefault(letter.unit_code, []).append(letter)
    return (Bundle(tuple(each)) for each in by_unit.values())


def queue_letters(
    connection: Connection, run: Run, letters: Sequence[Addressed], told_at: datetime | None = None
) -> tuple[Bundle, ...]:
    """Write those that are not written yet, inside the caller's transaction; gives the mails that bring them.

    ``told_at``: they were sent by then, as far as is known, and are not sent again.
    """
    if not letters:
        return ()
    queued = tuple(bundles(_fresh(connection, run, letters)))
    append(connection, "raw.mail", (_mail_row(run, one) | {"sent_at": told_at} for one in queued))
    append(connection, "raw.letter", (row for one in queued for row in _letter_rows(one)))
    return queued


def read_letters(connection: Connection, mail_ids: Sequence[str]) -> dict[str, dict[str, Letter]]:
    """What each of these mails brings, in order: letters by their ids. A mail that answers files is not in it."""
    brought: dict[str, dict[str, Letter]] = {}
    rows = connection.execute(_LETTERS, [list(mail_ids)]).fetchall()
    for mail_id, letter_id, title, opening, closing, heading, points, workbook in rows:
        letter = Letter(opening, closing, heading, tuple(json.loads(points)), workbook, title or "")
        brought.setdefault(mail_id, {})[letter_id] = letter
    return brought


def text_of(unit_name: str, letters: Sequence[Letter]) -> str:
    """All of a mail's letters as plain text."""
    several = len(letters) > 1
    told = (f"━━ {letter.title}\n\n{letter.text}" if several else letter.text for letter in letters)
    return "\n\n".join((f"{unit_name}：", *told)) + "\n"


def html_of(unit_name: str, letters: Sequence[Letter]) -> str:
    """The same as the HTML part of a mail."""
    several = len(letters) > 1
    return letters_html(
        unit_name,
        [(one.title if several else "", one.opening, one.heading, one.points, one.closing) for one in letters],
    )


def _fresh(connection: Connection, run: Run, letters: Sequence[Addressed]) -> list[Addressed]:
    """Those that neither the warehouse knows nor a mail in the outbox brings: a warehouse may have been made anew."""
    known = {each for (each,) in connection.execute(_KNOWN, [[one.letter_id for one in letters]]).fetchall()}
    unknown = {one.letter_id: one for one in letters if one.letter_id not in known}.values()
    brought = {unit: answered_before(run.home, unit) for unit in {one.unit_code for one in unknown}}
    return [one for one in unknown if one.letter_id not in brought[one.unit_code]]


def _mail_row(run: Run, bundle: Bundle) -> dict[str, object]:
    first = bundle.letters[0]
    return {
        "mail_id": bundle.mail_id,
        "plan_id": first.plan_id,
        "unit_code": first.unit_code,
        "period": first.period,
        "kind": first.kind,
        "subject": quoted(bundle.subject(run)),
        "queued_at": run.as_of,
    }


def _letter_rows(bundle: Bundle) -> Iterator[dict[str, object]]:
    for number, one in enumerate(bundle.letters, start=1):
        points = json.dumps(one.letter.points, ensure_ascii=False)
        keys = {"mail_id": bundle.mail_id, "letter_no": number, "letter_id": one.letter_id, "kind": one.kind}
        about = {"plan_id": one.plan_id, "period": one.period}
        yield keys | about | vars(one.letter) | {"points": points, "title": one.title}


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
