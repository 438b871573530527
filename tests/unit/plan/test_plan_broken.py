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
            (
                "items/M01.yaml 第 11 行（indicators[0]）：缺少键“lead_unit”"
                " → 请补上（负责报送的牵头单位的编码） [key_missing]"
            ),
            (
                "items/M01.yaml 第 24 行（indicators[0].leed_unit）：没有“leed_unit”这个键"
                " → 是不是“lead_unit”？可写：code、name、name_en、quote、definition、provincial_task、kind、"
                "comparator、polarity、unit_of_measure、unit_aliases、value_type、progress_basis、targets、deadline、lead_unit、"
                "lead_is_inferred、counted_once_per、may_fall、takes_contributions"
                "、numerator、denominator、ratio_of、"
                "max_ratio_reject、max_ratio_warn、fixed_denominator、sizes、register_code、register_scope、"
                "member_target、base_value、last_year、nodes、relations、changes [key_unknown]"
            ),
        ],
        id="misspelt key",
    ),
    pytest.param(
        "plan.yaml",
        "roll: none",
        "roll: next_workday",
        [
            (
                "plan.yaml 第 11 行（due.roll）：这里写的是“next_workday”"
                " → 是不是“next_working_day”？可写：next_working_day 顺延到下一个工作日、none 不顺延"
                "（截止日遇节假日怎么办） [value_unfit]"
            )
        ],
        id="wrong enum",
    ),
    pytest.param(
        "items/M01.yaml",
        "value: 12.00,",
        "value: 12 公里,",
        [
            (
                "items/M01.yaml 第 22 行（indicators[0].targets[0].value）：这里写的是“12 公里”"
                " → 应为数字，如 31400 或 0.6"
                "（目标数，写基本单位，如 31400 而不是 3.14 万；比率写小数，如 0.6；同比类写 null） [value_unfit]"
            )
        ],
        id="words for a number",
    ),
    pytest.param(
        "items/M01.yaml",
        "value: 12.00,",
        "value: 13.00,",
        [
            (
                "items/M01.yaml 第 22 行（indicators[0].targets[0].value）：目标 13.00 与原文“12 公里”所说的 12 不符"
                " → 请改正其中一个 [target_not_as_written]"
            )
        ],
        id="target mistyped",
    ),
    pytest.param(
        "items/M01.yaml",
        "date: 2024-12-31",
        "date: 2024-02-30",
        [
            (
                "items/M01.yaml 第 23 行（indicators[0].deadline.date）：这里写的是“2024-02-30”"
                " → 应为日期，如 2022-12-31（完成期限的日期，在方案年度之内） [value_unfit]"
            )
        ],
        id="no such day",
    ),
    pytest.param(
        "items/M01.yaml",
        "lead_units: [JTJ]",
        "lead_units:",
        [
            "items/M01.yaml 第 7 行（lead_units）：这里是空的"
            " → 应为列表，每项一行，以“- ”开头（牵头单位的编码，次序与引文相同） [value_unfit]"
        ],
        id="list left empty",
    ),
    pytest.param(
        "plan.yaml",
        "  red_floor_pp: -20",
        "\tred_floor_pp: -20",
        ["plan.yaml 第 15 行：缩进用了制表符 → 请改用空格缩进 [yaml_tab]"],
        id="tab",
    ),
    pytest.param(
        "units.yaml",
        "  type: county_bureau\n  valid_from: 2020-01-01\n- code",
        "  type: county_bureau\n valid_from: 2020-01-01\n- code",
        [
            (
                "units.yaml 第 7 行：不是有效的 YAML（did not find expected '-' indicator）"
                " → 请检查这一行附近的缩进、冒号和引号 [yaml_syntax]"
            )
        ],
        id="bad indentation",
    ),
    pytest.param(
        "plan.yaml",
        "year: 2024\n",
        "year: 2024\nyear: 2023\n",
        ["plan.yaml 第 6 行（year）：键“year”出现两次 → 请只保留一个 [key_twice]"],
        id="key twice",
    ),
    pytest.param(
        "units.yaml",
        "- code: CZJ",
        "- code: JTJ",
        [
            "units.yaml 第 8 行（[1].code）：编码“JTJ”已用在 units.yaml → 编码只用一次 [code_taken]",
            "items/M01.yaml 第 8 行（supporting_units[0]）：方案中没有单位“CZJ” [unit_not_in_plan]",
        ],
        id="unit code twice",
    ),
    pytest.param(
        "units.yaml",
        "full_name: 云溪县财政局",
        "full_name: 县交通局",
        ["units.yaml 第 8 行（[1]）：“县交通局”既指 JTJ，又指 CZJ → 一个名称只属于一个单位 [name_of_two_units]"],
        id="name of two units",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: CZJ\n",
        [
            "items/M01.yaml 第 24 行（indicators[0].lead_unit）：“CZJ”不牵头 M01 → 可写：JTJ [unit_does_not_lead]",
            (
                "items/M01.yaml 第 24 行（indicators[0].lead_unit）：CZJ 于 2024-05-10 终止，早于完成期限"
                " → 请在 units.yaml 写明接续的单位 [lead_ends_early]"
            ),
        ],
        id="indicator led by a supporter",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: JTJ\n    relations:\n      - {type: requires, of: [M01-02, M01-01], severity: warn}\n",
        [
            (
                "items/M01.yaml 第 26 行（indicators[0].relations[0].of[0]）：方案中没有指标“M01-02”"
                " → 是不是“M01-01”？ [indicator_not_in_plan]"
            ),
            (
                "items/M01.yaml 第 26 行（indicators[0].relations[0].of[1]）：“M01-01”与自己关联"
                " → 请写另一个指标 [relation_to_itself]"
            ),
        ],
        id="relation to nowhere",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: JTJ\n    register_code: village\n    register_scope: per_member\n",
        [
            (
                "items/M01.yaml 第 25 行（indicators[0].register_code）：方案中没有名录“village”"
                " → 是不是“villages”？可写：villages [register_unknown]"
            ),
            (
                "items/M01.yaml 第 26 行（indicators[0].register_scope）：逐个填报须有名录"
                " → 请在 register_code 写明 [register_needed]"
            ),
        ],
        id="register that is not there",
    ),
    pytest.param(
        "items/M01.yaml",
        "    lead_unit: JTJ\n",
        "    lead_unit: JTJ\n    register_code: villages\n    register_scope: per_member\n",
        [
            (
                "items/M01.yaml 第 25 行（indicators[0].register_code）：名录“villages”的成员尚未提供"
                " → 请暂时去掉 register_scope [members_unknown]"
            )
        ],
        id="rows asked of an unknown register",
    ),
    pytest.param(
        "items/M01.yaml",
        "    kind: flow",
        "    kind: ratio",
        [
            (
                "items/M01.yaml 第 11 行（indicators[0]）：没有说明分子或分母"
                " → 请写明分子、分母各数什么 [parts_undescribed]"
            ),
            (
                "items/M01.yaml 第 20 行（indicators[0].progress_basis）：比率类指标不能用 linear_month 判定"
                " → 可以用：rate_gap、level_vs_target、node_plan；"
                "各类指标怎样判定见 plans/README.md [basis_cannot_judge]"
            ),
            (
                "items/M01.yaml 第 18 行（indicators[0].unit_of_measure）：比率类指标的计量单位是“公里”"
                " → 比率以“%”计，目标写成小数（0.6）；按个数判定的请改用别的类型 [ratio_not_in_percent]"
            ),
        ],
        id="ratio of nothing",
    ),
    pytest.param(
        "items/M01.yaml",
        "date: 2024-12-31",
        "date: 2023-12-31",
        [
            (
                "items/M01.yaml 第 23 行（indicators[0].deadline.date）：2023-12-31 不在方案年度 2024 之内"
                " → 请核对年份 [day_outside_year]"
            )
        ],
        id="deadline of another year",
    ),
    pytest.param(
        "calendar.yaml",
        "covers_to: 2025-01-31",
        "covers_to: 2024-12-31",
        [
            (
                "calendar.yaml 第 3 行（covers_to）：2024-12 的截止日或定稿日定不下来：2025-01-11"
                " 不在日历之内（2024-01-01 至 2024-12-31）"
                " → 请补上那段时间的节假日和调休，再改 covers_from 或 covers_to [due_day_unknown]"
            )
        ],
        id="calendar too short",
    ),
    pytest.param(
        "plan.yaml",
        "timezone: Asia/Shanghai",
        "timezone: 北京时间",
        [
            (
                "plan.yaml 第 8 行（timezone）：“北京时间”不是北京时间，而所有时刻都按北京时间显示"
                " → 请写 Asia/Shanghai [timezone_not_chinas]"
            )
        ],
        id="no time zone",
    ),
    pytest.param(
        "readings.yaml",
        "[]",
        "- {code: Q1, concerns: [M02], question: 问, reading: 读, reason: 因, valid_from: 2024-01-01}",
        ["readings.yaml 第 1 行（[0].concerns[0]）：方案中没有“M02” → 请写项目或指标的编码，或 plan [concern_unknown]"],
        id="reading about nothing",
    ),
    pytest.param(
        "plan.yaml",
        "  ahead_pp: 5\n  green_floor_pp: 0\n  red_floor_pp: -20\n  rate_yellow_pp: -3\n  node_yellow_month: 10\n",
        "  ahead_pp: -1\n  green_floor_pp: 0\n  red_floor_pp: -20\n  rate_yellow_pp: -3\n  node_yellow_month: 12\n",
        [
            (
                "plan.yaml 第 12 行（thresholds）：各灯的阈值互相重叠"
                " → 须 red_floor_pp ≤ green_floor_pp ≤ ahead_pp [lights_overlap]"
            )
        ],
        id="lights overlap",
    ),
    pytest.param(
        "plan.yaml",
        "node_red_month: 12",
        "node_red_month: 9",
        [
            (
                "plan.yaml 第 12 行（thresholds）：转红早于转黄"
                " → 须 node_yellow_month ≤ node_red_month [red_before_yellow]"
            )
        ],
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
            "calendar.yaml 第 5 行（holidays[0]）：元旦的结束早于开始 → 请对调两个日期 [holiday_reversed]",
            (
                "calendar.yaml 第 7 行（working_weekends[0]）：2024-02-17 同时是节假日"
                " → 请核对放假通知 [weekend_is_holiday]"
            ),
            (
                "calendar.yaml 第 7 行（working_weekends[1]）：2024-02-19 不是周六或周日"
                " → 请核对放假通知 [weekend_is_weekday]"
            ),
        ],
        id="calendar against itself",
    ),
    pytest.param(
        "units.yaml",
        "valid_to: 2024-05-10",
        "valid_to: 2019-05-10",
        ["units.yaml 第 15 行（[1].valid_to）：单位的结束早于开始 → 请对调两个日期 [unit_reversed]"],
        id="unit ends before it begins",
    ),
    pytest.param(
        "items/M01.yaml",
        "lead_units: [JTJ]\nsupporting_units: [CZJ]\n",
        "lead_units: [JTJ, JTX]\nsupporting_units: [CZJ, JTJ]\ntakes_contributions: true\n",
        [
            "items/M01.yaml 第 7 行（lead_units[1]）：方案中没有单位“JTX” → 是不是“JTJ”？ [unit_not_in_plan]",
            "items/M01.yaml 第 8 行（supporting_units）：“JTJ”在 M01 中出现两次 → 请只保留一个 [unit_twice]",
            (
                "items/M01.yaml 第 9 行（takes_contributions）：这个项目没有一项指标收配合数"
                " → 请在指标上写明 [contributions_nowhere]"
            ),
        ],
        id="item units",
    ),
    pytest.param(
        "items/M01.yaml",
        "  - code: M01-01\n",
        "  - code: M02-01\n    takes_contributions: true\n    member_target: 1\n"
        "    fixed_denominator: {value: 5, basis: 无}\n",
        [
            (
                "items/M01.yaml 第 11 行（indicators[0].code）：指标“M02-01”不属于 M01"
                " → 请写成 M01-01 的样子 [indicator_of_other_item]"
            ),
            (
                "items/M01.yaml 第 12 行（indicators[0].takes_contributions）：项目 M01 不收配合数"
                " → 请在项目上也写明 [contributions_not_taken]"
            ),
            (
                "items/M01.yaml 第 13 行（indicators[0].member_target）：有 member_target，却没有 register_scope"
                " → 请补上 register_scope，或去掉 member_target [member_target_alone]"
            ),
            (
                "items/M01.yaml 第 14 行（indicators[0].fixed_denominator）：累计量类指标没有分母"
                " → 请去掉 [denominator_needless]"
            ),
        ],
        id="keys that do not go together",
    ),
    pytest.param(
        "items/M01.yaml",
        "comparator: ge",
        "comparator: gt_last_year",
        [
            (
                "items/M01.yaml 第 17 行（indicators[0].comparator）：gt_last_y"
                "ear 只用于同比类（trend）指标，同比类指标也只用它"
                " → 请改正其中一个 [trend_and_comparator]"
            )
        ],
        id="comparator of another kind",
    ),
    pytest.param(
        "items/M01.yaml",
        "value: 12.00,",
        "value: null,",
        [
            (
                "items/M01.yaml 第 21 行（indicators[0].targets）：同比类指标的目标须全为空，其他指标的目标不能为空"
                " → 请写明数值 [target_missing]"
            )
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
            (
                "items/M01.yaml 第 25 行（indicators[0].nodes[0].due_date）：2025-06-30 不在方案年度 2024 之内"
                " → 请核对年份 [day_outside_year]"
            ),
            (
                "items/M01.yaml 第 21 行（indicators[0].targets）：各版本没有按 valid_from 先后排列"
                " → 请把最早的放在最前 [targets_unordered]"
            ),
            "items/M01.yaml 第 24 行（indicators[0].last_year）：同一个月写了两次 → 每个月只保留一个数 [month_twice]",
            (
                "items/M01.yaml 第 25 行（indicators[0].nodes）：写了节点，却用 linear_month 判定，节点不起作用"
                " → 按节点判定的写 progress_basis：node_plan；否则请删去节点 [nodes_unused]"
            ),
        ],
        id="dates of an indicator",
    ),
]


