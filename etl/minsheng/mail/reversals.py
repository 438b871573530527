"""The letter that says a file is accepted after all: the rule that had refused it was switched off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from minsheng.landing import Receipt
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.words import display
from minsheng.words.filling import fill

# A file with the month it names.
Accepted = tuple[Receipt, str | None]


def reversals(run: Run, accepted: Sequence[Accepted]) -> Iterator[Addressed]:
    """One letter a unit about its files that count now, each as of the day it came."""
    ordered = sorted(accepted, key=lambda one: (one[0].unit_code, one[0].received_at, one[0].submission_id))
    for unit_code, files in groupby(ordered, key=lambda one: one[0].unit_code):
        yield _letter(run, unit_code, list(files))


def _letter(run: Run, unit_code: str, files: Sequence[Accepted]) -> Addressed:
    said, (receipt, period) = run.wording.reversal, files[-1]
    words = {"unit_name": unit_name(run, receipt.plan_id, unit_code), "count": len(files)}
    points = tuple(fill(said.line, words | _file(*one)) for one in files)
    letter = Letter(fill(said.opening, words), fill(said.closing, words), fill(said.heading, words), points)
    identity = ("reversal", *(one.submission_id for one, _ in files))
    return Addressed("notice", receipt.plan_id, unit_code, period, fill(said.subject, words), identity, letter)


def _file(receipt: Receipt, period: str | None) -> dict[str, object]:
    month = display.month_name(period) if period else ""
    return {"month": month, "name": receipt.file_name, "received": f"{receipt.received_at:%Y-%m-%d %H:%M}"}
