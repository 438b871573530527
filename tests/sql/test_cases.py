"""What each model makes of readable rows: ``cases/<schema.table>/<case>/`` holds what it reads and must make."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from tests.sql.tables import assert_makes, inputs, read_rows

CASES = Path(__file__).parent / "cases"
MODELS = {model.full_name: model for layer in sqlfiles.LAYERS for model in sqlfiles.models(layer)}
RULINGS, STATUSES = MODELS["star.dim_ruling"], MODELS["star.dim_status"]
FOLDERS = sorted(path.parent for path in CASES.glob("*/*/expected.csv"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}:{folder.name}")
def test_model_makes_the_expected_rows(warehouse: Connection, folder: Path) -> None:
    model = MODELS[folder.parent.name]
    assert {path.stem for path in inputs(folder)} <= sqlfiles.reads(model)
    assert_makes(warehouse, model.sql, folder)


@pytest.mark.parametrize("layer", ["facts", "marts"])
def test_every_model_that_decides_something_has_cases(layer: str) -> None:
    covered = {folder.parent.name for folder in FOLDERS}
    assert {model.full_name for model in sqlfiles.declared(layer)} <= covered


def test_the_cases_reach_every_ruling_and_so_every_status(warehouse: Connection) -> None:
    judgement = CASES / "marts.indicator_judgement"
    reached = {
        (row["ruling_code"], row["status_code"])
        for path in judgement.glob("*/expected.csv")
        for row in read_rows(path)
        if "ruling_code" in row  # some cases are about another column
    }
    declared = warehouse.execute(f"select ruling_code, status_code from ({RULINGS.sql})").fetchall()
    assert reached == set(declared)
    statuses = warehouse.execute(f"select status_code from ({STATUSES.sql})").fetchall()
    assert {status for _, status in reached} == {status for (status,) in statuses}