def told(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        load_plan(folder)
    return str(caught.value)


def listed(folder: Path, faults: list[str]) -> str:
    return "\n  ".join([f"{folder}：有 {len(faults)} 处需要改正 [faults_found]", *faults])


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
            "items/M01.yaml 第 3 行：不是有效的 YAML（did not find expected key）"
            " → 请检查这一行附近的缩进、冒号和引号 [yaml_syntax]",
            "units.yaml：没有这个文件 → 请补上；写法见 plans/README.md [file_missing]",
            "calendar.yaml 第 1 行：文字不是 UTF-8 编码 → 请另存为 UTF-8 [file_not_utf8]",
            "readings.yaml：文件是空的 → 写法见 plans/README.md [file_empty]",
        ],
    )


def test_an_endless_alias_is_refused(yunxi: Path) -> None:
    (yunxi / "readings.yaml").write_text("- &a [*a]\n", encoding="utf-8")
    faults = [
        f"readings.yaml 第 1 行（{key}）：不使用锚点和别名（& 和 *） → 请把内容直接写出来 [yaml_anchor]"
        for key in ("[0]", "[0][0]")
    ]
    assert told(yunxi) == listed(yunxi, faults)


def test_a_file_nobody_would_read_and_a_text_that_is_not_there(yunxi: Path) -> None:
    (yunxi / "items" / "M02.yml").write_text("code: M02\n", encoding="utf-8")
    (yunxi / "text.txt").rename(yunxi / "plan.txt")
    assert told(yunxi) == listed(
        yunxi,
        [
            "items/M02.yml：方案中没有这样的文件 → 见 plans/README.md；请改名或移出 [plan_file_unknown]",
            "plan.txt：方案中没有这样的文件 → 见 plans/README.md；请改名或移出 [plan_file_unknown]",
            "text.txt：没有这个文件 → 请补上；写法见 plans/README.md [file_missing]",
        ],
    )


