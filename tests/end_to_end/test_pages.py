"""What leaders read of the example months: the page and `minsheng status` say the same."""

import html
import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from rich.cells import cell_len
from rich.console import Console

from minsheng.core.declarations import RULES
from minsheng.core.home import Home
from minsheng.plan.loader import load_plan
from minsheng.validation.rules import load_rules
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
    assert "M04-01 新建和改造农村公路里程 已退回：尚未收到改正后的报表 本月 请县交通运输局改正后重新报送" in told
    assert "M08-01 残疾儿童康复救助人数 未报送：截止时间已过 本月 请县残联补报" in told
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


def test_every_link_leads_to_a_page_and_a_place_on_it(county: Home) -> None:
    pages = {path.resolve(): seen(path) for path in leaders_pages(county)}
    assert len(pages) == 1 + 1 + 3 * 6 - 1 + 32 + 1, (
        "the front, exceptions, months with one sheet and the issued one, indicators, lines"
    )
    for path, found in pages.items():
        for link in found.links:
            target, _, anchor = link.partition("#")
            leads_to = (path.parent / unquote(target)).resolve() if target else path
            if leads_to.is_relative_to(county.landing.resolve()):  # an original, under its own name
                assert leads_to.is_file(), (path.name, link)
                continue
            assert leads_to in pages, (path.name, link)
            assert not anchor or anchor in pages[leads_to].ids, (path.name, link)


def test_pages_are_whole_without_a_network_a_script_or_colours(county: Home) -> None:
    for path in leaders_pages(county):
        found = seen(path)
        assert found.sources == [] and not found.tags & {"script", "img", "link", "iframe"}, path.name
        assert "url(" not in found.text and "@import" not in found.text, path.name
        assert len(found.ids) == len(set(found.ids)), path.name
        assert found.headings.count("h1") == 1 and found.language == "zh-CN", path.name
        assert found.unscoped == 0 and found.tables == found.captions, path.name


def test_a_leader_is_shown_no_command_and_no_rule_code(county: Home) -> None:
    codes = {rule.code for rule in load_rules(RULES).rules} - {item.code for item in load_plan(PLAN).items}
    for path in leaders_pages(county):
        told = words(path.read_text(encoding="utf-8"))
        assert "minsheng " not in told and "BEHIND" not in told, path.name
        assert not codes & set(re.findall(r"(?<![!\w])[A-Z]\d\d(?![-\w])", told)), path.name


def test_the_front_says_the_month_in_a_minute(county: Home) -> None:
    told = words((county.reports / "index.html").read_text(encoding="utf-8"))
    assert "鲁山县2022年重点民生实事6月完成情况 初步" in told and "数据时点 2022-07-07 10:00" in told
    assert "2 项指标中 1 项符合序时，窨井设施维护改造数差 9 个" in told
    assert "恢复 3 项 职业技能培训人次：滞后 → 符合序时进度（县人力资源和社会保障局）" in told
    assert "县残联 7 → 10" in told and "未报送：县残联" in told
    assert "请县教育体育局提供各时间节点应达到的数： 新建公办幼儿园 、 改扩建公办幼儿园" in told.replace(
        "：新", "： 新"
    )


def test_an_indicator_leads_from_its_line_to_the_cells_it_stands_in(county: Home) -> None:
    text = (county.reports / "lushan-2022" / "indicators" / "M03-01.html").read_text(encoding="utf-8")
    told = words(text)
    assert "<svg" in text and 'aria-label="窨井设施维护改造数：各月累计与目标"' in text
    assert "4月 更正：原为 634 606 28 个窨井与上月重复统计，予以核减 2022-05-16 09:00" in told
    assert "4月（第 2 版） 附件-4月（更正）.xlsx" in told and "填报!G6 累计数“606”" in told
    assert "鲁办文〔2022〕15号" in told and "中国移动鲁山分公司 4 9 10 18 19 20" in told
    members = words((county.reports / "lushan-2022" / "indicators" / "M06-02.html").read_text(encoding="utf-8"))
    assert "汇源街道 0 0 0 0 36 46 50 没有达到" in members and "汇源街道还差 4 张，7 月到位" in members


def leaders_pages(home: Home) -> list[Path]:
    """Every page leaders read; the issued ones too."""
    folder = home.reports / "lushan-2022"
    pages = (*sorted(folder.glob("2022-*.html")), *sorted(folder.glob("indicators/*.html")))
    return [home.reports / "index.html", folder / "exceptions.html", *pages]


class Seen(HTMLParser):
    """What a check needs of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.tags: set[str] = set()
        self.language = self.text = ""
        self.tables = self.captions = self.unscoped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.language = self.language or told.get("lang", "")
        self.links += [told["href"]] if "href" in told else []
        self.sources += [told["src"]] if "src" in told else []
        self.ids += [told["id"]] if "id" in told else []
        self.headings += [tag] if re.fullmatch("h[1-6]", tag) else []
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.unscoped += tag == "th" and "scope" not in told


def seen(path: Path) -> Seen:
    found = Seen()
    found.text = path.read_text(encoding="utf-8")
    found.feed(found.text)
    return found


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
    assert "待审签" not in printed  # nobody signs in this county
