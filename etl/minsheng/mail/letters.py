"""Letters: mails that answer no file of their unit. What one says is a row beside the mail, written with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from minsheng.core.home import Home
from minsheng.mail.message import Attachment
from minsheng.mail.page import letter_html
from minsheng.plan.run import Run
from minsheng.validation.findings import quoted
from minsheng.warehouse.connection import Connection, append

# What others sent concerns the unit; its form is made again.
Kind = Literal["notice", "form"]


@dataclass(frozen=True)
class Letter:
    """What it says: paragraphs, parted by empty lines, before and after ``points`` that are numbered under ``heading``.

    ``workbook``: a path below the home; the file goes along as it is when the mail is written.
    """

    opening: str
    closing: str
    heading: str = ""
    points: tuple[str, ...] = ()
    workbook: str | None = None

    def text(self, unit_name: str) -> str:
        """The letter as plain text."""
        numbered = (f"{number}. {point}" for number, point in enumerate(self.points, start=1))
        told = "\n".join((self.heading, *numbered)) if self.points else ""
        return "\n\n".join(filter(None, (f"{unit_name}：", self.opening, told, self.closing))) + "\n"

    def html(self, unit_name: str) -> str:
        """The same as the HTML part of a mail."""
        return letter_html(unit_name, self.opening, self.heading, self.points, self.closing)

    def attachments(self, home: Home) -> tuple[Attachment, ...]:
        """The workbook, if one goes along; raises FileNotFoundError when it is not there."""
        if self.workbook is None:
            return ()
        path = home.root / self.workbook
        return (Attachment(path.name, path.read_bytes()),)


@dataclass(frozen=True)
class Addressed:
    """A letter and whom it is for; of the same ``identity`` there is one mail, however often it is queued."""

    kind: Kind
    plan_id: str
    unit_code: str
    subject: str
    identity: tuple[str, ...]
    letter: Letter

    @property
    def mail_id(self) -> str:
        """Made from the identity."""
        return hashlib.sha256("\n".join(self.identity).encode()).hexdigest()[:16]


def queue_letters(connection: Connection, run: Run, letters: Sequence[Addressed]) -> None:
    """Write those that are not written yet, inside the caller's transaction."""
    asked = [[one.mail_id for one in letters]]
    query = "select mail_id from raw.mail where list_contains(?, mail_id)"
    known = {mail_id for (mail_id,) in connection.execute(query, asked).fetchall()}
    fresh = [one for one in letters if one.mail_id not in known]
    append(connection, "raw.mail", (_mail_row(run, one) for one in fresh))
    append(connection, "raw.letter", (_letter_row(one) for one in fresh))


def read_letter(connection: Connection, mail_id: str) -> Letter | None:
    """What the mail with this id says; None: it answers files."""
    query = "select opening, closing, heading, points, workbook from raw.letter where mail_id = ?"
    found = connection.execute(query, [mail_id]).fetchone()
    if found is None:
        return None
    opening, closing, heading, points, workbook = found
    return Letter(opening, closing, heading, tuple(json.loads(points)), workbook)


def _mail_row(run: Run, one: Addressed) -> dict[str, object]:
    return {
        "mail_id": one.mail_id,
        "plan_id": one.plan_id,
        "unit_code": one.unit_code,
        "kind": one.kind,
        "subject": quoted(one.subject),
        "queued_at": run.as_of,
    }


def _letter_row(one: Addressed) -> dict[str, object]:
    letter = one.letter
    points = json.dumps(letter.points, ensure_ascii=False)
    return {"mail_id": one.mail_id} | vars(letter) | {"points": points}
