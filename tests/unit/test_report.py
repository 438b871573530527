"""The page of a county from which nothing, or something hostile, has come."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.build import build
from minsheng.stages.load import load
from minsheng.stages.publish import publish
from minsheng.stages.report import report
from minsheng.warehouse.connection import open_warehouse
from tests.county import open_months
from tests.workbooks import lushan

HOSTILE = "<script>alert(1)</script>"
PLANTED = f"""
    update published.pub_indicator_completion_v1
    set actual_value = 2.5, completion_ratio = 0.0833, is_corrected = true where indicator_code = 'M04-01';
    insert into published.pub_indicator_correction_v1 by name
    select 'lushan-2022' as plan_id, '2022-01' as period, 'M04-01' as indicator_code, 2 as revision_no,
        '更正：原为 2.1' as change_note, true as is_correction, '{HOSTILE}' as reason;
    update published.pub_unit_scorecard_v1 set unit_name = '{HOSTILE}' where unit_code = 'CL';
    insert into published.pub_data_quality_v1 by name
    select 'lushan-2022' as plan_id, null as period, '0000-00' as period_key, 'RSJ' as unit_code,
        '县人力资源和社会保障局' as unit_name,
        'Z99' as rule_code, 'reject' as severity,
        2 as finding_count, 1 as submission_count, timestamptz '2022-02-03 10:00:00+08' as opened_at, true as is_open
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """January is open, its due hour past, and nobody has reported."""
    return opened(tmp_path, datetime(2022, 2, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")))


def opened(tmp_path: Path, moment: datetime) -> Run:
    run = Run(Home(tmp_path / "lushan"), as_county([lushan()]), moment, "report")
    open_months(run, Period(2022, 1))
    load(run)
    build(run)
    return run


def page(run: Run) -> str:
    publish(run)
    report(run)
    return (run.home.reports / "lushan-2022" / "2022-01.html").read_text(encoding="utf-8")


def test_a_county_that_has_sent_nothing_has_a_page_that_says_so(run: Run) -> None:
    told = page(run)
    assert "<p>没有滞后的指标。</p>" in told
    assert "未报送：截止时间已过" in told
    assert "<b>35</b> 未报送" in told
    assert "<b>32</b> 未报送 <small>100.0%</small>" in told
    assert "<p>没有尚未改正的问题。</p>" in told
    assert "<p>本期没有发现问题。</p>" in told
    pages = {path: path.stat().st_mtime_ns for path in run.home.reports.rglob("*.html")}
    torn = run.home.reports / "lushan-2022" / "indicators" / "M03-01.html"
    whole = torn.read_bytes()
    torn.write_bytes(whole[:2000])
    assert {outcome.result for outcome in report(run).outcomes} == {"unchanged"}
    written = {path for path, at in pages.items() if path.stat().st_mtime_ns != at}
    assert torn.read_bytes() == whole and written == {torn, torn.with_name("index.html")}


def test_nobody_is_ranked_for_what_is_not_due_yet(tmp_path: Path) -> None:
    told = page(opened(tmp_path, datetime(2022, 2, 7, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))))
    ranking = told[told.index("<h2>牵头单位完成排名") : told.index("<h2>报送情况")]
    assert ranking.count('<tr class=""><td class="n">—</td>') == 11
    assert "0.0%" not in ranking
    front = (tmp_path / "lushan" / "reports" / "index.html").read_text(encoding="utf-8")
    assert "本月报送截止时间 2022-02-07 18:00 未到" in front


def test_what_units_wrote_is_text_and_never_markup(run: Run) -> None:
    with open_warehouse(run.home.warehouse) as connection:
        connection.execute(PLANTED)
    told = page(run)
    assert HOSTILE not in told
    assert "更正：原为 2.1（&lt;script&gt;alert(1)&lt;/script&gt;）" in told
    assert '<th scope="row" class="k">&lt;script&gt;alert(1)&lt;/script&gt;</th>' in told


def test_a_fault_in_a_file_of_no_month_is_open_under_a_rule_that_has_gone(run: Run) -> None:
    with open_warehouse(run.home.warehouse) as connection:
        connection.execute(PLANTED)
    assert (
        '县人力资源和社会保障局</th><td class="k" data-label="报送期">未写明</td>\n'
        '  <td data-label="规则"><span>已取消的规则</span></td><td class="n" data-label="问题数">2</td>'
        '<td class="k" data-label="自何时起">2022-02-03 10:00</td>'
    ) in page(run)
