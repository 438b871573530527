"""What all counties have published, as one: the sum of what each has, and nobody's trouble is another's."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.flows.pipeline import run_stages
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.publication.rollback import roll_back
from minsheng.stages.roll_up import roll_up
from minsheng.warehouse import sqlfiles
from tests.store.conftest import FIRST, Town

pytestmark = pytest.mark.slow


# What counties have in common stands once.
SHARED = {"dim_reason", "dim_rule", "dim_status"}


@pytest.fixture
def fancheng(town: Town) -> Home:
    """A second county in the town's installation, with the same units, whose first month was run."""
    (plan,) = town.run.county.plans
    named = {"plan_id": "fancheng-2022", "county_code": "420606", "county_name": "樊城区", "province_name": "湖北省"}
    county = as_county([plan.model_copy(update=named)])
    home = town.home.installation.home("fancheng")
    list(run_stages(Run(home, county, FIRST, "first"), Period(2022, 1), town.inbox, town.contacts))
    return home


def rows(folder: Path) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """The rows of every published table, by its name."""
    with duckdb.connect(str(folder / "marts.duckdb"), read_only=True) as connection:
        for model in sqlfiles.models("published"):
            yield model.name, connection.execute(f"select * from {model.name}").fetchall()


def test_one_county_is_shown_as_it_is(town: Town) -> None:
    installation = town.home.installation
    assert installation.current.resolve() == town.home.current.resolve()
    assert roll_up(installation).counts == {"unchanged": 1}


def test_all_counties_are_the_sum_of_each(town: Town, fancheng: Home) -> None:
    installation = town.home.installation
    assert installation.current.resolve().parent == installation.published / "revisions"
    each = [dict(rows(home.current)) for home in (town.home, fancheng)]
    for name, found in rows(installation.current):
        expected = [row for of_one in each for row in of_one[name]]
        if name in SHARED:
            expected = list(dict.fromkeys(expected))
        assert sorted(map(repr, found)) == sorted(map(repr, expected)), name
    counties = dict(rows(installation.current))["dim_county"]
    assert [row[1:] for row in counties] == [("鲁山县", "平顶山市", "河南省"), ("樊城区", "平顶山市", "湖北省")]
    assert roll_up(installation).counts == {"unchanged": 1}


def test_what_a_county_takes_back_is_taken_back_for_all(town: Town, fancheng: Home) -> None:
    installation = town.home.installation
    before = installation.current.resolve()
    roll_back(town.home, None, datetime.now(UTC), "试")
    assert roll_up(installation).counts == {"published": 1, "held": 1}
    assert installation.current.resolve() != before
    found = dict(rows(installation.current))["pub_indicator_completion_v1"]
    assert {(row[0], row[1]) for row in found} == {("lushan-2022", "2022-01"), ("fancheng-2022", "2022-01")}


def test_a_plan_that_two_counties_have_stands_once_and_is_told(town: Town) -> None:
    installation = town.home.installation
    shutil.copytree(town.home.root, installation.home("twin").root, symlinks=True)
    outcomes = {one.input: (one.result, one.detail) for one in roll_up(installation).outcomes}
    result, detail = outcomes.pop("twin")
    assert result == "failed" and "lushan-2022 已在 lushan 的目录中" in detail
    assert not {"failed", "outdated"} & {result for result, _ in outcomes.values()}
    assert len(dict(rows(installation.current))["dim_plan"]) == 1


def test_a_damaged_county_is_told_and_left_out(town: Town, fancheng: Home) -> None:
    damaged = fancheng.current.resolve() / "dim_plan.parquet"
    damaged.chmod(0o640)
    damaged.write_bytes(b"")
    outcomes = {one.input: one.result for one in roll_up(town.home.installation).outcomes}
    assert outcomes.pop("fancheng") == "failed"
    assert set(outcomes.values()) == {"published"}
    found = dict(rows(town.home.installation.current))
    assert {row[0] for row in found["dim_plan"]} == {"lushan-2022"}


def test_spark_that_is_away_is_told_and_leaves_all_as_it_was(town: Town, fancheng: Home) -> None:
    installation = town.home.installation
    before = installation.current.resolve()
    roll_back(town.home, None, datetime.now(UTC), "试")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"sc://127.0.0.1:{server.getsockname()[1]}"
    outcomes = {one.input: (one.result, one.detail) for one in roll_up(installation, address).outcomes}
    assert outcomes["Spark"][0] == "failed" and "各县自己的发布不受影响" in outcomes["Spark"][1]
    assert outcomes["lushan"][0] == "held"
    assert installation.current.resolve() == before
    assert roll_up(installation).counts == {"published": 1, "held": 1}
