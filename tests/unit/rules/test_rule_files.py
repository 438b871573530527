"""Rule files: what they may say, and what is said to whoever says something else."""

from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from minsheng.core.declarations import RULES
from minsheng.core.errors import UserError
from minsheng.validation.expectations import evaluate
from minsheng.validation.facts import SCOPES, fact_tables, facts_frame
from minsheng.validation.rules import Rule, load_rules
from minsheng.warehouse import sqlfiles

GOOD: dict[str, Any] = {
    "code": "X01",
    "title": "不能为负",
    "severity": "reject",
    "scope": "row",
    "expect": {"type": "expect_column_values_to_be_between", "column": "month_value", "min_value": 0},
    "at": "month",
    "message": "本月数 {month_value} 小于 0。",
    "remedy": "请核对。",
    "passes": {"month_value": 0},
    "fires": {"month_value": -1},
}


def write(folder: Path, *rules: dict[str, Any]) -> Path:
    (folder / "x.yaml").write_text(yaml.safe_dump(list(rules), allow_unicode=True), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sevrity": "warn"}, "x.yaml 第 15 行（[0].sevrity）：没有“sevrity”这个键 → 是不是“severity”？"),
        ({"severity": "fatal"}, "（[0].severity）：这里写的是“fatal” → 可写：reject 退回、warn 提醒、note 告知"),
        ({"when": {"monht_value": 1}}, "范围 row 没有这一列：monht_value。是不是“month_value”？"),
        ({"when": {"kind": None}}, "（[0].when.kind）：这里是空的 → 应为一个值，或值的列表"),
        ({"waivable": "yes"}, "（[0].waivable）：这里写的是“yes” → 只能写 true 或 false"),
        ({"message": "{month}"}, "范围 row 没有大括号里的这一列：month"),
        ({"fires": {"x": 1}}, "范围 row 没有这一列：x"),
        ({"valid_from": "2022-13"}, "（[0].valid_from）：这里写的是“2022-13” → 应为月份，如 2022-05"),
        ({"expect": {"type": "expect_column_values_to_not_be_null", "column": "month_value"}}, "空值表示无法判断"),
        ({"expect": {"type": "expect_Nice", "column": "month_value"}}, "应为期望的类型，如"),
    ],
)
def test_a_faulty_rule_is_refused_by_file_rule_and_key(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError) as error:
        load_rules(write(tmp_path, GOOD | change))
    assert str(error.value).startswith(f"{tmp_path}：有 1 处需要改正 [faults_found]\n  x.yaml 第 ")
    assert words in str(error.value)


def test_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD | {"severity": "fatal"}, deepcopy(GOOD) | {"scope": "rwo"})
    (tmp_path / "y.yaml").write_text("- code: X02\n  code: X03\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_rules(tmp_path)
    for words in (
        "x.yaml 第 14 行（[0].severity）",
        "（[1].scope）：这里写的是“rwo” → 是不是“row”？",
        "键“code”出现两次",
    ):
        assert words in str(error.value)


def test_a_code_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"x\.yaml 第 17 行（\[1\]\.code）：编号 X01 已被另一条规则使用"):
        load_rules(write(tmp_path, GOOD, deepcopy(GOOD)))


def test_an_empty_folder_holds_no_rules(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有规则文件"):
        load_rules(tmp_path)


def test_the_version_tells_one_rule_book_from_another(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = load_rules(write(tmp_path / "a", GOOD)).version
    assert load_rules(write(tmp_path / "b", GOOD | {"title": "另一条"})).version != first


@pytest.mark.parametrize("kind", ["expect_month_to_be_nice", "expect_table_row_count_to_equal"])
def test_an_expectation_that_cannot_judge_rows_is_our_error_and_no_pass(kind: str) -> None:
    rule = Rule.model_validate(GOOD | {"expect": {"type": kind, "column": "month_value"}})
    with pytest.raises(UserError, match="规则 X01"):
        evaluate(facts_frame([{"scope": "row", "rules_period": "2022-05", "month_value": 3}]), [rule])


def test_null_is_neither_pass_nor_fault() -> None:
    rule = Rule.model_validate(GOOD)
    facts = [{"scope": "row", "rules_period": "2022-05", "month_value": value} for value in (3, None, -1)]
    (judgement,) = evaluate(facts_frame(facts), [rule])
    assert (judgement.fired, judgement.unjudged) == ((2,), (1,))


def test_a_rule_holds_in_its_months_only() -> None:
    rule = Rule.model_validate(GOOD | {"valid_from": "2022-03", "valid_to": "2022-04"})
    months = ("2022-02", "2022-03", "2022-04", "2022-05")
    facts = [{"scope": "row", "rules_period": month, "month_value": -1} for month in months]
    (judgement,) = evaluate(facts_frame(facts), [rule])
    assert judgement.fired == (1, 2)


def test_two_rules_on_one_column_do_not_hide_each_other() -> None:
    rules = [
        Rule.model_validate(GOOD | {"code": code, "expect": GOOD["expect"] | {"min_value": least}})
        for code, least in (("X01", 0), ("X02", 10))
    ]
    judgements = evaluate(facts_frame([{"scope": "row", "rules_period": "2022-05", "month_value": 5}]), rules)
    assert [judgement.fired for judgement in judgements] == [(), (0,)]


def test_a_fact_has_one_place() -> None:
    """A column in two tables of a scope would be two facts of one name."""
    for scope in SCOPES:
        first, *others = fact_tables(scope)
        assert first.name == scope
        keys = {column for table in others for column in table.grain}
        assert keys <= set(sqlfiles.columns(first))
        named = Counter(column for table in (first, *others) for column in sqlfiles.columns(table))
        assert not {name for name, count in named.items() if count > 1} - keys


def test_a_scope_that_rules_do_not_have_is_nobodys_fact() -> None:
    assert {model.header["scope"] for model in sqlfiles.declared("facts") if "scope" in model.header} == set(SCOPES)


def test_messages_are_chinese_and_end_as_sentences() -> None:
    for rule in load_rules(RULES).rules:
        assert rule.message.endswith(("。", "？")), rule.code
        assert rule.remedy.endswith("。"), rule.code
