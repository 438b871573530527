"""What a plan may not say because it means nothing, and that the author's table says the same."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from minsheng.core.codes import Kind, ProgressBasis
from minsheng.core.declarations import ROOT
from minsheng.core.errors import UserError
from minsheng.plan.loader import load_named_plan, load_plan
from minsheng.plan.meaning import BASES

PAIRS = list(product(get_args(Kind), get_args(ProgressBasis)))


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as told:
        load_plan(folder)
    return str(told.value)


def edited(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("kind", "basis"), PAIRS)
def test_a_kind_is_judged_only_by_what_can_judge_it(yunxi: Path, kind: Kind, basis: ProgressBasis) -> None:
    folder = edited(
        yunxi,
        "items/M01.yaml",
        ("kind: flow", f"kind: {kind}"),
        ("progress_basis: linear_month", f"progress_basis: {basis}"),
    )
    try:
        load_plan(folder)
    except UserError as error:
        is_refused = "[basis_cannot_judge]" in str(error)
    else:
        is_refused = False
    assert is_refused == (basis not in BASES[kind])


def test_the_authors_table_says_the_same() -> None:
    page = (ROOT / "plans" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (`\w+`(?:、`\w+`)*) \|$", page, re.MULTILINE)
    assert {kind: tuple(re.findall(r"\w+", bases)) for kind, bases in rows} == BASES


@pytest.mark.parametrize("text", ["待补", "待定", "（待补充）", "TODO", "tbd", "？", "……", "待县里定"])
def test_a_text_left_open_is_no_text(yunxi: Path, text: str) -> None:
    told = refusal(edited(yunxi, "items/M01.yaml", ("definition: 完工里程。", f"definition: '{text}'")))
    assert f"（indicators[0].definition）：还写着“{text}” → 请填写（口径：" in told


def test_a_text_left_open_is_found_in_every_file(yunxi: Path) -> None:
    edited(yunxi, "plan.yaml", ("issuer: 云溪县人民政府办公室", "issuer: 待补"))
    edited(yunxi, "units.yaml", ("full_name: 云溪县财政局", "full_name: 待定"))
    edited(yunxi, "calendar.yaml", ("source: 虚构", "source: 待填"))
    told = refusal(yunxi)
    places = ("plan.yaml 第 4 行（issuer）", "units.yaml 第 11 行（[1].full_name）", "calendar.yaml 第 1 行（source）")
    assert [place in told for place in places] == [True, True, True], told


def test_of_a_place_left_open_nothing_else_is_said(yunxi: Path) -> None:
    edited(yunxi, "plan.yaml", ("year: 2024", "year: 待定"))
    edited(yunxi, "items/M01.yaml", ("kind: flow", "kind: 待定"), ("lead_unit: JTJ", "lead_unit: 待定"))
    (yunxi / "text.txt").write_text("待定\n", encoding="utf-8")
    assert refusal(yunxi).splitlines()[1:] == [
        "  plan.yaml 第 5 行（year）：还写着“待定” → 请填写（方案的年度，四位数字） [left_open]",
        (
            "  items/M01.yaml 第 16 行（indicators[0].kind）：还写着“待定” → 请填写（指标类型；可写：flow 累计量、"
            "stock 存量、ratio 比率、coverage 覆盖、milestone 里程碑、trend 同比） [left_open]"
        ),
        (
            "  items/M01.yaml 第 24 行（indicators[0].lead_unit）：还写着“待定”"
            " → 请填写（负责报送的牵头单位的编码） [left_open]"
        ),
        "  text.txt：还没有方案原文 → 请把方案原文一字不改地放进这个文件，存为 UTF-8 [text_left_open]",
    ]


def test_words_that_begin_like_it_are_words(yunxi: Path) -> None:
    load_plan(
        edited(yunxi, "items/M01.yaml", ("definition: 完工里程。", "definition: 待建道路完工的里程，以验收为准。"))
    )


def test_the_first_target_is_the_plans_own(yunxi: Path) -> None:
    told = refusal(
        edited(yunxi, "items/M01.yaml", ("document_no: 云政办〔2024〕3号", "document_no: 鲁办文〔2022〕15号"))
    )
    assert "：最初的目标依据 鲁办文〔2022〕15号，本方案的文号是 云政办〔2024〕3号 → " in told


def test_a_target_of_another_year(yunxi: Path) -> None:
    told = refusal(edited(yunxi, "items/M01.yaml", ("valid_from: 2024-01", "valid_from: 2022-01")))
    assert "（indicators[0].targets[0].valid_from）：2022-01 不在方案年度 2024 之内 → " in told


def test_the_year_is_the_ids(yunxi: Path) -> None:
    assert "：plan_id yunxi-2023 与方案年度 2024 不符 → " in refusal(
        edited(yunxi, "plan.yaml", ("plan_id: yunxi-2024", "plan_id: yunxi-2023"))
    )


def test_a_reading_of_last_years_plan(yunxi: Path) -> None:
    reading = "{code: Q01, concerns: [plan], question: 哪天报？, reading: 10 日, reason: 惯例, valid_from: 2022-01-01}"
    told = refusal(edited(yunxi, "readings.yaml", ("[]", f"[{reading}]")))
    assert "（[0].valid_from）：2022-01-01 不在方案年度 2024 之内，像是别的方案的口径 → " in told


def test_a_folder_among_others_is_named_as_its_plan(yunxi: Path) -> None:
    moved = yunxi.rename(yunxi.with_name("yunxi-2025"))
    load_plan(moved)
    with pytest.raises(UserError, match="方案 yunxi-2024 放在文件夹 yunxi-2025 里 → 请把文件夹改名为 yunxi-2024"):
        load_named_plan(moved)


CLOSURE = (
    "- {indicator: M01-01, closed_on: 2024-08-15, office: 县督查局, document_no: 云督〔2024〕1号, evidence: 验收单}\n"
)


def test_what_is_closed_is_in_the_plan_and_is_closed_once(yunxi: Path) -> None:
    (yunxi / "closures.yaml").write_text(CLOSURE, encoding="utf-8")
    (closed,) = load_plan(yunxi).closures
    assert (closed.indicator, str(closed.closed_on)) == ("M01-01", "2024-08-15")
    wrong = CLOSURE.replace("M01-01", "M01-10").replace("2024-08", "2023-08")
    (yunxi / "closures.yaml").write_text(CLOSURE * 2 + wrong, encoding="utf-8")
    told = refusal(yunxi)
    assert "closures.yaml 第 2 行（[1].indicator）：指标“M01-01”写了两次销号 → " in told
    assert "closures.yaml 第 3 行（[2].closed_on）：销号日期 2023-08-15 早于方案年度 2024 → " in told
    assert "closures.yaml 第 3 行（[2].indicator）" in told


def test_a_closure_says_by_whom_and_on_what(yunxi: Path) -> None:
    (yunxi / "closures.yaml").write_text("- {indicator: M01-01, closed_on: 2024-08-15}\n", encoding="utf-8")
    told = refusal(yunxi)
    assert [f"缺少键“{key}”" in told for key in ("office", "document_no", "evidence")] == [True, True, True]