def test_a_copied_item_keeps_its_old_codes(yunxi: Path) -> None:
    text = (yunxi / "items" / "M01.yaml").read_text(encoding="utf-8")
    (yunxi / "items" / "M02.yaml").write_text(text, encoding="utf-8")
    remedy = "编码只用一次 [code_taken]"
    assert told(yunxi) == listed(
        yunxi,
        [
            f"items/M02.yaml 第 1 行（code）：编码“M01”已用在 items/M01.yaml → {remedy}",
            f"items/M02.yaml 第 2 行（number）：编码“1”已用在 items/M01.yaml → {remedy}",
            f"items/M02.yaml 第 11 行（indicators[0].code）：编码“M01-01”已用在 items/M01.yaml → {remedy}",
            (
                "items/M02.yaml 第 1 行（code）：项目“M01”写在别的项目的文件里"
                " → 文件应以项目编码命名 [item_in_other_file]"
            ),
        ],
    )


def test_a_plan_without_items(yunxi: Path) -> None:
    (yunxi / "items" / "M01.yaml").unlink()
    assert told(yunxi) == listed(yunxi, ["items/：文件夹中没有项目 → 请加上 items/M01.yaml 等 [items_missing]"])


def test_a_folder_that_is_no_plan(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert told(nowhere) == f"{nowhere}：没有这个文件夹 → 请指明含有 plan.yaml 的文件夹 [plan_folder_missing]"
    assert told(tmp_path) == (
        f"{tmp_path}：没有 plan.yaml，不是方案文件夹 → 写法见 plans/README.md [plan_file_missing]"
    )
