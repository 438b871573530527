"""A home that has served two plans is made anew whole, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.flows.pipeline import conclude
from minsheng.flows.recovery import recover
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.open import open_period
from tests.county import IN_TIME
from tests.workbooks import lushan

pytestmark = pytest.mark.slow


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two years of a county, a month of each opened and published."""
    later = lushan().model_copy(update={"plan_id": "lushan-2023", "year": 2023, "sha256": "of another year"})
    run = Run(Home(tmp_path / "home"), as_county([lushan(), later]), IN_TIME, "run")
    open_period(run, Period(2022, 3))
    list(conclude(replace(run, as_of=IN_TIME)))
    return run


def test_every_plan_of_the_home_must_be_named(run: Run) -> None:
    run.home.warehouse.unlink()
    only_later = replace(run, county=as_county(run.county.plans[1:]))
    with pytest.raises(UserError, match="还有 lushan-2022 的来件 → 请为每个方案各写一个 --plan"):
        list(recover(only_later))
    assert not run.home.warehouse.exists()


def test_all_plans_come_back_as_they_were_published(run: Run) -> None:
    home = run.home
    home.warehouse.unlink()
    published = home.current.resolve().name
    list(recover(replace(run, run_id="again")))
    assert home.current.resolve().name == published
