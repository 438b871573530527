"""The data team agrees with an explanation or asks again: it is remembered, and a letter is written once."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from minsheng.commands.main import app
from minsheng.core.errors import UserError
from minsheng.core.layout import sign
from minsheng.landing.reviews import reviews
from minsheng.stages.receive_plan import receive_plan
from minsheng.warehouse.connection import open_warehouse, transaction
from minsheng.warehouse.explanations import StandingDoubt, standing_doubts, state_reviews
from tests.county import County
from tests.holding import holding
from tests.workbooks import as_bytes, cell, lushan, manholes

pytestmark = pytest.mark.slow

WHY = "汛期前集中改造，一次完工"


def send(county: County, why: str | None, month: int = 1200) -> None:
    workbook = manholes(month, 1600)
    cell(workbook, "M03-01", "说明").value = why
    cell(workbook, "M03-01", "备注").value = f"第 {county.deliveries} 次"  # so that no two files are the same
    county.send(("CGJ", f"{county.deliveries}.xlsx", as_bytes(workbook)))


def doubt(county: County) -> StandingDoubt:
    with open_warehouse(county.home.warehouse) as connection:
        with transaction(connection):
            state_reviews(connection, county.home, [lushan().plan_id], county.run().as_of.replace(year=2099))
        (one,) = standing_doubts(connection, [lushan().plan_id])
    return one


def call(county: County, *words: str) -> str:
    result = CliRunner().invoke(app, ["explanations", *words, "--home", str(county.folder)])
    if isinstance(result.exception, UserError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def county(tmp_path: Path) -> County:
    """A county whose plan lies in its landing, as after every run."""
    county = County(tmp_path)
    sign(county.home.installation)
    receive_plan(county.run())
    return county


def test_whoever_only_looks_waits_for_no_other_reader(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    send(county, WHY)
    monkeypatch.setattr("minsheng.warehouse.connection.PATIENCE", 0.1)
    with holding(county.home.warehouse, "read"):
        assert "待审阅 1 处" in call(county, "list")


def test_what_was_agreed_to_is_not_asked_again_for_the_same_number_and_words(county: County) -> None:
    send(county, WHY)
    assert doubt(county).state == "explained"
    call(county, "accept", doubt(county).reference, "--by", "李科长", "--reason", "已看现场")
    assert doubt(county).state == "agreed"
    send(county, WHY)
    assert (doubt(county).state, doubt(county).reviewed_by) == ("agreed", "李科长")
    send(county, "另有原因")
    assert doubt(county).state == "explained"
    send(county, WHY, month=1300)
    assert doubt(county).state == "explained"


def test_asking_again_writes_one_letter_for_one_question(county: County) -> None:
    send(county, WHY)
    reference = doubt(county).reference
    for _ in range(2):
        call(county, "ask", reference, "--by", "李科长", "--reason", "在哪几条街道？")
    assert doubt(county).state == "asked"
    assert county.query("select kind, unit_code from raw.mail where kind = 'question'") == [("question", "CGJ")]
    ((opening,),) = county.query("select opening from raw.letter where kind = 'question'")
    assert f"贵单位的说明：{WHY}\n\n数据组想请教：在哪几条街道？" in str(opening)
    assert {note.review_code for note in reviews(county.home, lushan().plan_id)} == {"asked"}


def test_a_command_that_is_cut_short_loses_no_letter(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    send(county, WHY)
    asked = ("ask", doubt(county).reference, "--by", "李科长", "--reason", "在哪几条街道？")
    with monkeypatch.context() as patch:
        patch.setattr("minsheng.commands.explanations.record_review", _cut_short)
        with pytest.raises(AssertionError):
            call(county, *asked)
    assert doubt(county).state == "explained"  # so that it is seen to be left to do
    call(county, *asked)
    assert doubt(county).state == "asked"
    assert county.query("select unit_code from raw.mail where kind = 'question'") == [("CGJ",)]


def _cut_short(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_nobody_has_explained_cannot_be_agreed_to(county: County) -> None:
    send(county, None)
    one = doubt(county)
    assert one.state == "unexplained"
    with pytest.raises(UserError, match="单位还没有说明，不能认可 → 请用 minsheng explanations ask"):
        call(county, "accept", one.reference, "--by", "李科长", "--reason", "是")
    with pytest.raises(UserError, match="现行报表中没有这一处疑问"):
        call(county, "ask", "x-1", "--by", "李科长", "--reason", "是")
    assert doubt(county).state == "unexplained"


def test_the_list_names_unit_place_words_and_how_many_wait(county: County) -> None:
    send(county, WHY)
    told = call(county, "list")
    assert "2022年5月 CGJ 已说明、待审阅" in told
    assert f"单位说明：{WHY}" in told
    assert told.endswith("共 1 处，其中没有说明 0 处，待审阅 1 处\n")
