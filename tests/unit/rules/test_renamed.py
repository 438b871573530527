"""A unit renamed in mid-year has one name at a time: in its workbook, in what it is told, in what is said of it."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from minsheng.mail.delivery import pending
from minsheng.plan.units import LaterName
from minsheng.stages.open import write_templates
from minsheng.template.month import month_forms
from tests.county import County
from tests.workbooks import as_bytes, manholes

pytestmark = pytest.mark.slow

OLD = "县城管局"
NEW = LaterName(name="县城市管理局", full_name="鲁山县城市管理局", valid_from=date(2022, 5, 20))


def titles(workbook: Workbook) -> list[Cell]:
    return [cell for row in workbook.worksheets[0].iter_rows(max_row=4) for cell in row if isinstance(cell, Cell)]


@pytest.fixture
def renamed(county: County) -> County:
    units = (
        unit.model_copy(update={"later_names": (NEW,)}) if unit.code == "CGJ" else unit for unit in county.plan.units
    )
    county.plan = county.plan.model_copy(update={"units": tuple(units), "sha256": "renamed"})
    return county


def test_the_workbook_of_the_month_bears_the_new_name_and_is_accepted_with_it(renamed: County, tmp_path: Path) -> None:
    names = []
    for month in (4, 5):
        write_templates(month_forms(renamed.plan, f"2022-{month:02}"), tmp_path / str(month), "CGJ")
        (file,) = (tmp_path / str(month)).iterdir()
        names += [cell.value for cell in titles(load_workbook(file)) if cell.value in (OLD, NEW.name)]
    assert names == [OLD, NEW.name]

    workbook = manholes(120, 520)
    for cell in titles(workbook):
        if cell.value == OLD:
            cell.value = NEW.name
    assert renamed.send(("CGJ", "5月.xlsx", as_bytes(workbook))).count("accepted") == 1
    assert [rule for rule, *_ in renamed.faults() if rule != "H15"] == []


def test_what_it_is_told_and_what_is_said_of_it_are_of_the_month(renamed: County) -> None:
    for name, month in (("4月.xlsx", "2022-04"), ("5月.xlsx", "2022-05")):
        renamed.send(("CGJ", name, as_bytes(manholes("约120", 520, month))))
    asked = "select file_name, unit_name from facts.file order by 1"
    assert renamed.query(asked) == [("4月.xlsx", OLD), ("5月.xlsx", NEW.name)]
    beside = "facts.row inner join facts.row_plan using (submission_id, sheet_name, row_no)"
    leads = f"select distinct period, lead_unit_name from {beside} order by 1"
    assert renamed.query(leads) == [("2022-04", OLD), ("2022-05", NEW.name)]
    for eml in pending(renamed.home):
        message = message_from_bytes(eml.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None and NEW.name in str(body.get_content())
