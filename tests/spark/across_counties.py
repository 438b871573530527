"""What all counties have published, put together and asked on Spark: the same revision, the same rows.

Run by ``make spark``, as ``every_model.py`` is.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minsheng.commands.main import app
from minsheng.core.errors import UserError
from minsheng.core.home import Installation
from minsheng.publication.revisions import Revision, require_current
from minsheng.stages.roll_up import roll_up
from tests.spark.server import HOST, spark_server

QUESTIONS = {
    "a mean": "select plan_id, avg(scored_ratio) as score from pub_indicator_completion_v1 group by plan_id",
    "a ratio of sums": """
        select
            county_name, period, sum(numerator) / sum(denominator) as rate, count(*) filter (where light = 'red') as red
        from pub_indicator_completion_v1
        inner join dim_plan using (plan_id)
        inner join dim_county using (county_code)
        where kind = 'ratio'
        group by all
        order by all
    """,
    "a ratio by hand": """
        select indicator_code, period, numerator / denominator, numerator * 100, actual_value
        from pub_indicator_completion_v1
        where denominator > 0
        order by period, plan_id, indicator_code
    """,
    "moments": """
        select plan_id, period, unit_name, accepted_at, due_at, is_late, period_start
        from pub_submission_status_v1
        order by accepted_at desc nulls last, plan_id, period, unit_name
    """,
    "the best of each": """
        select plan_id, period, unit_name, rank_no
        from pub_unit_scorecard_v1
        where rank_no is not null
        qualify row_number() over (partition by plan_id, period order by rank_no, unit_name) = 1
        order by plan_id, period
        limit 5
    """,
    "one of each": "select distinct on (light) light, plan_id from pub_indicator_completion_v1 order by light, plan_id",
    "in Chinese": "select 方案编号, 报送期, 亮灯, count(*) as 项数 from 指标完成情况 group by all",
    "moments in Chinese": "select 指标名称, 接收时间 from 指标完成情况 order by 接收时间, 报送期, 方案编号, 指标编码",
    "what counties share": "select count(*), count(distinct status_code) from dim_status",
    "a column without a name": "select max(period), count(*) from pub_finding_v1",
    "all there is": "select * from dim_period order by plan_id, period",
}


@pytest.fixture
def two(installation: Installation, tmp_path: Path) -> Installation:
    """A copy of both counties, of which nothing has been put together."""
    copied = Installation(shutil.copytree(installation.root, tmp_path / "home", symlinks=True))
    shutil.rmtree(copied.published)
    return copied


def test_what_is_rolled_up_on_spark_is_the_same_to_the_byte(two: Installation, spark_address: str) -> None:
    assert [one.result for one in roll_up(two, spark_address).outcomes] == ["published"]
    there = _content(require_current(two))
    shutil.rmtree(two.published)
    roll_up(two)
    assert _content(require_current(two)) == there
    assert roll_up(two, spark_address).counts == {"unchanged": 1}


def _content(revision: Revision) -> dict[str, str]:
    """The revision's name, which bears the hash of its content, and the hash of each file but the database."""
    files: dict[str, str] = revision.manifest["files"]
    return {"name": revision.name} | {name: sha256 for name, sha256 in files.items() if not name.endswith(".duckdb")}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_has_one_answer(
    installation: Installation, spark_address: str, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _answer(installation, question)
    monkeypatch.setenv("MINSHENG_SPARK", spark_address)
    assert _answer(installation, question) == here
    assert len(here.splitlines()) > 1


def _answer(installation: Installation, question: str) -> str:
    told = CliRunner().invoke(app, ["publication", "ask", question, "--home", str(installation.root)])
    assert told.exit_code == 0, told.exception
    return told.output


def test_one_county_is_asked_as_several_are(
    installation: Installation, spark_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = Installation(tmp_path / "home")
    shutil.copytree(installation.home("lushan").root, alone.home("lushan").root, symlinks=True)
    roll_up(alone)
    here = _answer(alone, QUESTIONS["a mean"])
    monkeypatch.setenv("MINSHENG_SPARK", spark_address)
    assert _answer(alone, QUESTIONS["a mean"]) == here


def test_what_spark_does_not_understand_is_told_in_one_line(installation: Installation, spark_address: str) -> None:
    from minsheng.publication.asking import ask

    with pytest.raises(UserError) as refused:
        ask(installation, "select quantile_cont(completion_ratio, 0.9) from pub_indicator_completion_v1", spark_address)
    assert refused.value.code == "spark_refuses"
    assert "percentile_cont" in str(refused.value) and "\n" not in str(refused.value)


def test_a_server_that_has_gone_harms_no_county(two: Installation, tmp_path: Path) -> None:
    with spark_server(tmp_path) as address:
        roll_up(two, address)
    shown, of_counties = two.current.resolve(), [two.home(county).current.resolve() for county in two.counties]
    shutil.rmtree(shown)  # so that there is something to be done
    (outcome,) = roll_up(two, address).outcomes
    assert (outcome.input, outcome.result) == ("Spark", "failed")
    assert f"Spark 用不了（{HOST}:" in outcome.detail and "各县自己的发布不受影响" in outcome.detail
    assert [two.home(county).current.resolve() for county in two.counties] == of_counties
    assert [one.result for one in roll_up(two).outcomes] == ["published"]
