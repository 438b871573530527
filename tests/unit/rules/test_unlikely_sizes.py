"""Numbers of an unlikely size, as a first month and after others, and what their senders are told."""

from datetime import date, timedelta

import pytest

from minsheng.plan.models import Waiver
from tests.county import IN_TIME, County
from tests.workbooks import as_bytes, cell, manholes, streets

pytestmark = pytest.mark.slow

SIZES = ("C50", "C51", "C52", "C53", "H20", "H21")


def sized(county: County) -> list[tuple[object, ...]]:
    codes = ", ".join(f"'{code}'" for code in SIZES)
    return county.query(
        f"select rule_code, severity, message from raw.finding where rule_code in ({codes}) order by all"
    )


def older_people(number: int | str) -> bytes:
    workbook = streets()
    cell(workbook, "M06-04", "累计数").value = number
    return as_bytes(workbook)


def test_there_are_no_more_people_than_live_here(county: County) -> None:
    county.send(("MZJ", "5月.xlsx", older_people("3987万")))
    assert sized(county) == [
        (
            "C50",
            "reject",
            "“智慧养老服务平台入网老年人数”的累计数 39870000 大于全县常住人口 787109（是否为 3.987 万？）。",
        )
    ]


def test_nobody_can_judge_by_a_population_that_is_not_known(county: County) -> None:
    county.plan = county.plan.model_copy(update={"population": None, "sha256": "without a population"})
    county.send(("MZJ", "5月.xlsx", older_people(60000)))
    query = "select fired_count, unjudged_count from raw.rule_result where rule_code = 'C50'"
    assert county.query(query) == [(0, 7)], "older people, and what was contributed to the training"


def test_a_first_number_in_ten_thousands_is_refused_unless_there_is_evidence(county: County) -> None:
    county.send(("MZJ", "5月.xlsx", older_people(6)))
    message = "“智慧养老服务平台入网老年人数”的累计数 6 与年度目标 79060 相比过小（不到 395.3）"
    assert sized(county) == [("C52", "reject", f"{message}（是否以万为单位填报，应为 60000？）。")]
    workbook = streets()
    cell(workbook, "M06-04", "累计数").value = 6
    cell(workbook, "M06-04", "佐证材料编号").value = "MZJ-01"
    result = county.send(("MZJ", "5月改.xlsx", as_bytes(workbook)))
    assert result.count("accepted") == 1
    assert {rule for rule, *_ in sized(county)} == {"C52", "C53"}


def test_a_waiver_lets_a_large_number_through(county: County) -> None:
    content = as_bytes(manholes(30000, 30400))
    county.send(("CGJ", "5月.xlsx", content))
    assert [(rule, severity) for rule, severity, _ in sized(county)] == [("C51", "reject")] * 2
    county.waive(
        Waiver(
            rule="C51",
            unit="CGJ",
            indicator="M03-01",
            valid_from="2022-05",
            valid_to="2022-05",
            reason="集中改造",
            document_no="鲁民实办〔2022〕8号",
            decided_on=date(2022, 6, 1),
            expires_on=date(2022, 6, 30),
        )
    )
    again = county.send(("CGJ", "5月（重发）.xlsx", content), at=IN_TIME + timedelta(hours=1))
    assert again.count("accepted") == 1
