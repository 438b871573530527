"""The one example delivery everything is measured on, and homes in the state each measurement begins from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.mail.contacts import load_contacts
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.run import Run

FOLDER = ROOT / "examples" / "lushan-2022" / "2022-02-07T1730"
FILES = tuple(sorted(path for path in FOLDER.rglob("*") if path.is_file()))
PERIOD = Period(2022, 1)
FAULTY = 10
CONTACTS = load_contacts(ROOT / "examples" / "contacts.yaml")
_RECEIVED_AT = datetime(2022, 2, 7, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def spoil(folder: Path) -> None:
    """Make ten of the workbooks faulty: what must be a number is a guess."""
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


def run_in(home: Path) -> Run:
    """The run that takes in the delivery."""
    return Run(Home(home), as_county([load_plan(ROOT / "plans" / "lushan-2022")]), _RECEIVED_AT, "bench")


class Homes:
    """Fresh copies of a home, so that every repetition begins at the same place."""

    def __init__(self, workshop: Path) -> None:
        self._workshop = workshop
        self._numbers = count(1)

    def empty(self) -> Run:
        """A run in a home where nothing is yet."""
        return run_in(self._next())

    def copy_of(self, run: Run) -> Run:
        """A run in a home that holds what the home of ``run`` holds now."""
        folder = self._next()
        shutil.copytree(run.home.root, folder, symlinks=True)
        return run_in(folder)

    def delivery(self) -> Path:
        """A copy of the delivery, to be changed."""
        return shutil.copytree(FOLDER, self._next() / FOLDER.name)

    def _next(self) -> Path:
        return self._workshop / f"home-{next(self._numbers)}"
