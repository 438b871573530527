"""Intake, judging and building, each against the plainest thing that touches the same data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
from python_calamine import CalamineWorkbook

from bench.delivery import CONTACTS, FAULTY, FILES, FOLDER, PERIOD, Homes, spoil
from bench.timing import Comparison, compare
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.open import open_period
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.warehouse.sqlfiles import raw_tables

PLAN_COUNTS = (1, 10, 50)
# What tells the rows of one plan from those of another.
_KEYS = ("plan_id", "submission_id", "mail_id")
_IMPORT_GX = (sys.executable, "-c", "import great_expectations")


def compare_stages(homes: Homes) -> Iterator[Comparison]:
    """One comparison after the other; each goes on from the home the one before has filled."""
    run = homes.empty()
    open_period(run, PERIOD)
    yield _intake(homes, run)
    faulty = homes.copy_of(run)
    spoil(folder := homes.delivery())
    _take_in(faulty, folder)
    _take_in(run)
    validate(homes.copy_of(run), CONTACTS)  # imports Great Expectations into this process
    yield _judging(homes, run, "validate when warm")
    yield _judging(homes, faulty, f"the same when {FAULTY} are faulty and go back marked")
    validate(run, CONTACTS)
    for plans in PLAN_COUNTS:
        yield _building(homes, run, plans)


def _intake(homes: Homes, opened: Run) -> Comparison:
    return compare(
        f"pull + parse, {len(FILES)} files",
        lambda: partial(_take_in, homes.copy_of(opened)),
        "calamine reads the same files",
        lambda: _read_all,
    )


def _take_in(run: Run, folder: Path = FOLDER) -> None:
    pull(run, folder)
    parse(run)


def _read_all() -> None:
    """Every cell of every sheet."""
    for path in FILES:
        with CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name).to_python()


def _judging(homes: Homes, parsed: Run, work: str) -> Comparison:
    return compare(
        f"{work}, one round of {len(FILES)} files",
        lambda: partial(validate, homes.copy_of(parsed), CONTACTS),
        "a new process imports GX",
        lambda: partial(subprocess.run, _IMPORT_GX, check=True),
    )


def _building(homes: Homes, judged: Run, plans: int) -> Comparison:
    grown = homes.copy_of(judged)
    _replicate(grown.home.warehouse, plans)
    return compare(
        f"load + build, {plans} × {len(FILES)} files",
        lambda: partial(_build, grown),
        "DuckDB counts and sums the raw tables",
        lambda: partial(_scan, grown.home.warehouse),
    )


def _build(run: Run) -> None:
    load(run)
    build(run)


def _replicate(warehouse: Path, plans: int) -> None:
    """The same rows again under ``plans - 1`` other plan ids."""
    with duckdb.connect(warehouse) as connection:
        for table in raw_tables():
            names = {row[0] for row in connection.execute(f"describe {table.full_name}").fetchall()}
            if keys := [f"{key} || '-' || number as {key}" for key in _KEYS if key in names]:
                connection.execute(
                    f"insert into {table.full_name} select held.* replace ({', '.join(keys)}) "
                    f"from {table.full_name} as held cross join range(1, {plans}) as copies(number)"
                )


def _scan(warehouse: Path) -> None:
    """Open, read every column of every raw table once, and sum the values by indicator."""
    with duckdb.connect(warehouse) as connection:
        for table in raw_tables():
            connection.execute(f"select count(columns(*)) from {table.full_name}").fetchall()
        connection.execute(
            "select plan_id, indicator_code, field, sum(number_value) "
            "from raw.cell inner join raw.submission using (submission_id) group by all"
        ).fetchall()
