"""What each model makes of readable rows: ``cases/<schema.table>/<case>/`` holds what it reads and must make."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import Connection
from tests.sql.tables import assert_makes, inputs, read_rows

CASES = Path(__file__).parent / "cases"
MODELS = {model.full_name: model for layer in sqlfiles.LAYERS for model in sqlfiles.models(layer)}
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


def test_the_cases_reach_every_status_that_is_computed() -> None:
    completion = CASES / "marts.indicator_completion"
    reached = {row["status_code"] for path in completion.glob("*/expected.csv") for row in read_rows(path)}
    vocabulary = {row["status_code"] for row in read_rows(completion / "_shared" / "star.dim_status.csv")}
    assert reached == vocabulary - {"CLOSED"}
