"""Intake, judging and building, each against the plainest thing that touches the same data."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
from python_calamine import CalamineError, CalamineWorkbook, ZipError

from bench.delivery import CONTACTS, FILES, FOLDER, PERIOD, Homes
from bench.timing import Comparison, Times, measure
from etl.run import Run
from etl.sqlfiles import raw_tables
from etl.stages.build import build
from etl.stages.load import load
from etl.stages.open import open_period
from etl.stages.parse import parse
from etl.stages.pull import pull
from etl.stages.validate import validate

REPETITIONS = 5
PLAN_COUNTS = (1, 10, 50)
# What tells the rows of one plan from those of another.
_KEYS = ("plan_id", "submission_id", "mail_id")
_TIME_IMPORT = "from time import perf_counter as now; t = now(); import great_expectations; print(now() - t)"


def compare_stages(homes: Homes) -> Iterator[Comparison]:
    """One comparison after the other; each goes on from the home the one before has filled."""
    run = homes.empty()
    open_period(run, PERIOD)
    yield _intake(homes, run)
    _take_in(run)
    yield _judging(homes, run)
    validate(run, CONTACTS)
    for plans in PLAN_COUNTS:
        yield _building(homes, run, plans)


def _intake(homes: Homes, opened: Run) -> Comparison:
    ours = measure(REPETITIONS, lambda: homes.copy_of(opened), _take_in)
    theirs = measure(REPETITIONS, lambda: FILES, lambda files: [_read_bare(path) for path in files])
    return Comparison(f"pull + parse, {len(FILES)} files", ours, "calamine reads the same files", theirs)


def _take_in(run: Run) -> None:
    pull(run, FOLDER)
    parse(run)


def _read_bare(path: Path) -> list[object]:
    """Every cell of every sheet; nothing of a file that is not a workbook."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]
    except (CalamineError, ZipError):
        return []


def _judging(homes: Homes, parsed: Run) -> Comparison:
    validate(homes.copy_of(parsed), CONTACTS)  # imports Great Expectations
    rounds = max(Counter(path.relative_to(FOLDER).parts[0] for path in FILES).values())
    ours = measure(REPETITIONS, lambda: homes.copy_of(parsed), lambda run: validate(run, CONTACTS))
    return Comparison("validate, warm, a round of all units", ours.per(rounds), "importing GX, once", _import_time())


def _import_time() -> Times:
    command = [sys.executable, "-c", _TIME_IMPORT]
    spent = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(3))
    return Times(tuple(map(float, spent)))


def _building(homes: Homes, judged: Run, plans: int) -> Comparison:
    grown = homes.copy_of(judged)
    _replicate(grown.home.warehouse, plans)
    ours = measure(REPETITIONS, lambda: grown, lambda run: (load(run), build(run)))
    theirs = measure(REPETITIONS, lambda: grown.home.warehouse, _scan)
    return Comparison(f"load + build, {plans} × the month", ours, "DuckDB counts and sums the raw tables", theirs)


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
