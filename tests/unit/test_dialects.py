"""What Spark is asked where it would answer otherwise than DuckDB; ``make spark`` shows that it then answers alike."""

from __future__ import annotations

import pytest

from minsheng.core.errors import UserError
from minsheng.warehouse.dialects import for_spark, query_of


def spark(sql: str) -> str:
    return for_spark(query_of(sql, "SQL"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    {
        "select avg(a) as b from t": "SELECT AVG(CAST(`a` AS DOUBLE)) AS `b` FROM `t`",
        "select a / b as c from t": "SELECT CAST(`a` AS DOUBLE) / `b` AS `c` FROM `t`",
        "select a at time zone 'UTC' as b from t": (
            "SELECT CONVERT_TIMEZONE('UTC', CAST(`a` AS TIMESTAMP_NTZ)) AS `b` FROM `t`"
        ),
        "from t": "SELECT * FROM `t`",
        "select 亮灯 from t order by 亮灯 limit 1": "SELECT `亮灯` FROM `t` ORDER BY `亮灯` NULLS LAST LIMIT 1",
    }.items(),
)
def test_a_question_means_on_spark_what_it_means_here(asked: str, expected: str) -> None:
    assert spark(asked) == expected


@pytest.mark.parametrize(
    "asked",
    [
        "select a, b from t qualify row_number() over (partition by a order by b) = 1 order by a limit 2 offset 1",
        "select distinct on (a) a, b from t order by a limit 2 offset 1",
    ],
)
def test_rows_are_counted_after_those_that_do_not_qualify_are_gone(asked: str) -> None:
    translated = spark(asked)
    assert translated.endswith("AS `asked` ORDER BY `a` NULLS LAST LIMIT 2 OFFSET 1")
    assert translated.count("LIMIT") == 1


@pytest.mark.parametrize("asked", ["", "select 1; select 2", "delete from t", "copy t to 'x'", "some words"])
def test_only_one_select_is_a_question(asked: str) -> None:
    with pytest.raises(UserError, match="SQL：不是一条 SELECT"):
        query_of(asked, "SQL")


def test_what_cannot_be_read_is_told_in_one_line() -> None:
    with pytest.raises(UserError, match=r"^SQL：解析不了（[^\n]+$"):
        query_of("select (", "SQL")
