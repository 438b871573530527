"""Broken folders, and the exact words a person is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.plan.loader import load_plan

EDITS = [
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ",
        "    leed_unit: JTJ",
        [
            "items/M01.yaml 第 11 行（indicators[0]）: 缺少键“lead_unit” → 请补上",
            "items/M01.yaml 第 24 行（indicators[0].leed_unit）: 没有“leed_unit”这个键 → 是不是“lead_unit”？"
            "可写：code、name、name_en、quote、definition、provincial_task、kind、comparator、polarity、unit_of_measure、"
            "unit_aliases、value_type、progress_basis、targets、deadline、lead_unit、lead_is_inferred、"
            "counted_once_per、may_fall、takes_contributions、numerator、denominator、ratio_of、max_ratio_reject、"
            "max_ratio_warn、fixed_denominator、sizes、register_code、register_scope、member_target、base_value、"
            "last_year、nodes、relations",
        ],
        id="misspelt key",
    ),
    pytest.param(
        "plan.yaml",
        "roll: none",
        "roll: next_workday",
        [
            "plan.yaml 第 11 行（due.roll）: 这里写的是“next_workday”"
            " → 是不是“next_working_day”？可写：next_working_day、none"
        ],
        id="wrong enum",
    ),
    pytest.param(
        "items/M01.yaml",
        "value: 12.00,",
        "value: 12 公里,",
        ["items/M01.yaml 第 22 行（indicators[0].targets[0].value）: 这里写的是“12 公里” → 应为数字，如 31400 或 0.6"],
        id="words for a number",
    ),
    pytest.param(
        "items/M01.yaml",
        "value: 12.00,",
        "value: 13.00,",
        [
            "items/M01.yaml 第 22 行（indicators[0].targets[0].value）: 13.00 is not what '12 公里' says, 12"
            " → correct one of them"
        ],
        id="target mistyped",
    ),
    pytest.param(
        "items/M01.yaml",
        "date: 2024-12-31",
        "date: 2024-02-30",
        ["items/M01.yaml 第 23 行（indicators[0].deadline.date）: 这里写的是“2024-02-30” → 应为日期，如 2022-12-31"],
        id="no such day",
    ),
    pytest.param(
        "items/M01.yaml",
        "lead_units: [JTJ]",
        "lead_units:",
        ["items/M01.yaml 第 7 行（lead_units）: 这里是空的 → 应为列表，每项一行，以“- ”开头"],
        id="list left empty",
    ),
    pytest.param(
        "plan.yaml",
        "  red_floor_pp: -20",
        "\tred_floor_pp: -20",
        ["plan.yaml 第 15 行: 缩进用了制表符 → 请改用空格缩进"],
        id="tab",
    ),
    pytest.param(
        "units.yaml",
        "  type: county_bureau\n  valid_from: 2020-01-01\n- code",
        "  type: county_bureau\n valid_from: 2020-01-01\n- code",
        [
            "units.yaml 第 7 行: 不是有效的 YAML（did not find expected '-' indicator）"
            " → 请检查这一行附近的缩进、冒号和引号"
        ],
        id="bad indentation",
    ),
    pytest.param(
        "plan.yaml",
        "year: 2024\n",
        "year: 2024\nyear: 2023\n",
        ["plan.yaml 第 6 行（year）: 键“year”出现两次 → 请只保留一个"],
        id="key twice",
    ),
    pytest.param(
        "units.yaml",
        "- code: CZJ",
        "- code: JTJ",
        [
            "units.yaml 第 8 行（[1].code）: 'JTJ' is already taken in units.yaml → codes are never used twice",
            "items/M01.yaml 第 8 行（supporting_units[0]）: 'CZJ' is no unit of this plan",
        ],
        id="unit code twice",
    ),
    pytest.param(
        "units.yaml",
        "full_name: 云溪县财政局",
        "full_name: 县交通局",
        ["units.yaml 第 8 行（[1]）: '县交通局' names JTJ as well as CZJ → a name belongs to one unit"],
        id="name of two units",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: CZJ\n",
        [
            "items/M01.yaml 第 24 行（indicators[0].lead_unit）: 'CZJ' does not lead M01 → 可写：JTJ",
            "items/M01.yaml 第 24 行（indicators[0].lead_unit）: CZJ ends on 2024-05-10, before the deadline"
            " → name its successor in units.yaml",
        ],
        id="indicator led by a supporter",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: JTJ\n    relations:\n      - {type: requires, of: [M01-02, M01-01], severity: warn}\n",
        [
            "items/M01.yaml 第 26 行（indicators[0].relations[0].of[0]）: 'M01-02' is no indicator of this plan"
            " → 是不是“M01-01”？",
            "items/M01.yaml 第 26 行（indicators[0].relations[0].of[1]）: 'M01-01' relates to itself"
            " → name the other indicator",
        ],
        id="relation to nowhere",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: JTJ\n    register_code: village\n    register_scope: per_member\n",
        [
            "items/M01.yaml 第 25 行（indicators[0].register_code）: 'village' is no register of this plan"
            " → 是不是“villages”？可写：villages",
            "items/M01.yaml 第 26 行（indicators[0].register_scope）: a report by member needs a register"
            " → name it in register_code",
        ],
        id="register that is not there",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: JTJ\n    register_code: villages\n    register_scope: per_member\n",
        [
            "items/M01.yaml 第 25 行（indicators[0].register_code）: the members of 'villages' are not known"
            " → drop register_scope for now"
        ],
        id="rows asked of an unknown register",
    ),
    pytest.param(
        "items/M01.yaml",
        "    kind: flow",
        "    kind: ratio",
        [
            "items/M01.yaml 第 11 行（indicators[0]）: numerator or denominator is not described"
            " → say what is counted above and below"
        ],
        id="ratio of nothing",
    ),
    pytest.param(
        "items/M01.yaml",
        "date: 2024-12-31",
        "date: 2023-12-31",
        [
            "items/M01.yaml 第 23 行（indicators[0].deadline.date）: 2023-12-31 lies outside the plan year 2024"
            " → check the year"
        ],
        id="deadline of another year",
    ),
    pytest.param(
        "calendar.yaml",
        "covers_to: 2025-01-31",
        "covers_to: 2024-12-31",
        [
            "calendar.yaml 第 3 行（covers_to）: the due or freeze day of 2024-12 cannot be told:"
            " 2025-01-11 is not covered (2024-01-01 to 2024-12-31)"
            " → add the holidays and working weekends of that time, then move covers_from or covers_to"
        ],
        id="calendar too short",
    ),
    pytest.param(
        "plan.yaml",
        "timezone: Asia/Shanghai",
        "timezone: 北京时间",
        [
            "plan.yaml 第 8 行（timezone）: '北京时间' is not the time of China, in which all moments are shown"
            " → write Asia/Shanghai"
        ],
        id="no time zone",
    ),
    pytest.param(
        "readings.yaml",
        "[]",
        "- {code: Q1, concerns: [M02], question: 问, reading: 读, reason: 因, valid_from: 2024-01-01}",
        [
            "readings.yaml 第 1 行（[0].concerns[0]）: 'M02' is not in this plan"
            " → write the code of an item or indicator, or plan"
        ],
        id="reading about nothing",
    ),
    pytest.param(
        "plan.yaml",
        "  ahead_pp: 5\n  green_floor_pp: 0\n  red_floor_pp: -20\n  rate_yellow_pp: -3\n  node_yellow_month: 10\n",
        "  ahead_pp: -1\n  green_floor_pp: 0\n  red_floor_pp: -20\n  rate_yellow_pp: -3\n  node_yellow_month: 12\n",
        ["plan.yaml 第 12 行（thresholds）: the lights overlap → keep red_floor_pp <= green_floor_pp <= ahead_pp"],
        id="lights overlap",
    ),
    pytest.param(
        "plan.yaml",
        "node_red_month: 12",
        "node_red_month: 9",
        ["plan.yaml 第 12 行（thresholds）: red comes before yellow → keep node_yellow_month <= node_red_month"],
        id="red before yellow",
    ),
    pytest.param(
        "calendar.yaml",
        "holidays: []\nworking_weekends: []",
        "holidays:\n"
        "  - {name: 元旦, first_day: 2024-01-03, last_day: 2024-01-01}\n"
        "  - {name: 春节, first_day: 2024-02-10, last_day: 2024-02-17}\n"
        "working_weekends: [2024-02-17, 2024-02-19]",
        [
            "calendar.yaml 第 5 行（holidays[0]）: 元旦 ends before it begins → swap the two days",
            "calendar.yaml 第 7 行（working_weekends[0]）: 2024-02-17 is a holiday as well → check the notice",
            "calendar.yaml 第 7 行（working_weekends[1]）: 2024-02-19 is no Saturday or Sunday → check the notice",
        ],
        id="calendar against itself",
    ),
    pytest.param(
        "units.yaml",
        "valid_to: 2024-05-10",
        "valid_to: 2019-05-10",
        ["units.yaml 第 15 行（[1].valid_to）: the unit ends before it begins → swap the days"],
        id="unit ends before it begins",
    ),
    pytest.param(
        "items/M01.yaml",
        "lead_units: [JTJ]\nsupporting_units: [CZJ]\n",
        "lead_units: [JTJ, JTX]\nsupporting_units: [CZJ, JTJ]\ntakes_contributions: true\n",
        [
            "items/M01.yaml 第 7 行（lead_units[1]）: 'JTX' is no unit of this plan → 是不是“JTJ”？",
            "items/M01.yaml 第 8 行（supporting_units）: 'JTJ' stands twice in M01 → keep one",
            "items/M01.yaml 第 9 行（takes_contributions）: no indicator of this item takes any → mark the indicators",
        ],
        id="item units",
    ),
    pytest.param(
        "items/M01.yaml",
        "  - code: M01-01\n",
        "  - code: M02-01\n    takes_contributions: true\n    member_target: 1\n"
        "    fixed_denominator: {value: 5, basis: 无}\n",
        [
            "items/M01.yaml 第 11 行（indicators[0].code）: 'M02-01' does not belong to M01 → write M01-01, …",
            "items/M01.yaml 第 12 行（indicators[0].takes_contributions）: M01 takes no contributions"
            " → say so at the item too",
            "items/M01.yaml 第 13 行（indicators[0].member_target）: there is no register_scope to go with it"
            " → add one or drop the target",
            "items/M01.yaml 第 14 行（indicators[0].fixed_denominator）: a flow has no denominator → take it out",
        ],
        id="keys that do not go together",
    ),
    pytest.param(
        "items/M01.yaml",
        "comparator: ge",
        "comparator: gt_last_year",
        [
            "items/M01.yaml 第 17 行（indicators[0].comparator）: gt_last_year and the kind trend go together"
            " → change one of them"
        ],
        id="comparator of another kind",
    ),
    pytest.param(
        "items/M01.yaml",
        "value: 12.00,",
        "value: null,",
        [
            "items/M01.yaml 第 21 行（indicators[0].targets）: only the targets of a trend are null,"
            " and all of them are → give the value"
        ],
        id="no target",
    ),
    pytest.param(
        "items/M01.yaml",
        "    deadline:",
        "      - {value: 9, as_written: 九, comparator_word: 修路, valid_from: 2024-01, document_no: 二}\n"
        "    last_year: [{month: 1, value: 3}, {month: 1, value: 4}]\n"
        "    nodes: [{due_date: 2025-06-30, value: 6}]\n"
        "    deadline:",
        [
            "items/M01.yaml 第 25 行（indicators[0].nodes[0].due_date）: 2025-06-30 lies outside the plan year 2024"
            " → check the year",
            "items/M01.yaml 第 21 行（indicators[0].targets）: the versions are not in order of valid_from"
            " → put the oldest first",
            "items/M01.yaml 第 24 行（indicators[0].last_year）: a month stands twice → keep one value a month",
        ],
        id="dates of an indicator",
    ),
]


def told(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        load_plan(folder)
    return str(caught.value)


def listed(folder: Path, faults: list[str]) -> str:
    return "\n  ".join([f"{folder}: 有 {len(faults)} 处需要改正", *faults])


@pytest.mark.parametrize(("name", "old", "new", "faults"), EDITS)
def test_an_edit_that_breaks_the_plan(yunxi: Path, name: str, old: str, new: str, faults: list[str]) -> None:
    load_plan(yunxi)
    path = yunxi / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert told(yunxi) == listed(yunxi, faults)


def test_all_files_are_told_at_once(yunxi: Path) -> None:
    (yunxi / "units.yaml").unlink()
    (yunxi / "calendar.yaml").write_bytes("来源".encode("gb18030"))
    (yunxi / "readings.yaml").write_text("# 只有注释\n", encoding="utf-8")
    (yunxi / "items" / "M01.yaml").write_text("code: &a m1\nnumber: [*a]\n- x\n", encoding="utf-8")
    assert told(yunxi) == listed(
        yunxi,
        [
            "items/M01.yaml 第 3 行: 不是有效的 YAML（did not find expected key） → 请检查这一行附近的缩进、冒号和引号",
            "units.yaml: 没有这个文件 → 请补上；写法见 plans/README.md",
            "calendar.yaml 第 1 行: 文字不是 UTF-8 编码 → 请另存为 UTF-8",
            "readings.yaml: 文件是空的 → 写法见 plans/README.md",
        ],
    )


def test_an_endless_alias_is_refused(yunxi: Path) -> None:
    (yunxi / "readings.yaml").write_text("- &a [*a]\n", encoding="utf-8")
    faults = [
        f"readings.yaml 第 1 行（{key}）: 不使用锚点和别名（& 和 *） → 请把内容直接写出来" for key in ("[0]", "[0][0]")
    ]
    assert told(yunxi) == listed(yunxi, faults)


def test_a_file_nobody_would_read_and_a_text_that_is_not_there(yunxi: Path) -> None:
    (yunxi / "items" / "M02.yml").write_text("code: M02\n", encoding="utf-8")
    (yunxi / "text.txt").rename(yunxi / "plan.txt")
    assert told(yunxi) == listed(
        yunxi,
        [
            "items/M02.yml: no part of a plan has this name → see plans/README.md; rename it or take it out",
            "plan.txt: no part of a plan has this name → see plans/README.md; rename it or take it out",
            "text.txt: 没有这个文件 → 请补上；写法见 plans/README.md",
        ],
    )


def test_a_copied_item_keeps_its_old_codes(yunxi: Path) -> None:
    text = (yunxi / "items" / "M01.yaml").read_text(encoding="utf-8")
    (yunxi / "items" / "M02.yaml").write_text(text, encoding="utf-8")
    remedy = "codes are never used twice"
    assert told(yunxi) == listed(
        yunxi,
        [
            f"items/M02.yaml 第 1 行（code）: 'M01' is already taken in items/M01.yaml → {remedy}",
            f"items/M02.yaml 第 2 行（number）: 1 is already taken in items/M01.yaml → {remedy}",
            f"items/M02.yaml 第 11 行（indicators[0].code）: 'M01-01' is already taken in items/M01.yaml → {remedy}",
            "items/M02.yaml 第 1 行（code）: 'M01' stands in the file of another item → name the file after it",
        ],
    )


def test_a_plan_without_items(yunxi: Path) -> None:
    (yunxi / "items" / "M01.yaml").unlink()
    assert told(yunxi) == listed(yunxi, ["items/: the folder holds no item → add items/M01.yaml and so on"])


def test_a_folder_that_is_no_plan(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert told(nowhere) == f"{nowhere}: there is no such folder → give a folder that holds a plan.yaml"
    assert told(tmp_path) == f"{tmp_path}: plan.yaml is missing, so this is no plan folder → see plans/README.md"
