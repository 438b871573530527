"""The one example delivery everything is measured on, and homes in the state each measurement begins from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.mail.contacts import load_contacts
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run
from minsheng.warehouse.sqlfiles import raw_tables

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FOLDER = ROOT / "examples" / "lushan-2022" / "2022-02-07T1730"
FILES = tuple(sorted(path for path in FOLDER.rglob("*") if path.is_file()))
COUNTY = "lushan"
PERIOD = Period(2022, 1)
FAULTY = 10
CONTACTS = load_contacts(ROOT / "examples" / "contacts.yaml")
# What tells the rows of one plan from those of another.
_KEYS = ("plan_id", "submission_id", "mail_id")
ZONE = ZoneInfo("Asia/Shanghai")
RECEIVED_AT = datetime(2022, 2, 7, 17, 30, tzinfo=ZONE)


def spoil(folder: Path) -> None:
    """Make ten of the workbooks faulty: what must be a number is a guess."""
    from openpyxl import load_workbook  # not for who only takes the delivery in

    for path in sorted(folder.rglob("*.xlsx"))[:FAULTY]:
        workbook = load_workbook(path)
        next(numbers(workbook.worksheets[0])).value = "约150"
        workbook.save(path)


def numbers(sheet: Worksheet) -> Iterator[Cell]:
    """The cells below 累计数 or 分子 that hold a number."""
    for column in sheet.iter_cols():
        texts = [str(cell.value) for cell in column]
        if any(text.startswith(("累计数", "分子")) for text in texts):
            yield from (cell for cell in column if isinstance(cell.value, int | float))


def run_in(home: Path, at: datetime = RECEIVED_AT) -> Run:
    """The run that takes in the delivery, or another at a later moment."""
    return Run(Home(home), as_county([load_plan(ROOT / "plans" / "lushan-2022")]), at, f"bench {at}")


def replicate(warehouse: Path, plans: int) -> None:
    """The same rows again under ``plans - 1`` other plan ids, as of other years of the county."""
    with duckdb.connect(warehouse) as connection:
        for table in raw_tables():
            names = {row[0] for row in connection.execute(f"describe {table.full_name}").fetchall()}
            if keys := [f"{key} || '-' || number as {key}" for key in _KEYS if key in names]:
                connection.execute(
                    f"insert into {table.full_name} select held.* replace ({', '.join(keys)}) "
                    f"from {table.full_name} as held cross join range(1, {plans}) as copies(number)"
                )


class Homes:
    """Fresh copies of a home, each alone in its installation, so that every repetition begins at the same place."""

    def __init__(self, workshop: Path) -> None:
        self._workshop = workshop
        self._numbers = count(1)

    def empty(self) -> Run:
        """A run in a home where nothing is yet."""
        return run_in(self._next() / COUNTY)

    def copy_of(self, run: Run) -> Run:
        """A run in a home that holds what the home of ``run`` holds now."""
        folder = shutil.copytree(run.home.installation.root, self._next(), symlinks=True)
        return run_in(folder / COUNTY)

    def delivery(self) -> Path:
        """A copy of the delivery, to be changed."""
        return shutil.copytree(FOLDER, self._next() / FOLDER.name)

    def _next(self) -> Path:
        return self._workshop / f"home-{next(self._numbers)}"
