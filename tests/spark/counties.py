"""What the models are run on: the example county's first quarter, and a county whose plan and months have changed."""

from __future__ import annotations

from pathlib import Path

from minsheng.core.home import Home, Installation
from minsheng.core.outcome import StageResult
from minsheng.core.period import Period
from minsheng.flows.deciding import MonthOfUnits, Said, close, extend, reopen, switch_rule
from minsheng.plan.loader import load_plan
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from tests.end_to_end.conftest import PLAN, deliveries, run_delivery
from tests.received import Received, at

# January to March: faulty, late and corrected files, and every kind of mail.
_DELIVERIES = 7
_ERRATUM = """- code: E01
  reason: 印发稿把 -5 误排为 -30
  document_no: 鲁办文〔2022〕31号
  decided_on: 2022-04-02
  indicators: []
  valid_from: 2022-01
  valid_to: 2022-02
"""
_CLOSURE = """- indicator: M03-01
  closed_on: 2022-04-15
  office: 县委县政府督查局
  document_no: 督办〔2022〕3号
  evidence: 现场核查记录
"""
_NODE = "nodes: [{due_date: 2022-06-30, value: 3, note: 半年}]"


def example_county(installation: Installation) -> Home:
    """Lushan, as its units reported the first three months."""
    home = installation.home("lushan")
    plan = load_plan(PLAN)
    for delivery in deliveries()[:_DELIVERIES]:
        _require_taken(run_delivery(home, plan, delivery))
    return home


def changed_county(folder: Path, installation: Installation) -> Home:
    """Baofeng: an erratum, values of the year before, a report sent again, decisions, a file not yet judged."""
    county = _Baofeng(folder)
    county.home = installation.home("baofeng")
    county.edit("items/M02.yaml", "last_year: []", "last_year: [{month: 6, value: 100}]")
    county.edit("items/M02.yaml", "nodes: []", _NODE)
    _require_taken(county.take(1, at(2, 3), county.manholes(1, 30, 30)))
    _require_taken(county.take(2, at(3, 3), county.manholes(2, 29, 59)))
    _require_taken(county.take(2, at(3, 4), county.manholes(2, 30, 60)))
    county.edit("plan.yaml", "red_floor_pp: -30", "red_floor_pp: -5")
    county.add("errata.yaml", _ERRATUM)
    county.add("closures.yaml", _CLOSURE)
    _decide(county)
    _require_taken(county.take(4, at(5, 3), county.manholes(4, 60, 120)))
    unit, content = county.manholes(4, 61, 121)
    (county.folder / "late" / unit).mkdir(parents=True)
    (county.folder / "late" / unit / "4月-更正.xlsx").write_bytes(content)
    pull(county.run(at(5, 4)), county.folder / "late")
    parse(county.run(at(5, 4)))
    return county.home


def _require_taken(results: list[StageResult]) -> None:
    failed = [outcome for result in results for outcome in result.outcomes if outcome.result == "failed"]
    assert failed == []


class _Baofeng(Received):
    """The neighbour, which has taken over Lushan's plan but for its name and code."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.plan = self.plan.rename(self.plan.with_name("baofeng-2022"))
        text = (self.plan / "plan.yaml").read_text(encoding="utf-8")
        for old, new in (("lushan-2022", "baofeng-2022"), ("410423", "410421"), ("鲁山县", "宝丰县")):
            text = text.replace(old, new)
        (self.plan / "plan.yaml").write_text(text, encoding="utf-8")


def _decide(county: Received) -> None:
    plan, said = load_plan(county.plan), Said(at(4, 20), "张三", "汛期", "宝办文〔2022〕9号")
    april, january = MonthOfUnits(Period(2022, 4), "CGJ"), Period(2022, 1)
    extend(county.home, plan, april, at(5, 9), said)
    close(county.home, plan, january, said)
    reopen(county.home, plan, MonthOfUnits(january, "CGJ", "M03-01"), at(5, 9), said)
    switch_rule(county.home, plan, "H04", said, off=True)
