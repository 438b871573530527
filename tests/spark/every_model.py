"""Every model and every check on a real Spark, ANSI on, from the same files: every row as DuckDB has it.

Not among the tests: ``make spark`` sets up Spark in an environment of its own (600 MB) and runs this for minutes.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from minsheng.core.home import Installation
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse
from minsheng.warehouse.dialects import query_of
from tests.spark.engine import MODELS, BothEngines
from tests.sql.tables import empty_tables, fill, inputs, read_rows

SQL_TESTS = Path(__file__).parent.parent / "sql"
CHECKS = {check.name: check for check in sqlfiles.checks()}
BROKEN = sorted(path.parent for path in (SQL_TESTS / "broken").glob("*/expected.csv"))


@pytest.fixture(scope="module")
def row_counts() -> Iterator[Counter[str]]:
    """Rows that were equal, by where they came from; told at the end."""
    found: Counter[str] = Counter()
    yield found
    print(f"\n{found.total():,} rows equal: " + ", ".join(f"{count:,} {source}" for source, count in found.items()))


@pytest.fixture(scope="module")
def lushan(session: Any, installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BothEngines]:
    yield from _engines(session, installation, "lushan", tmp_path_factory.mktemp("lushan"))


@pytest.fixture(scope="module")
def baofeng(
    session: Any, installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BothEngines]:
    yield from _engines(session, installation, "baofeng", tmp_path_factory.mktemp("baofeng"))


@pytest.fixture(scope="module")
def by_hand(session: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BothEngines]:
    """Empty tables, to be filled with readable rows."""
    with empty_tables() as connection:
        yield BothEngines(connection, session, tmp_path_factory.mktemp("by_hand"), "by_hand")


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_spark_makes_every_row_of_a_model(
    model: sqlfiles.Model, lushan: BothEngines, baofeng: BothEngines, by_hand: BothEngines, row_counts: Counter[str]
) -> None:
    """In the example county; where it has no row, in the other; where neither has, of the model's own cases."""
    row_counts["lushan"] += (count := lushan.model(model).require_equal())
    if not count:
        row_counts["baofeng"] += (count := baofeng.model(model).require_equal())
    if not count:
        row_counts["cases"] += (count := _of_cases(by_hand, model))
    assert count, "nothing was compared"


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_spark_finds_in_a_county_what_duckdb_finds(check: sqlfiles.Check, lushan: BothEngines) -> None:
    """Nothing, where nothing is wrong."""
    lushan.check(check).require_equal()


@pytest.mark.parametrize("folder", BROKEN, ids=lambda folder: folder.name)
def test_spark_finds_every_row_that_breaks_a_check(
    folder: Path, by_hand: BothEngines, row_counts: Counter[str]
) -> None:
    row_counts["checks"] += (count := _of_case(by_hand, folder, CHECKS[folder.name].sql))
    assert count


def _engines(session: Any, installation: Installation, county: str, folder: Path) -> Iterator[BothEngines]:
    copied = shutil.copy(installation.home(county).warehouse, folder / "warehouse.duckdb")
    with open_warehouse(Path(copied)) as connection:
        engines = BothEngines(connection, session, folder, county)
        engines.build()
        yield engines


def _of_cases(by_hand: BothEngines, model: sqlfiles.Model) -> int:
    """How many rows the cases of a model make on both engines."""
    folders = sorted(path.parent for path in (SQL_TESTS / "cases" / model.full_name).glob("*/expected.csv"))
    return sum(_of_case(by_hand, folder, model.sql) for folder in folders)


def _of_case(by_hand: BothEngines, folder: Path, sql: str) -> int:
    by_hand.connection.begin()
    for path in inputs(folder):
        fill(by_hand.connection, path.stem, read_rows(path))
    found = by_hand.query(sql, query_of(sql, folder.name).named_selects)
    by_hand.connection.rollback()
    return found.require_equal()
