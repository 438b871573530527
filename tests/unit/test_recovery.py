"""A home that has served two plans is made anew whole, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.flows.pipeline import conclude
from minsheng.flows.recovery import recover
from minsheng.plan.run import Run
from minsheng.stages.open import open_period
from tests.county import IN_TIME
from tests.workbooks import lushan

pytestmark = pytest.mark.slow


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """Two years of a county, a month of each opened, and the second one published last."""
    other = lushan().model_copy(update={"plan_id": "lushan-2023", "sha256": "of another year"})
    made = [Run(Home(tmp_path / "home"), plan, IN_TIME, "run") for plan in (lushan(), other)]
    for run, month in zip(made, (3, 4), strict=True):
        open_period(run, Period(2022, month))
        list(conclude(run))
    return made


def test_every_plan_of_the_home_must_be_named(runs: list[Run]) -> None:
    runs[0].home.warehouse.unlink()
    with pytest.raises(UserError, match="holds what came for lushan-2022, too → give --plan once for each of them"):
        list(recover(runs[1:]))
    assert not runs[0].home.warehouse.exists()


def test_all_plans_come_back_as_they_were_published(runs: list[Run], tmp_path: Path) -> None:
    home = runs[0].home
    home.warehouse.unlink()
    published = home.current.resolve().name
    list(recover([replace(run, run_id="again") for run in runs]))
    assert home.current.resolve().name == published
