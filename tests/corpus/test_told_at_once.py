"""A fault that keeps a file out at the door hides no other: what it is told without that fault it is told with it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell

from minsheng.core.declarations import RULES
from minsheng.plan.form import label_key
from minsheng.validation.finding import Finding
from minsheng.validation.rules import load_rules
from tests.corpus.case import Rewritten, Sent, sent_files
from tests.corpus.judging import Fate, fates
from tests.corpus.making.people import identity
from tests.workbooks import as_bytes

_COPY = "填报 (2)"
# What is asked of the month that is written there cannot be asked of none; which of several files counts neither.
_OF_THE_MONTH = frozenset({"F21", "F22", "F23", "F24", "F28", "F30", "F31", "F33", "F34", "F71"})
_HIDING = frozenset(rule.code for rule in load_rules(RULES).rules if rule.hides_rest)


def with_identity(workbook: Workbook) -> None:
    """An identity number in the first remark, or where there is no such column in a sheet of its own."""
    for row in range(1, 9):
        for column in range(1, 30):
            below = workbook.worksheets[0].cell(row + 1, column)
            if workbook.worksheets[0].cell(row, column).value == "备注" and not isinstance(below, MergedCell):
                below.value = identity()
                return
    workbook.create_sheet("附件")["C3"] = identity()


def with_copy(workbook: Workbook) -> None:
    """The first sheet twice."""
    workbook.copy_worksheet(workbook.worksheets[0]).title = _COPY


def without_month(workbook: Workbook) -> None:
    """A month that is none, on every sheet of the form."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(max_row=6):
            labels = [number for number, cell in enumerate(row) if label_key(str(cell.value or "")) == "报送期"]
            for number in labels:
                next(cell for cell in row[number + 1 :] if isinstance(cell, Cell)).value = "上个月"


BLOCKED: Mapping[str, Callable[[Workbook], None]] = {"P01": with_identity, "F07": with_copy, "F20": without_month}


def chosen() -> Iterator[Sent]:
    """One file for every set of rules that refuse it, and all that they refuse can be read."""
    seen: set[frozenset[str]] = set()
    for sent in sent_files():
        rules = sent.case.refused_by
        if sent.saved != "xlsx" or rules in seen or sent.case.bytes or sent.case.sent_by or not rules:
            continue
        if not rules & (_HIDING | {"F07", "F20"}) and not any(rule.startswith("P") for rule in rules):
            seen.add(rules)
            yield sent


CHOSEN = tuple(chosen())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Fate]:
    """What became of each file as it is, and with one fault more, by its case and the rule it breaks besides."""
    folder = tmp_path_factory.mktemp("at_once")
    files = [one for number, sent in enumerate(CHOSEN) for one in _both(sent, _blocker(number), folder)]
    return fates(files, folder)


def _blocker(number: int) -> str:
    """A file of another month than the one that is awaited cannot be judged by its month without it."""
    known = [*BLOCKED] if CHOSEN[number].case.period == "2022-05" else ["P01", "F07"]
    return known[number % len(known)]


def _both(sent: Sent, rule: str, folder: Path) -> Iterator[Rewritten]:
    """The file with one fault more, and with none more: saved anew all the same."""
    for name, change in (("as-it-is", None), (rule, BLOCKED[rule])):
        workbook = load_workbook(io.BytesIO(sent.path.read_bytes()))
        if change:
            change(workbook)
        case = sent.case.model_copy(update={"case": f"{sent.case.case}-{name}", "sent_as": None})
        kept = folder / f"{case.case}.xlsx"
        kept.write_bytes(as_bytes(workbook))
        yield Rewritten(case=case, saved=sent.saved, kept=kept)


def _places(fate: Fate) -> set[tuple[str, str | None, str | None]]:
    return {_place(one) for one in fate.findings if one.rule not in _OF_THE_MONTH}


def _place(one: Finding) -> tuple[str, str | None, str | None]:
    return one.rule, one.sheet, one.cell


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(CHOSEN)), ids=[sent.name for sent in CHOSEN])
def test_every_other_fault_is_told_in_the_same_answer(number: int, told: Mapping[str, Fate]) -> None:
    name, rule = CHOSEN[number].case.case, _blocker(number)
    without, with_it = _places(told[f"{name}-as-it-is"]), _places(told[f"{name}-{rule}"])
    assert rule in {place[0] for place in with_it}
    assert without <= with_it, without - with_it
    more = {place for place in with_it - without if place[1] != _COPY and place[0] != rule}
    assert more == set(), more


def test_every_fault_at_the_door_meets_many_others() -> None:
    assert len(CHOSEN) > 60
