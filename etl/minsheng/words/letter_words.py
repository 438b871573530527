"""What each kind of letter says: which sentences it has, and which names may stand in them (docs/adr/0033)."""

from __future__ import annotations

from minsheng.core.contracts import Strict
from minsheng.words.filling import Sentences, Text, fill


class CommonWords(Sentences):
    """What several letters say, and what offices are called."""

    names = ("telephone", "unit_name", "count")

    how_to_send: Text
    form_how_to_send: Text
    enquiries: Text
    enquiries_without_telephone: Text
    data_team: Text
    supervision_office: Text
    leaders: Text
    superior: Text
    signer: Text
    stranger: Text
    and_more: Text


class LetterWords(Sentences):
    """What every letter has: its subject, and what stands before and after the points it may list."""

    subject: Text
    opening: Text
    closing: str


class ListWords(LetterWords):
    """A letter that lists something: what stands above, and a line for each."""

    heading: Text
    line: Text


class OwedWords(Sentences):
    """How a report stands that is still owed."""

    state_missing: Text
    state_rejected: Text
    state_unsigned: Text


class OpeningWords(ListWords):
    """The month is open, here is the form."""

    names = (
        "month", "unit_name", "name", "due", "due_day", "due_hour", "moved", "how_to_send", "enquiries", "last_month",
        "indicator_name", "figures", "nominal", "rules",
    )  # fmt: skip

    moved: str
    worked: str
    new_rules: str


class ReminderWords(LetterWords, OwedWords):
    """A report is still owed."""

    names = ("month", "unit_name", "name", "due", "due_hour", "when", "state", "count", "how_to_send", "enquiries")

    when_before: Text
    when_today: Text
    when_after: Text
    closing_unsigned: Text


class EscalationWords(ListWords, OwedWords):
    """A report is still owed long after the due hour: to those who can press for it."""

    names = (
        "month", "units", "due", "freeze", "count", "count_units", "unit_name", "state", "enquiries",
    )  # fmt: skip


class LateListWords(ListWords, OwedWords):
    """Who owes a report at the due hour, or at the freeze."""

    names = (
        "month", "when", "moment", "due", "freeze", "count_owed", "count_units", "unit_name", "state", "owed",
        "enquiries",
    )  # fmt: skip

    when_due: Text
    when_frozen: Text


class FeedbackWords(ListWords):
    """The month is frozen: how the unit stands."""

    names = (
        "month", "unit_name", "name", "report", "indicator_name", "actual", "target", "ratio", "light", "status",
        "trend", "corrections", "difference", "note", "count", "rank", "next", "next_month", "next_due", "enquiries",
    )  # fmt: skip

    report_on_time: str
    report_late: str
    report_supplementary: str
    report_missed: str
    report_unsigned: str
    report_not_asked: str
    trend_up: str
    trend_down: str
    trend_same: str
    corrected: str
    ranked: str
    next: str
    last: str


class BulletinWords(LetterWords):
    """A bulletin was issued."""

    names = ("month", "number", "by", "day", "freeze", "enquiries")


class ExcessWords(LetterWords):
    """Supporting units have come to more than the lead unit's total."""

    names = (
        "month", "unit_name", "indicator_name", "indicator_code", "cumulative", "contributor_count", "contributed",
        "excess",
    )  # fmt: skip


class ExtensionWords(LetterWords):
    """Longer to report a month, or no longer."""

    names = ("month", "unit_name", "change", "due", "document")

    changed: Text
    changed_back: Text


class ReopeningWords(LetterWords):
    """One figure of a closed month may be changed."""

    names = ("month", "unit_name", "indicator_name", "due", "document")


class ReversalWords(ListWords):
    """Files that had gone back are accepted: the rule that refused them was wrong."""

    names = ("unit_name", "count", "month", "name", "received")


class FormWords(LetterWords):
    """A form that was made again."""

    names = ("month", "unit_name", "name", "enquiries")

    heading: Text


class StrangerWords(LetterWords):
    """Somebody wrote whom the contacts do not know."""

    names = ("address", "enquiries")


class QuestionWords(LetterWords):
    """The data team asks again why a number is so."""

    names = ("month", "unit_name", "place", "message", "explanation", "reason", "enquiries")

    place_unnamed: Text
    nothing_said: Text


class SigningWords(ListWords):
    """A report waits for its second person's signature; what came of it, by results of ``warehouse/signing.py``."""

    names = ("month", "unit_name", "name", "received", "enquiries", "signed", "by", "told", "reason")

    answer_subject: Text
    answer: Text
    signed: Text
    again: Text
    replaced: Text
    closed: Text
    not_asked: Text
    unknown: Text
    wrong_person: Text
    unclear: Text
    unrelated: Text
    late: Text
    supplementary: Text
    subject_signed: Text
    told_signed: Text
    subject_withdrawn: Text
    told_withdrawn: Text


class AnswerWords(Sentences):
    """What frames the answer to files; ``line`` is for each figure that was accepted."""

    names = (
        "told", "unit_name", "month", "arrival", "count", "indicator_name", "figures", "standing", "ratio", "light",
        "status", "due",
    )  # fmt: skip

    subject: Text
    opening: Text
    opening_of_several: Text
    accepted: Text
    accepted_unsigned: Text
    rejected: Text
    until: str
    duplicate: Text
    figures_heading: Text
    line: Text
    standing: str


class Wording(Strict):
    """All of a county's letters."""

    common: CommonWords
    opening: OpeningWords
    reminder: ReminderWords
    escalation: EscalationWords
    late_list: LateListWords
    feedback: FeedbackWords
    bulletin: BulletinWords
    excess: ExcessWords
    extension: ExtensionWords
    reopening: ReopeningWords
    reversal: ReversalWords
    form: FormWords
    stranger: StrangerWords
    question: QuestionWords
    signing: SigningWords
    answer: AnswerWords

    def enquiries(self, telephone: str | None) -> str:
        """Whom to ask."""
        if telephone is None:
            return self.common.enquiries_without_telephone
        return fill(self.common.enquiries, {"telephone": telephone})
