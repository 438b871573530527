"""What messages propose: the likely power of ten, and what to enter instead."""

from decimal import Decimal
from typing import Any

import pytest

from minsheng.validation.finding import quoted
from minsheng.validation.wording import exactly, figures, likely, proposal


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ({"likely_factor": 1000.0, "is_too_large": True, "likely_value": 39870.0}, "（是否为 3.987 万？）"),
        ({"likely_factor": 10.0, "is_too_large": True, "likely_value": 555.0}, "（是否为 555？）"),
        (
            {"likely_factor": 1000.0, "is_too_large": True, "likely_value": 10.6, "unit_of_measure": "公里"},
            "（是否以米填报，应为 10.6 公里？）",
        ),
        (
            {"likely_factor": 10000.0, "is_too_large": False, "likely_value": 30000.0},
            "（是否以万为单位填报，应为 30000？）",
        ),
        ({"likely_factor": None, "likely_value": None}, ""),
    ],
)
def test_the_power_of_ten_is_asked_about(fact: dict[str, Any], words: str) -> None:
    assert likely(fact) == words


@pytest.mark.parametrize(
    ("reading", "text", "words"),
    [
        ("percent", "80%", "进度请在“形象进度”填 80，数量填 0。"),
        ("unit_mismatch", "2750米", "换算后为 2.75，请填 2.75。"),
        ("unit_mismatch", "3.24千", ""),
        ("inexact", "3.14159万", "换算后是 31415.9。"),
        ("approximate", "约300人", "要报的数是 300 的，只填 300。"),
        ("not_a_number", "设备购进中", ""),
        ("not_a_number", "120（上月 100）", ""),
        ("letter", "2O5", "要报的数是 205 的，请填 205。"),
        ("two_ways", "3,150", "是 3150 的请填 3150，是 3.150 的请填 3.150。"),
    ],
)
def test_what_is_obvious_is_proposed(reading: str, text: str, words: str) -> None:
    unit = "公里" if "米" in text else "户"
    expected = "换算后为 3240，请填 3240。" if "千" in text else words
    assert proposal({"reading": reading, "raw_text": text, "unit_of_measure": unit, "field": "month"}) == expected


def test_an_empty_cell_is_told_what_stood_there_last_month() -> None:
    fact = {"reading": "empty", "prior_value": 606.0, "prior_period": "2022-04", "field_label": "累计数"}
    assert proposal(fact) == "2022-04 已接收的累计数是 606。"


def test_persons_with_a_point_were_counted_in_ten_thousands() -> None:
    fact = {"reading": "ok", "likely_factor": 10000.0, "likely_value": 31400.0, "is_too_large": False}
    assert proposal(fact) == "以万为单位填报的，请填 31400。"


def test_binary_leftovers_are_not_quoted() -> None:
    assert quoted("7.449999999999999") == "7.45"
    assert quoted("0.1234567890123") == "0.1234567890123"


def test_figures_name_what_a_line_is_judged_by() -> None:
    assert figures({"level_value": 606.0}) == "累计数 606"
    assert figures({"numerator": 955.0, "denominator": 1568.0}) == "分子 955、分母 1568"


@pytest.mark.parametrize(
    ("value", "number"), [(395.29999999999995, "395.3"), (39870000.0, "39870000"), (1e17, "100000000000000000")]
)
def test_a_number_is_the_one_its_fact_was_made_from(value: float, number: str) -> None:
    assert exactly(value) == Decimal(number)
