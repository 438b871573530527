"""What every code is called in Chinese, read from ``zh.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import Field

from minsheng.core.codes import (
    BulletinVerdict,
    Cause,
    CellReading,
    Comparator,
    DecisionKind,
    DueRoll,
    ExplanationState,
    FactType,
    Kind,
    Light,
    MailKind,
    MailState,
    Polarity,
    ProgressBasis,
    PublicationChange,
    RatioSpan,
    ReasonCode,
    RegisterScope,
    RelationType,
    Result,
    Role,
    Scope,
    Severity,
    Stage,
    StatusCode,
    SubmissionStatus,
    Timing,
    UnitType,
    ValueType,
    Verdict,
)
from minsheng.core.contracts import Strict, load

FILE = Path(__file__).with_name("zh.yaml")


class Chinese(Strict):
    """Code and word of every vocabulary; ``falling_comparator`` is for what is better the lower it is.

    ``never`` and ``not_`` list, by ``vocabulary.code``, words that must not be said instead; only a test reads them.
    """

    severity: Mapping[Severity, str]
    verdict: Mapping[Verdict, str]
    submission_status: Mapping[SubmissionStatus, str]
    timing: Mapping[Timing, str]
    role: Mapping[Role, str]
    kind: Mapping[Kind, str]
    comparator: Mapping[Comparator, str]
    falling_comparator: Mapping[Comparator, str]
    polarity: Mapping[Polarity, str]
    progress_basis: Mapping[ProgressBasis, str]
    register_scope: Mapping[RegisterScope, str]
    value_type: Mapping[ValueType, str]
    ratio_of: Mapping[RatioSpan, str]
    relation_type: Mapping[RelationType, str]
    due_roll: Mapping[DueRoll, str]
    unit_type: Mapping[UnitType, str]
    fact_type: Mapping[FactType, str]
    status_code: Mapping[StatusCode, str]
    reason_code: Mapping[ReasonCode, str]
    change_code: Mapping[PublicationChange, str]
    decision_kind: Mapping[DecisionKind, str]
    bulletin_verdict: Mapping[BulletinVerdict, str]
    light: Mapping[Light, str]
    explanation_state: Mapping[ExplanationState, str]
    mail_kind: Mapping[MailKind, str]
    mail_state: Mapping[MailState, str]
    scope: Mapping[Scope, str]
    cell_reading: Mapping[CellReading, str]
    result: Mapping[Result, str]
    stage: Mapping[Stage, str]
    cause: Mapping[Cause, str]
    still_works: Mapping[Cause, str]
    cause_remedy: Mapping[Cause, str]
    field: Mapping[str, str]
    thing: Mapping[str, str]
    never: Mapping[str, tuple[str, ...]]
    not_: Mapping[str, tuple[str, ...]] = Field(alias="not")


@cache
def chinese() -> Chinese:
    """All of them; raises ValueError where a code has no word, or a word no code."""
    found = load(FILE, Chinese, "etl/minsheng/core/codes.py")
    for name, codes in vocabularies():
        if missing := set(codes) - getattr(found, name).keys():
            raise ValueError(f"{FILE.name}: {name}: no word for {', '.join(sorted(missing))}")
    return found


def vocabularies() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The closed vocabularies: each with its codes in their order."""
    for name, field in Chinese.model_fields.items():
        codes = get_args(get_args(field.annotation)[0])
        if codes:
            yield name, codes


def words_of(codes: Iterable[str]) -> Mapping[str, str]:
    """The words of the vocabulary these codes are; empty where they are none."""
    wanted = set(codes)
    return next((getattr(chinese(), name) for name, known in vocabularies() if set(known) == wanted), {})


class _Listed(dict[str, str]):
    """A vocabulary that is written as ``listed`` where it is named as a whole."""

    def __format__(self, spec: str) -> str:
        return listed(self)


def with_words(text: str) -> str:
    """A text with its ``{kind}`` and ``{kind[flow]}`` filled in: all codes with their words, and one word."""
    return text.format_map({name: _Listed(getattr(chinese(), name)) for name, _ in vocabularies()})


def listed(vocabulary: Mapping[Any, str]) -> str:
    """A vocabulary in a line: ``reject 退回，warn 提醒，note 告知``."""
    return "，".join(f"{code} {word}" for code, word in vocabulary.items())
