"""The letter with a form that was made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.words import display
from minsheng.words.filling import fill


@dataclass(frozen=True)
class RenewedForm:
    """A unit's form for a month, where it lies below the home, and what is ``different`` in it, a line each.

    ``told`` tells one change from another: a content that comes back later is told again.
    """

    plan_id: str
    period: str
    unit_code: str
    workbook: PurePosixPath
    different: Sequence[str]
    told: tuple[str, ...]


def renewed_form(run: Run, form: RenewedForm, enquiries: str) -> Addressed:
    """What is different in the new form, and the form."""
    said = run.wording.form
    words = {
        "month": display.month_name(form.period),
        "name": form.workbook.name,
        "unit_name": unit_name(run, form.plan_id, form.unit_code),
        "enquiries": enquiries,
    }
    opening, closing, heading = (fill(each, words) for each in (said.opening, said.closing, said.heading))
    letter = Letter(opening, closing, heading, tuple(form.different), form.workbook.as_posix())
    identity = ("form", form.plan_id, form.period, form.unit_code, *form.told)
    return Addressed("form", form.plan_id, form.unit_code, form.period, fill(said.subject, words), identity, letter)
