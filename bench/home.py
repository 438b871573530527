"""A home with a history: one file more, nothing more, and how much disk it takes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.delivery import CONTACTS, FILES, FOLDER, PERIOD, RECEIVED_AT, Homes, numbers, replicate, run_in
from bench.timing import Amounts, Comparison, Side, compare
from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.flows.pipeline import conclude, run_stages
from minsheng.plan.run import Run

PLAN_YEARS = (1, 20)
_LATER = RECEIVED_AT + timedelta(minutes=20)
_NOTHING = RECEIVED_AT + timedelta(minutes=10)


def compare_home(homes: Homes, plan_years: tuple[int, ...] = PLAN_YEARS) -> Iterator[Comparison]:
    """What a run adds to a home in which the month was taken in."""
    done = homes.empty()
    take_month(done)
    _again(done)  # notes that all stands as it was left
    whole = Side("the whole month", lambda: partial(take_month, homes.empty()))
    yield compare(Side("nothing new, a whole run again", lambda: partial(_again, homes.copy_of(done))), whole)
    corrected = _corrected(homes.delivery())
    one = Side("the same with 1 plan-year", lambda: partial(_correct, homes.copy_of(done), corrected))
    for plans in plan_years:
        grown = homes.copy_of(done)
        replicate(grown.home.warehouse, plans)
        _settled(grown)
        ours = Side(
            f"one corrected file, {plans} plan-years",
            partial(_correcting, homes, grown, corrected),
        )
        yield compare(ours, one, 1, repetitions=1 if plans > 1 else 2)
    yield compare_disk("the publications after two runs", done.home)


def take_month(run: Run, folder: Path = FOLDER, period: Period = PERIOD) -> None:
    """Take a delivery through all stages."""
    for _ in run_stages(run, period, folder, CONTACTS):
        pass


def compare_disk(work: str, home: Home) -> Comparison:
    """What the revisions take on disk, against what of it is different."""
    files = [path for path in home.published.rglob("*") if path.is_file() and not path.is_symlink()]
    taken = {path.stat().st_ino: path.stat().st_size for path in files}
    distinct = {digest(path): path.stat().st_size for path in files}
    sizes = (Amounts((sum(found.values()) / 1e6,)) for found in (taken, distinct))
    return Comparison(work, next(sizes), "their distinct content", next(sizes), 1.3, "MB")


def _again(run: Run) -> None:
    take_month(run_in(run.home.root, _NOTHING))


def _settled(grown: Run) -> None:
    """Have the other years built and published, as they were when they came."""
    for _ in conclude(run_in(grown.home.root, _NOTHING)):
        pass


def _correcting(homes: Homes, grown: Run, folder: Path) -> partial[None]:
    return partial(_correct, homes.copy_of(grown), folder)


def _correct(run: Run, folder: Path) -> None:
    take_month(run_in(run.home.root, _LATER), folder)


def _corrected(folder: Path) -> Path:
    """The delivery, and one file in it with another number."""
    from openpyxl import load_workbook  # not for who only takes the delivery in

    path = FILES[-1].relative_to(FOLDER)
    workbook = load_workbook(folder / path)
    cell = next(numbers(workbook.worksheets[0]))
    assert isinstance(cell.value, int | float)
    cell.value += 1
    corrected = (folder / path).with_name("（更正）.xlsx")
    workbook.save(corrected)
    shutil.copystat(folder / path, corrected)
    return folder
