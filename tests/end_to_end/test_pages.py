"""What leaders read of the example months: the page and `minsheng status` say the same."""

import html
import re
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from minsheng.core.home import Home
from minsheng.plan.loader import load_plan
from minsheng.views.summary import print_status, print_summary
from tests.end_to_end.conftest import PLAN

pytestmark = pytest.mark.slow


def page(home: Home, period: str) -> str:
    return (home.reports / "lushan-2022" / f"{period}.html").read_text(encoding="utf-8")


def words(text: str) -> str:
    """What stands on a page, without its tags and with single spaces."""
    body = text.split("<body>")[1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def status(home: Home, period: str) -> str:
    out = StringIO()
    print_status(home, None, period, Console(file=out, width=100))
    return out.getvalue()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_an_indicator_that_is_behind_says_why_since_when_and_what_it_takes(county: Home) -> None:
    told = words(page(county, "2022-04"))
    assert (
        "M03-01 窨井设施维护改造数 县城管局 滞后 落后于序时进度 1月起，已 4 个月 606 / 2,032 个，完成 29.8% "
        "每月 178.25（余 8 个月） 152 完成 89.7%， 完不成 累计 606 + 近三月共 456 ÷ 3 × 余 8 个月 = 1822"
    ) in told
    assert "更正：原为 634（28 个窨井与上月重复统计，予以核减）" in told


def test_lights_without_a_verdict_are_told_apart_by_reason(county: Home) -> None:
    told = words(page(county, "2022-06"))
    assert "已退回：尚未收到改正后的报表 3 县交通运输局：M04-01 新建和改造农村公路里程、M04-02" in told
    assert "未报送：截止时间已过 1 县残联：M08-01 残疾儿童康复救助人数" in told
    assert "1 已退回 县交通运输局 1 未报送 县残联" in told


def test_a_month_supplied_after_the_freeze_is_not_called_late_and_stays_missed(county: Home) -> None:
    told = words(page(county, "2022-02"))
    assert "1 补报 县教育体育局" in told
    assert "县教育体育局 牵头 补报 03-21 09:30 03-21 09:30 是 0 0 0 1/2，50.0% 0 1（补 1） 100.0%" in told
    assert "县教育体育局补报03-21" in squeezed(status(county, "2022-02"))


def test_shares_and_counts_of_a_page_add_up(county: Home) -> None:
    told = words(page(county, "2022-06"))
    total = re.search(r"全部项目 ((?:\d+ [\d.]+% )+)", told)
    assert total is not None
    numbers = re.findall(r"(\d+) ([\d.]+)%", total[1])
    *parts, whole = [(int(count), round(float(share) * 10)) for count, share in numbers]
    assert tuple(map(sum, zip(*parts, strict=True))) == whole == (32, 1000)


def test_open_faults_name_unit_rule_and_when_they_were_found(county: Home) -> None:
    told = words(page(county, "2022-06"))
    assert re.search(r"尚未改正的问题 .* 县交通运输局 2022年6月 \S+ \d+ 2022-07-05 17:30", told)
    assert "没有尚未改正的问题。" in words(page(county, "2022-04"))


def test_a_page_fetches_nothing(county: Home) -> None:
    links = re.findall(r"""(?:src|href)=["']([^"']*)|url\(|@import""", page(county, "2022-06"))
    assert links == [f"2022-0{month}.html" for month in range(1, 7)]


def test_status_says_the_same_in_a_hundred_columns(county: Home) -> None:
    printed = status(county, "2022-04")
    assert max(cell_len(line.rstrip()) for line in printed.splitlines()) <= 100
    told = squeezed(printed)
    assert "落后于序时进度；1月起，已4个月；更正：原为634（28个窨井与上月重复统计，予以核减）" in told
    assert "县城管局" in told and "完成89.7%，完不成" in told
    assert "名次单位本期首次收到接收问题年内按时一次通过率" in told


def test_the_closing_table_of_a_run_keeps_to_a_hundred_columns(county: Home) -> None:
    out = StringIO()
    print_summary(county, load_plan(PLAN), Console(file=out, width=100))
    printed = out.getvalue()
    assert "M04-01新建和改造农村公路里程30———●未报送已退回：尚未收到改正后的报表" in squeezed(printed)
    assert "…" not in printed
