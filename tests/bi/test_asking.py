"""Questions on the command line, to what readers see."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from minsheng.commands.main import app
from minsheng.core.errors import UserError
from minsheng.core.home import Installation
from minsheng.publication.asking import ask
from minsheng.stages.roll_up import roll_up
from tests.bi.conftest import Publisher


@pytest.fixture(scope="module")
def shown(published: Publisher) -> Installation:
    """The installation of which the one county's publication is shown."""
    installation = published.run.home.installation
    roll_up(installation)
    return installation


def test_rows_are_told_as_people_write_them(shown: Installation) -> None:
    answer = ask(
        shown,
        """
        select indicator_code, actual_value, numerator, completion_ratio / 3 as third, accepted_at, is_corrected,
            period_start, count(*) over (), month_value
        from pub_indicator_completion_v1
        where indicator_code = 'M04-03'
        """,
    )
    assert answer.names[3:] == (
        "third",
        "accepted_at",
        "is_corrected",
        "period_start",
        "COUNT(*) OVER ()",
        "month_value",
    )
    assert answer.rows == (("M04-03", "0.541", "541", "0.3006", "2022-02-07 17:30:00", "否", "2022-01-01", "1", "—"),)


def test_rows_come_in_the_order_asked_for_and_else_in_that_of_their_text(shown: Installation) -> None:
    codes = "select distinct item_code from pub_indicator_completion_v1"
    ordered = [row for (row,) in ask(shown, f"{codes} order by item_code desc").rows]
    assert ordered == sorted(ordered, reverse=True)
    assert [row for (row,) in ask(shown, codes).rows] == ordered[::-1]


def test_tables_have_two_names(shown: Installation) -> None:
    english = ask(shown, "select count(*) as n from pub_indicator_completion_v1 where light = 'yellow'")
    assert ask(shown, "select count(*) as n from 指标完成情况 where 亮灯 = '黄'") == english
    assert english.rows == (("1",),)


@pytest.mark.parametrize(
    ("question", "told"),
    {
        "select * from raw_mail": "SQL：没有发布 raw_mail → 请改正表名",
        "select nothing from dim_unit": "SQL：问不了（Binder Error: Referenced column",
        "select cast(unit_code as integer) from dim_unit": "SQL：问不了（Conversion Error: ",
        "drop table dim_unit": "SQL：不是一条 SELECT",
        "select '亮灯": "SQL：",
        "select * from read_text('/etc/hostname')": "SQL：问不了（Permission Error: ",
    }.items(),
)
def test_what_cannot_be_answered_is_told_in_one_line(shown: Installation, question: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        ask(shown, question)
    assert str(refused.value).startswith(told) and "\n" not in str(refused.value)


def test_an_answer_is_printed_as_a_table(shown: Installation) -> None:
    command = ["publication", "ask", "select status_code, status_label as 状态 from dim_status", "--home"]
    printed = CliRunner().invoke(app, [*command, str(shown.root)])
    assert printed.exit_code == 0
    assert printed.output.splitlines()[0].split() == ["status_code", "状态"]
    assert any(line.split() == ["DONE", "已完成"] for line in printed.output.splitlines())
