"""Every contract: its booleans, days and hours are YAML 1.2's, and whatever is wrong is told in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from examples.scenario import Scenario
from minsheng.core.contracts import Day, Flag, Hour, Strict
from minsheng.core.contracts.document import Document
from minsheng.core.contracts.faults import explain
from minsheng.core.contracts.scalars import Plain
from minsheng.guard.persons import WordList
from minsheng.mail.contacts import Contacts, load_contacts
from minsheng.mail.replies import ReplyRule
from minsheng.plan.form import Form
from minsheng.plan.indicators import Item
from minsheng.plan.models import Calendar, PlanHeader, Reading, Waiver
from minsheng.plan.units import Register, Unit
from minsheng.validation.rules import Rule
from minsheng.warehouse.sqlfiles import Term
from minsheng.words.chinese import Chinese

ROOTS: tuple[type[Strict], ...] = (
    PlanHeader,
    Item,
    Unit,
    Register,
    Calendar,
    Reading,
    Waiver,
    Form,
    Contacts,
    Rule,
    ReplyRule,
    Term,
    WordList,
    Chinese,
    Scenario,
)
JUNK: tuple[object, ...] = (
    None,
    Plain("x"),
    Plain("-1"),
    Plain(""),
    [],
    [Plain("x")],
    {},
    {"x": Plain("y")},
    [None],
    {"x": None},
)
_ENGLISH_SENTENCE = re.compile(r"[a-z]+ [a-z]+ [a-z]+")


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation)
    for part in get_args(annotation):
        yield from models_in(part)


CONTRACTS = sorted({model for root in ROOTS for model in models_in(root)}, key=lambda model: model.__qualname__)


def bare(annotation: object, field: FieldInfo | None = None) -> Iterator[object]:
    """Types that pydantic would fill from words such as ``yes`` or from a number of seconds."""
    if field is not None and field.metadata:
        return
    if annotation in (bool, date, time, datetime):
        yield annotation
    if not hasattr(annotation, "__metadata__"):
        for part in get_args(annotation):
            yield from bare(part)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda model: model.__name__)
def test_no_contract_leaves_a_boolean_or_a_day_to_guesses(contract: type[BaseModel]) -> None:
    found = {name: list(bare(field.annotation, field)) for name, field in contract.model_fields.items()}
    assert {name: types for name, types in found.items() if types} == {}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda model: model.__name__)
def test_whatever_stands_there_is_told_in_chinese(contract: type[BaseModel]) -> None:
    for name in contract.model_fields:
        for junk in JUNK:
            try:
                contract.model_validate({name: junk})
            except ValidationError as error:
                for fault in explain(Document("x.yaml"), contract, error):
                    assert not _ENGLISH_SENTENCE.search(f"{fault.problem} {fault.remedy}"), (name, junk, str(fault))


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "y", "1", "0", "t"])
def test_only_true_and_false_are_booleans(word: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Flag).validate_python(word)


@pytest.mark.parametrize(
    ("kind", "word"),
    [(Day, "1640995200"), (Day, "2022-1-1"), (Day, "2022-02-30"), (Hour, "64800"), (Hour, "6:00"), (Hour, "18:00Z")],
)
def test_a_number_of_seconds_is_no_day_and_no_hour(kind: Any, word: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(word)


def test_a_unit_called_no_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "contacts.yaml"
    path.write_text("data_team: a@b.example\nunits: {NO: [c@d.example], ON: [e@f.example]}\n", encoding="utf-8")
    contacts = load_contacts(path)
    assert contacts is not None
    assert contacts.of("NO") == ("c@d.example",)
    assert set(contacts.units) == {"NO", "ON"}


def test_all_faults_of_the_contacts_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "contacts.yaml"
    path.write_text("data_taem: a@b.example\nunits:\n  rsj: [x]\n", encoding="utf-8")
    with pytest.raises(Exception, match="有 4 处需要改正") as error:
        load_contacts(path)
    for words in (
        "缺少键“data_team”",
        "第 1 行（data_taem）：没有“data_taem”这个键 → 是不是“data_team”？",
        "第 3 行（units.rsj）：这里写的是“rsj” → 应为代码",
        "第 3 行（units.rsj[0]）：这里写的是“x” → 应为邮箱地址",
    ):
        assert words in str(error.value)
