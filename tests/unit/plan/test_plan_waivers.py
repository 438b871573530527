"""waivers.yaml：optional, strict, and only for rules that may be waived."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.flows.plan_check import check_plan
from minsheng.plan.loader import load_plan

WAIVER = """\
- rule: H04
  unit: JTJ
  indicator: M01-01
  valid_from: 2024-03
  valid_to: 2024-04
  reason: 集中完工
  document_no: 云政办函〔2024〕9号
  decided_on: 2024-04-02
  expires_on: 2024-05-31
"""


def write(folder: Path, text: str) -> Path:
    (folder / "waivers.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_plan_without_the_file_waives_nothing(yunxi: Path) -> None:
    assert load_plan(yunxi).waivers == ()
    assert "豁免：无" in check_plan(yunxi).lines()


def test_a_sound_waiver_is_shown_by_the_check(yunxi: Path) -> None:
    assert "豁免：JTJ H04（至 2024-05-31）" in check_plan(write(yunxi, WAIVER)).lines()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rule: H04", "rule: h4", "waivers.yaml 第 1 行（[0].rule）：这里写的是“h4”"),
        ("unit: JTJ", "unit: JTX", "waivers.yaml 第 2 行（[0].unit）：方案中没有单位“JTX”"),
        ("M01-01", "M01-09", "waivers.yaml 第 3 行（[0].indicator）：方案中没有指标“M01-09”"),
        ("valid_to: 2024-04", "valid_to: 2024-02", "第 5 行（[0].valid_to）：月份的结束早于开始"),
        ("expires_on: 2024-05-31", "expires_on: 2024-04-01", "（[0].expires_on）：失效早于决定"),
        ("  reason: 集中完工\n", "", "waivers.yaml 第 1 行（[0]）：缺少键“reason” → 请补上"),
        ("reason:", "raeson:", "没有“raeson”这个键 → 是不是“reason”？"),
        ("rule: H04", "rule: H99", "waivers.yaml 第 1 行（[0].rule）：没有规则“H99” → 见 docs/generated/rules.md"),
        ("rule: H04", "rule: R13", "规则 R13（本月数大于累计数）不能豁免 → 可豁免的规则有 C50、C51"),
    ],
)
def test_a_faulty_waiver_is_named_with_its_line(yunxi: Path, old: str, new: str, words: str) -> None:
    assert old in WAIVER
    with pytest.raises(UserError) as refusal:
        check_plan(write(yunxi, WAIVER.replace(old, new)))
    assert words in str(refusal.value)
