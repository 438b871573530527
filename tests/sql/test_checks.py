"""Every check fires on the rows that break its truth, and on no others: ``broken/<check>/`` holds both kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.checks import ask
from minsheng.warehouse.connection import Connection
from tests.sql.tables import assert_makes

BROKEN = Path(__file__).parent / "broken"
CHECKS = {check.name: check for check in sqlfiles.checks()}
FOLDERS = sorted(path.parent for path in BROKEN.glob("*/expected.csv"))
MODELS = [model for layer in sqlfiles.BUILT for model in sqlfiles.models(layer)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_check_names_the_offending_rows(warehouse: Connection, folder: Path) -> None:
    assert_makes(warehouse, CHECKS[folder.name].sql, folder)
    assert ask(warehouse, CHECKS[folder.name]).outcome.result in ("failed", "warned")


def test_every_written_check_is_shown_to_fire() -> None:
    written = {name for name in CHECKS if not name.startswith("grain_of_")}
    assert written == {folder.name for folder in FOLDERS}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_check_holds_where_there_is_nothing(warehouse: Connection, check: sqlfiles.Check) -> None:
    assert ask(warehouse, check).outcome.result == "passed"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.full_name)
def test_grain_check_fires_on_a_row_that_stands_twice(warehouse: Connection, model: sqlfiles.Model) -> None:
    check = CHECKS[f"grain_of_{model.schema}_{model.name}"]
    for grain_of_row in (1, 1, 2):
        filled = {column: _value(warehouse, model, column, grain_of_row) for column in model.grain}
        names, marks = ", ".join(filled), ", ".join("?" for _ in filled)
        warehouse.execute(f"insert into {model.full_name} ({names}) values ({marks})", list(filled.values()))
    answer = ask(warehouse, check)
    assert (answer.row_count, answer.outcome.result) == (1, "failed")
    assert answer.rows.endswith("row_count=2")


def _value(connection: Connection, model: sqlfiles.Model, column: str, number: int) -> str:
    query = "select data_type from duckdb_columns() where schema_name = ? and table_name = ? and column_name = ?"
    row = connection.execute(query, [model.schema, model.name, column]).fetchone()
    assert row is not None, f"the header of {model.full_name} names {column}, which it does not have"
    is_moment = row[0] == "DATE" or row[0].startswith("TIMESTAMP")
    return f"2022-01-0{number}" if is_moment else str(number)
