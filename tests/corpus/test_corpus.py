"""Every file of the corpus is judged as its line says, and gives exactly the numbers that were meant."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from minsheng.core.declarations import RULES
from minsheng.core.home import Home
from minsheng.validation.expectations import evaluate
from minsheng.validation.facts import read_facts
from minsheng.validation.rules import load_rules
from minsheng.validation.screening import can_fire
from minsheng.warehouse.connection import open_warehouse
from tests.corpus.case import FILES, Sent, Values, history, must_load, sent_files
from tests.corpus.judging import Fate
from tests.corpus.report import disagreements, is_wrongly_loaded, wrong_numbers

# The lines of the list of bad inputs this corpus was begun from; the gaps are in the list.
_INPUTS = {*range(1, 72)} - {3, 5, 11, 16, 24, 27, 28, 33, 39, 44, 48, 51, 53, 54, 58, 62, 65, 69, 70}
SENT = sent_files()

each_file = pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)


@pytest.mark.slow
@each_file
def test_file_is_judged_as_it_must_be(
    sent: Sent, found: Mapping[str, Fate], true: Mapping[tuple[str, str], Values]
) -> None:
    assert list(disagreements(sent, found[sent.name], must_load(sent, true))) == [], sent.case.what


@pytest.mark.slow
@pytest.mark.usefixtures("found")
def test_what_screening_passes_over_great_expectations_passes(folder: Path) -> None:
    """Of each rule: no row it passes can fire, and every row it fires on can."""
    with open_warehouse(Home(folder / "home").warehouse) as connection:
        ids = [key for (key,) in connection.execute("select submission_id from raw.submission").fetchall()]
        facts = read_facts(connection, ids)
    judgements = evaluate(facts, load_rules(RULES).rules, screened=False)
    for one in judgements:
        expect = one.rule.expect
        seen = facts[list(expect.columns)]
        passed = {*one.applied} - {*one.fired} - {*one.unjudged}
        assert not can_fire(expect, _columns(seen.loc[list(passed)])), one.rule.code
        assert all(can_fire(expect, _columns(seen.loc[[row]])) for row in one.fired[:50]), one.rule.code
    assert sum(bool(one.fired) for one in judgements) > 100


def _columns(frame: pd.DataFrame) -> "dict[str, pd.Series[Any]]":
    return {str(name): frame[name] for name in frame.columns}


def test_every_kind_of_bad_input_is_met() -> None:
    assert {number for sent in SENT for number in sent.case.input} == _INPUTS


def test_every_line_has_its_file_and_every_file_its_line() -> None:
    assert sorted(sent.path for sent in SENT) == sorted(path for path in FILES.iterdir() if path.is_file())
    assert all(path.is_file() for *_, path in history())


def test_a_good_part_is_saved_by_a_real_spreadsheet_program() -> None:
    assert sum("-" in sent.saved for sent in SENT) >= len(SENT) / 3


def test_what_must_be_refused_says_why_and_what_is_accepted_does_not() -> None:
    assert [s.name for s in SENT if (s.case.verdict == "rejected") != bool(s.case.refused_by)] == []


def test_a_wrong_number_is_noticed(true: Mapping[tuple[str, str], Values]) -> None:
    """The one disagreement that must never be overlooked."""
    sent = next(one for one in SENT if one.name == "flow")
    due = must_load(sent, true)
    fate = Fate("accepted", frozenset(), frozenset(), {**due, "M03-01 month": due["M03-01 month"] + 1})
    assert list(wrong_numbers(fate, due)) == ["M03-01 month: loaded 206, must be 205"]
    assert is_wrongly_loaded(fate, due)
    assert not is_wrongly_loaded(Fate("accepted", frozenset(), frozenset(), due), due)
