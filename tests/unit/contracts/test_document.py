"""YAML as it is read here: text as written, each value with its line, everything wrong told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from minsheng.core.contracts import Strict, Values, load, read_document, read_part
from minsheng.core.contracts.document import MOST_LEVELS
from minsheng.core.errors import UserError


class Words(Strict):
    text: str = ""
    values: Annotated[dict[str, Any], Values] = Field(default_factory=dict)


def read(folder: Path, text: str) -> Words:
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    return load(folder / "x.yaml", Words, "README.md")


def told(folder: Path, text: str) -> list[str]:
    with pytest.raises(UserError) as error:
        read(folder, text)
    head, *faults = str(error.value).split("\n  ")
    return faults or [head.removeprefix(f"{folder}/")]


@pytest.mark.parametrize("word", ["NO", "on", "off", "yes", "y", "true", "18:00", "010", "1_000", "0.10", "2022-05-01"])
def test_a_plain_word_is_the_text_that_stands_there(tmp_path: Path, word: str) -> None:
    assert read(tmp_path, f"text: {word}").text == word
    assert list(read_document(tmp_path, "x.yaml", "").lines) == [(), ("text",)]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("true", True),
        ("False", False),
        ("18:00", "18:00"),
        ("1:30:00", "1:30:00"),
        ("010", 10),
        ("1_000", "1_000"),
        ("-3", -3),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("2022-05-01", "2022-05-01"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("~", None),
        ("", None),
        ("''", ""),
        ("=", "="),
    ],
)
def test_where_values_are_wanted_a_plain_word_is_what_yaml_1_2_says(tmp_path: Path, word: str, value: object) -> None:
    found = read(tmp_path, f"values: {{a: {word}}}").values["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("key", ["NO", "on", "1:30", "010", "null"])
def test_a_key_is_text_too(tmp_path: Path, key: str) -> None:
    assert list(read(tmp_path, f"values: {{{key}: 1}}").values) == [key]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("text: a\ntext: b\n", "x.yaml 第 2 行（text）：键“text”出现两次 → 请只保留一个"),
        ("values:\n  a: 1\n  a: 1\n", "x.yaml 第 3 行（values.a）：键“a”出现两次 → 请只保留一个"),
        ("text: &a b\n", "x.yaml 第 1 行（text）：不使用锚点和别名（& 和 *） → 请把内容直接写出来"),
        ("values: {<<: {a: 1}}\n", "x.yaml 第 1 行（values.<<）：不使用合并键“<<” → 请把内容直接写出来"),
        (
            "text: !run ''\n",
            "x.yaml 第 1 行（text）：不使用类型标记“!run” → 请去掉标记；文字加引号即可",
        ),
        ("values:\n  ? [a]\n  : 1\n", "x.yaml 第 2 行（values.?）：键不是文字 → 键应为一个词，后跟冒号"),
        ("text: a\n--- \ntext: b\n", "x.yaml 第 2 行：“---”之后又是一份文档 → 一个文件只写一份"),
        ("text: [a\n", "x.yaml 第 2 行：不是有效的 YAML（did not find expected ',' or ']'）"),
        ("# 只有注释\n", "x.yaml：文件是空的 → 写法见 README.md"),
        ("text: \x07\n", "x.yaml：不是有效的 YAML（unacceptable character #x0007"),
    ],
)
def test_what_is_not_used_of_yaml_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = told(tmp_path, text)
    assert found.startswith(fault)


def test_a_quoted_merge_key_is_a_key(tmp_path: Path) -> None:
    assert read(tmp_path, 'values: {"<<": 1}').values == {"<<": 1}


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = "text: {a: b}\ntxet: c\nvalues: &v {a: 1, a: 2}\nmore: *v\n"
    assert [fault.partition(" → ")[0] for fault in told(tmp_path, text)] == [
        "x.yaml 第 3 行（values）：不使用锚点和别名（& 和 *）",
        "x.yaml 第 3 行（values.a）：键“a”出现两次",
        "x.yaml 第 4 行（more）：不使用锚点和别名（& 和 *）",
        "x.yaml 第 1 行（text）：这里写的是若干“键: 值”",
        "x.yaml 第 2 行（txet）：没有“txet”这个键",
    ]


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 900, 200_000])
def test_a_tower_of_brackets_is_refused_and_ends_nothing_else(tmp_path: Path, levels: int) -> None:
    (fault,) = told(tmp_path, f"values: {'[' * levels}{']' * levels}")
    assert f"嵌套超过 {MOST_LEVELS} 层" in fault or "不是有效的 YAML" in fault


def test_a_billion_laughs_cost_nothing(tmp_path: Path) -> None:
    lines = ["a0: &a0 [ha, ha]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    assert len(told(tmp_path, "values:\n" + "".join(f"  {line}\n" for line in lines))) == 60 + 2 * 59


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"y\.yaml：没有这个文件 → 请补上；写法见 README.md"):
        load(tmp_path / "y.yaml", Words, "README.md")
    (tmp_path / "x.yaml").write_bytes("text: a\ntext: 县\n".encode("gb18030"))
    assert (
        str(read_part(tmp_path, "x.yaml", Words, "").faults[0])
        == "x.yaml 第 2 行：文字不是 UTF-8 编码 → 请另存为 UTF-8 [file_not_utf8]"
    )
    with pytest.raises(UserError, match="文件读不出来"):
        load(tmp_path / ".", Words, "README.md")
