"""What is kept of every judgement, and the page the data team reads it on."""

import re
from datetime import UTC
from pathlib import Path

import pytest

from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.publish import publish
from minsheng.stages.report import report
from minsheng.validation.datadocs import page, quality_pages
from minsheng.validation.quality import MonthRecord, RuleRecord
from minsheng.warehouse.connection import open_warehouse
from tests.county import IN_MAY, IN_TIME, LATE, County
from tests.workbooks import as_bytes, lushan, manholes

pytestmark = pytest.mark.slow

HOSTILE = "<svg onload=alert(1)>"
RESULTS = "select applied_count, fired_count, unjudged_count from raw.rule_result where rule_code = '{}' order by all"


def quality(county: County, period: str = "2022-05") -> Path:
    return county.home.reports / "lushan-2022" / "quality" / f"{period}.html"


def drawn(county: County) -> str:
    """The page of May after whatever is out of date has been drawn."""
    with open_warehouse(county.home.warehouse) as connection:
        quality_pages(connection, county.run())
    return quality(county).read_text(encoding="utf-8")


def test_every_rule_that_applied_is_on_record_and_no_other(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes("约120"))))
    assert county.query(RESULTS.format("C12")) == [(2, 1, 0)], "a month and a cumulative value, one of them about"
    assert county.query(RESULTS.format("F26")) == [(1, 0, 0)]
    assert county.query(RESULTS.format("R24")) == [], "this unit reports no rate"


def test_what_could_not_be_judged_is_on_record_as_such(county: County) -> None:
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes(120, None))))
    assert county.query(RESULTS.format("H01")) == [(1, 0, 1)]


def test_a_duplicate_is_held_against_nothing(county: County) -> None:
    content = as_bytes(manholes())
    county.send(("CGJ", "5月.xlsx", content))
    county.send(("CGJ", "5月（重发）.xlsx", content), at=LATE)
    assert county.query("select count(distinct submission_id) from raw.rule_result") == [(1,)]


def test_the_quality_page_names_rule_count_and_cell_but_not_what_stood_there(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes("约120"))))
    html = drawn(county)
    assert "C12 大约的数" in html
    assert "适用 2 处（1 份文件），不符合 1 处，未能判断 0 处" in html
    assert "CGJ!填报!F6" in html
    assert "1 unexpected values found. 50% of 2 total rows." in " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "约120" not in html


def test_the_quality_page_needs_no_network(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes("约120"))))
    html = drawn(county)
    assert not re.search(r"https?:|//\w|<script|<link|<img|@import|url\(", html)


def test_a_quality_page_is_written_when_there_is_more_on_record_and_when_it_was_lost(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes("约120"))))
    first = drawn(county)
    quality(county).write_text(f"{first}<!-- not drawn again -->", encoding="utf-8")
    assert drawn(county).endswith("<!-- not drawn again -->")
    quality(county).unlink()
    assert drawn(county) == first
    county.send(("CGJ", "5月改.xlsx", as_bytes(manholes())))
    assert "已接收 1 份， 已退回 1 份" in drawn(county)
    assert not quality(county, "2022-04").exists()


def test_the_page_is_drawn_with_the_others_and_not_where_files_are_judged(county: County) -> None:
    county.send(("CGJ", "5月.xlsx", as_bytes(manholes("约120"))))
    assert not quality(county).exists()
    for stage in (load, build, publish, report):
        stage(county.run())
    assert "C12 大约的数" in quality(county).read_text(encoding="utf-8")


def test_what_units_call_their_sheets_is_text_and_never_markup(county: County) -> None:
    workbook = manholes("约120")
    workbook["填报"].title = HOSTILE
    county.send(("CGJ", "5月.xlsx", as_bytes(workbook)))
    html = drawn(county)
    assert HOSTILE not in html
    assert "CGJ!&lt;svg onload=alert(1)&gt;!F6" in html


def test_what_the_plan_says_is_text_and_never_markup() -> None:
    month = MonthRecord("2022-05", {"rejected": 1}, (RuleRecord("C12", 1, 2, 1, 0, {"<b>!填报!F6": 1}),))
    html = page(month, lushan().model_copy(update={"county_name": "<b>县", "title": "<b>方案"}), IN_TIME)
    assert "<b>" not in html
    assert all(f"&lt;b&gt;{word}" in html for word in ("县", "方案", "!填报!F6"))


def test_the_page_shows_the_county_s_time() -> None:
    assert "数据截至 2022-06-03 10:00，" in page(MonthRecord("2022-05", {}, ()), lushan(), IN_TIME.astimezone(UTC))


def test_a_rule_that_is_no_more_stays_on_the_page() -> None:
    month = MonthRecord("2022-05", {"rejected": 1}, (RuleRecord("Z99", 1, 3, 1, 0, {"CGJ!填报!F6": 1}),))
    html = page(month, lushan(), IN_TIME)
    assert "现行规则中已没有的规则" in html
    assert "适用 3 处（1 份文件），不符合 1 处" in html
