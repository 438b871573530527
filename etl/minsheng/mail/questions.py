"""The letter that asks a unit again why a number is so."""

from __future__ import annotations

from minsheng.landing.reviews import Doubt
from minsheng.mail.letters import Addressed, Letter
from minsheng.mail.senders import unit_name
from minsheng.plan.run import Run
from minsheng.words import display
from minsheng.words.filling import fill


def question_letter(run: Run, doubt: Doubt, reason: str, enquiries: str) -> Addressed:
    """What is doubtful, what the unit said of it, and what the data team still wants to know."""
    said = run.wording.question
    words = {
        "month": display.month_name(doubt.period),
        "unit_name": unit_name(run, doubt.plan_id, doubt.unit_code),
        "place": doubt.about or said.place_unnamed,
        "message": doubt.message,
        "explanation": doubt.explanation or said.nothing_said,
        "reason": reason,
        "enquiries": enquiries,
    }
    letter = Letter(fill(said.opening, words), fill(said.closing, words))
    identity = ("question", *(part or "" for part in vars(doubt).values()), reason)
    subject = fill(said.subject, words)
    return Addressed("question", doubt.plan_id, doubt.unit_code, doubt.period, subject, identity, letter)
