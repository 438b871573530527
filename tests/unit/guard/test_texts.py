"""What clerks write, one line a text: persons' data is found and named by its kind, everything else is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from minsheng.guard.numbers import kind_of
from minsheng.guard.persons import Places, places
from minsheng.guard.sentences import kind_told
from tests.growth import grows_with_its_input
from tests.unit.guard.test_guard import found, with_remark
from tests.workbooks import words

TEXTS = Path(__file__).with_name("texts")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|n|t)")


def lines(name: str) -> Iterator[str]:
    for line in (TEXTS / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def unescaped(line: str) -> str:
    return _ESCAPE.sub(
        lambda escape: chr(int(escape[1], 16)) if escape[1] else {"n": "\n", "t": "\t"}[escape[0][1]], line
    )


@cache
def known() -> Places:
    return places(words())


def kind(text: str) -> str | None:
    return kind_of(text) or kind_told(text, known())


HARMLESS = list(lines("harmless.txt"))
PERSONAL = [line.split("\t", 1) for line in lines("personal.tsv")]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_is_nobodys_is_left_alone(line: str) -> None:
    assert kind(unescaped(line)) is None


@pytest.mark.parametrize(("expected", "line"), PERSONAL)
def test_what_is_a_persons_is_found(expected: str, line: str) -> None:
    assert kind(unescaped(line)) == expected


def test_there_are_enough_of_both_to_speak_of() -> None:
    assert len(HARMLESS) >= 150 and len(PERSONAL) >= 150


@pytest.mark.parametrize(("expected", "line"), PERSONAL[::25])
def test_it_is_found_in_a_remark_of_a_report_too(expected: str, line: str) -> None:
    workbook, place = with_remark(unescaped(line))
    assert found(workbook) == [(expected, "填报", (place,))]


def test_a_report_with_all_harmless_texts_is_kept() -> None:
    workbook, _ = with_remark("")
    sheet = workbook["填报"]
    for number, line in enumerate(HARMLESS, start=sheet.max_row + 1):
        sheet.cell(number, 16).value = unescaped(line)
    assert found(workbook) == []


@pytest.mark.parametrize("name", sorted(name for name in known().names if len(name) > 1))
@pytest.mark.parametrize("beside", ["女", "60岁", "男，60岁", "1952-03-04", "0375-5051234"])
def test_no_place_of_the_plan_is_a_person(name: str, beside: str) -> None:
    assert kind(f"{name} {beside}") is None


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "王",
            "王 ",
            "王芳、",
            "张三 男 ",
            "张三，女，6",
            "村3组",
            "村村村3组1",
            "楼1单元",
            "家住",
            "住址：村",
            "1952年3月",
            "张三 1952",
        ),
        *(
            "a@",
            "aa@bb.",
            "QQ",
            "微信号",
            "护照号 ",
            "0375-",
            "60岁",
            "张三 马楼村",
            "姓名：",
            "一三八 ",
            "①",
            "l1",
            "O0 ",
            "138 1234 ",
        ),
        *("A1-", "x-", "JY-1-", "https://", "1\n", "138、1234、"),
    ],
)
def test_words_take_no_longer_than_their_length_asks_for(piece: str) -> None:
    long, short = (piece * (letters // len(piece)) for letters in (200_000, 10_000))
    assert grows_with_its_input(kind, long, short)
