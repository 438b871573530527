"""The example months through all stages: what comes out is what was planted."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from minsheng.plan.models import Plan
from minsheng.warehouse.connection import open_to_read
from tests.end_to_end.conftest import deliveries, query, run_delivery

pytestmark = pytest.mark.slow


def verdicts(home: Home) -> dict[tuple[str, str, str], str]:
    with open_to_read(home.warehouse) as connection:
        rows = connection.execute(
            "select strftime(received_at, '%Y-%m-%dT%H%M'), unit_code, file_name, verdict from star.fct_submission"
        ).fetchall()
    return {(received_at, unit, file): verdict for received_at, unit, file, verdict in rows}


def test_every_example_file_gets_the_verdict_its_maker_planted(county: Home, expected: list[dict[str, str]]) -> None:
    planted = {(row["delivery"], row["unit"], row["file"]): row["verdict"] for row in expected}
    assert verdicts(county) == planted


def test_every_opened_month_has_a_row_for_every_indicator(county: Home) -> None:
    rows = query(county, "select period, count(*) from pub_indicator_completion_v1 group by period order by period")
    assert rows == [(f"2022-0{month}", 32) for month in range(1, 7)]


def test_a_unit_that_did_not_report_is_a_status_not_a_hole_and_not_a_zero(county: Home) -> None:
    rows = query(
        county,
        """
        select actual_value, month_value, completion_ratio, light, submission_status
        from pub_indicator_completion_v1
        where status_code = 'NOT_REPORTED'
        """,
    )
    assert rows
    assert {row[:4] for row in rows} == {(None, None, None, "grey")}
    assert {row[4] for row in rows} <= {"missing", "rejected"}


def test_every_published_figure_stands_in_a_cell_of_its_submission(county: Home) -> None:
    with open_to_read(county.warehouse) as connection:
        reports = connection.execute("select count(*) from marts.indicator_completion where submission_id is not null")
        row = reports.fetchone()
        assert row is not None and row[0] > 100
        orphans = connection.execute(
            """
            select completion.period, completion.indicator_code
            from marts.indicator_completion as completion
            where completion.month_value is not null and not exists (
                select 1 from raw.cell
                where cell.submission_id = completion.submission_id
                    and cell.indicator_code = completion.indicator_code
                    and cell.field = 'month'
                    and cell.number_value = completion.month_value
            )
            """
        ).fetchall()
    assert orphans == []


def test_every_file_is_answered_once_to_its_own_unit(county: Home) -> None:
    with open_to_read(county.warehouse) as connection:
        rows = connection.execute(
            """
            select unit_code, mail_id
            from raw.submission inner join raw.verdict using (submission_id)
            """
        ).fetchall()
        letters = connection.execute(
            "select distinct unit_code, mail_id from raw.mail inner join raw.letter using (mail_id)"
        )
        written = {*rows, *letters.fetchall()}
    assert len(rows) > 200 and len(written) > 500
    assert Counter((path.parent.name, path.stem) for path in county.outbox.rglob("*.eml")) == Counter(written)


def test_the_same_inputs_again_change_nothing(county: Home, plan: Plan, tmp_path: Path) -> None:
    home = Home(shutil.copytree(county.root, tmp_path / "home", symlinks=True))
    mails = sorted(path.name for path in home.outbox.rglob("*.eml"))
    last = deliveries()[-1]
    results = {result.stage: result for result in run_delivery(home, plan, last)}
    assert {outcome.result for outcome in results["pull"].outcomes} == {"known"}
    assert results["publish"].count("unchanged") == 1
    assert sorted(path.name for path in home.outbox.rglob("*.eml")) == mails


def test_the_order_in_which_files_arrive_within_a_delivery_does_not_matter(plan: Plan, tmp_path: Path) -> None:
    first = deliveries()[0]
    whole, single = Home(tmp_path / "whole"), Home(tmp_path / "single")
    run_delivery(whole, plan, first)
    units = sorted((folder for folder in first.folder.iterdir() if folder.is_dir()), reverse=True)
    inbox = tmp_path / "inbox"
    for group in (units[0:1], units[1:3], units[3:]):
        for folder in group:
            shutil.copytree(folder, inbox / folder.name)
        run_delivery(single, plan, first, inbox)
    assert content(whole) == content(single)


def test_pages_exist_for_every_month_and_say_the_figures(county: Home) -> None:
    page = (county.reports / "index.html").read_text(encoding="utf-8")
    assert "2022年6月" in page
    assert "职业技能培训人次" in page
    assert len(list((county.reports / "lushan-2022").glob("????-??.html"))) == 6


def content(home: Home) -> str:
    return home.current.resolve().name.split("-")[1]


def test_the_workbook_prints_the_latest_due_month_of_every_table_with_months(county: Home) -> None:
    book = load_workbook(county.current / "民生实事.xlsx")
    for name in ("指标完成情况", "发出的邮件"):  # the second is not kept by month in its table
        sheet = book[name]
        months = [row[1].value for row in sheet.iter_rows(min_row=2)]
        printed = [row[1].value for row in sheet[str(sheet.print_area).split("!")[1]]]
        assert set(printed) == {"2022-06"} < set(months)
        assert months.count("2022-06") == len(printed)
    assert not book["校验规则"].print_area


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_everything_lies_where_the_readme_says(county: Home, readme: str) -> None:
    told = re.findall(r"`var/home/([^`]+)`", (ROOT / readme).read_text(encoding="utf-8"))
    assert len(told) >= 4
    assert [path for path in told if not (county.installation.root / path).exists()] == []
