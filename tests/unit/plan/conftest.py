"""The county's plan as committed, and a second, made-up one to edit and to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan

LUSHAN = Path(__file__).parents[3] / "plans" / "lushan-2022"

# Another county, another year, one item, two units; the second one ceases in May.
YUNXI = {
    "plan.yaml": """\
plan_id: yunxi-2024
title: 云溪县2024年民生实事
document_no: 云政办〔2024〕3号
issuer: 云溪县人民政府办公室
year: 2024
county_code: 999999
county_name: 云溪县
timezone: Asia/Shanghai
text: text.txt
text_note: 虚构
due: {day: 10, hour: 12:00, roll: none, freeze_working_days: 2}
thresholds:
  ahead_pp: 5
  green_floor_pp: 0
  red_floor_pp: -20
  rate_yellow_pp: -3
  node_yellow_month: 10
  node_red_month: 12
sends_receipts: true
""",
    "text.txt": "一、修路\n主要任务：全年修路 12 公\n里。\n牵头单位：县交通局\n责任单位：县财政局\n",
    "items/M01.yaml": """\
code: M01
number: 1
name: 修路
quote: 全年修路 12 公里。
lead_units_quote: 县交通局
responsible_units_quote: 县财政局
lead_units: [JTJ]
supporting_units: [CZJ]
lead_assignment: 方案
indicators:
  - code: M01-01
    name: 修路里程
    name_en: Roads built
    quote: 全年修路 12 公里
    definition: 完工里程。
    kind: flow
    comparator: ge
    unit_of_measure: 公里
    value_type: decimal
    progress_basis: linear_month
    targets:
      - {value: 12.00, as_written: 12 公里, comparator_word: 修路, valid_from: 2024-01, document_no: 云政办〔2024〕3号}
    deadline: {phrase: 全年, source: 本句, date: 2024-12-31}
    lead_unit: JTJ
""",
    "units.yaml": """\
- code: JTJ
  name: 县交通局
  short_name: 交通局
  full_name: 云溪县交通运输局
  full_name_is_presumed: false
  type: county_bureau
  valid_from: 2020-01-01
- code: CZJ
  name: 县财政局
  short_name: 财政局
  full_name: 云溪县财政局
  full_name_is_presumed: false
  type: county_bureau
  valid_from: 2020-01-01
  valid_to: 2024-05-10
""",
    "registers/villages.yaml": "{code: villages, name: 行政村, source: 无, as_of: null, members: null}\n",
    "calendar.yaml": """\
source: 虚构
covers_from: 2024-01-01
covers_to: 2025-01-31
holidays: []
working_weekends: []
""",
    "readings.yaml": "[]\n",
}


@pytest.fixture(scope="session")
def lushan() -> Plan:
    return load_plan(LUSHAN)


@pytest.fixture
def lushan_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LUSHAN, tmp_path / "lushan-2022"))


@pytest.fixture
def yunxi(tmp_path: Path) -> Path:
    folder = tmp_path / "yunxi-2024"
    for name, text in YUNXI.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
