"""A month in every shape in which units write one."""

from datetime import date, datetime

import pytest

from minsheng.core.period import Period
from minsheng.parsing.periods import period_in_name, read_loose_period, read_period
from minsheng.spreadsheet.numbers import CellValue

MARCH = [
    "2022年3月",
    "2022年03月份",
    "2022-03",
    "2022—03",
    "2022–03",
    "2022.3",
    "2022/3",
    "202203",
    "２０２２年３月",
    "2022 年 3 月",
    "二〇二二年三月",
    "二○二二年三月",
    "2022-03-01",
    "2022-03-01T00:00:00",
    "2022-03-01T00:00:00.000Z",
    "2022年3月31日",
    202203,
    2022.3,
    44621,
    "44621",
    date(2022, 3, 1),
    datetime(2022, 3, 15, 8, 0),  # noqa: DTZ001 (a cell's date has no zone)
]


@pytest.mark.parametrize("value", MARCH)
def test_march(value: CellValue) -> None:
    assert read_period(value) == Period(2022, 3)


@pytest.mark.parametrize(("text", "month"), [("二〇二二年十月", 10), ("二〇二二年十一月", 11), ("2022年十二月", 12)])
def test_tens_in_chinese(text: str, month: int) -> None:
    assert read_period(text) == Period(2022, month)


@pytest.mark.parametrize(
    "value",
    ["3月", "2022年", "2022年13月", "2022年1-3月", "20223", "上月", "②", "2022年③月", "", None, 2022.1, 5, True],
)
def test_what_does_not_name_one_month_is_not_read(value: CellValue) -> None:
    assert read_period(value) is None


@pytest.mark.parametrize("value", ["5月", "５月份", "五月", "1-5月", "1—5月", "1月至5月", "一至五月", "2022年1-5月"])
def test_a_month_without_its_year_or_since_january(value: str) -> None:
    assert read_loose_period(value, 2022) == Period(2022, 5)


@pytest.mark.parametrize("value", ["3-5月", "二季度", "上半年", "13月", "5", "5月5日", 5, None])
def test_what_may_be_of_several_months_is_not_read_loosely_either(value: CellValue) -> None:
    assert read_loose_period(value, 2022) is None


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("RSJ_人社局_2022-05.xlsx", 5),
        ("人社局2022年5月报表.xlsx", 5),
        ("重报/2022.05（第2次）.xls", 5),
        ("人社局5月报表（2）.xlsx", 5),
        ("人社局1-5月.xlsx", 5),
        ("2022年1－4月.xlsx", 4),
        ("2022年1月-5月.xlsx", 5),
        ("人社局3-5月.xlsx", None),
        ("1-4月和1-5月.xlsx", None),
        ("4月和5月.xlsx", None),
        ("20220505.xlsx", None),
        ("报表2022-05-12.xlsx", None),
        ("报表2022年6月3日.xlsx", None),
        ("报表6月3日.xlsx", None),
        ("民生20221.xlsx", None),
        ("民生202205.xlsx", 5),
        ("报表.xlsx", None),
    ],
)
def test_a_file_name_speaks_of_one_month_or_none(name: str, month: int | None) -> None:
    assert period_in_name(name, 2022) == (Period(2022, month) if month else None)
