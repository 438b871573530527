"""What letters say: the sentences that ship with the project, and what a county says otherwise (docs/adr/0033)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from minsheng.core.contracts import Strict, allowed, load, read_document

FILE = Path(__file__).with_name("letters.zh.yaml")
GUIDE = "docs/letters.md（文件位置由 MINSHENG_LETTERS 指定）"

_UNCLOSED = "应为成对的花括号；要写花括号本身，请写两次"
_UNKNOWN = "没有“{name}”可填：{options}"
_BARE = "花括号中只写名称，不带“!”“:”"


class Sentences(Strict):
    """The sentences of one kind of letter; ``names`` are those that may stand in braces in them."""

    names: ClassVar[tuple[str, ...]] = ()

    @field_validator("*")
    @classmethod
    def _can_be_filled_in(cls, text: str) -> str:
        for name in _named(text):
            if name not in cls.names:
                options = allowed(name, cls.names)
                raise PydanticCustomError(
                    "name_unknown", "{told}", {"told": _UNKNOWN.format(name=name, options=options)}
                )
        return text


Text = Annotated[str, Field(min_length=1)]


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


class OpeningWords(ListWords):
    """The month is open, here is the form."""

    names = (
        "month", "unit_name", "name", "due", "due_day", "due_hour", "moved", "how_to_send", "enquiries", "last_month",
        "indicator_name", "figures", "nominal", "rules",
    )  # fmt: skip

    moved: str
    worked: str
    new_rules: str


class ReminderWords(LetterWords):
    """A report is still owed."""

    names = ("month", "unit_name", "name", "due", "due_hour", "when", "state", "count", "how_to_send", "enquiries")

    when_before: Text
    when_today: Text
    when_after: Text
    state_missing: Text
    state_rejected: Text
    state_unsigned: Text
    closing_unsigned: Text


class EscalationWords(ListWords):
    """A report is still owed long after the due hour: to those who can press for it."""

    names = (
        "month", "units", "due", "freeze", "count", "count_units", "unit_name", "state", "enquiries",
    )  # fmt: skip

    state_missing: Text
    state_rejected: Text
    state_unsigned: Text


class LateListWords(ListWords):
    """Who owes a report at the due hour, or at the freeze."""

    names = (
        "month", "when", "moment", "due", "freeze", "count_owed", "count_units", "unit_name", "state", "owed",
        "enquiries",
    )  # fmt: skip

    when_due: Text
    when_frozen: Text
    state_missing: Text
    state_rejected: Text
    state_unsigned: Text


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


def fill(text: str, words: Mapping[str, object]) -> str:
    """A sentence with its names filled in; one that has nothing to say in this part of the letter is left out."""
    return text.format_map(defaultdict(str, words))


@cache
def shipped() -> Wording:
    """What is said where the county says nothing else."""
    return load(FILE, Wording, FILE.name)


def county_wording(path: Path | None, county: str) -> Wording:
    """What a county's letters say: its own sentences over those that are shipped.

    ``path``: a file, or a folder with a ``<county>.yaml`` for each county that has one; null: there are none. Raises
    UserError that lists every fault of the file.
    """
    own = path / f"{county}.yaml" if path and path.is_dir() else path
    if own is None or (path != own and not own.exists()):
        return shipped()
    return load(own, Annotated[Wording, BeforeValidator(_over_shipped)], GUIDE)  # type: ignore[arg-type]


def _over_shipped(said: object) -> object:
    """A county's parts put over the shipped ones; what is no part is left for the contract to refuse."""
    if not isinstance(said, Mapping):
        return said
    parts = read_document(FILE.parent, FILE.name, FILE.name).data
    assert isinstance(parts, Mapping)
    return {**parts, **{kind: _over(parts.get(kind), own) for kind, own in said.items()}}


def _over(parts: object, own: object) -> object:
    return {**parts, **own} if isinstance(parts, Mapping) and isinstance(own, Mapping) else own


def _named(text: str) -> list[str]:
    """What stands in braces; raises a fault of the contract where they do not match, or hold more than a name."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        raise PydanticCustomError("braces_unclosed", "{told}", {"told": _UNCLOSED}) from None
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise PydanticCustomError("braces_with_more", "{told}", {"told": _BARE})
    return [name for _, name, _, _ in parts if name is not None]
