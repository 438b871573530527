"""``docs/spec/both_ways.md`` is true of what is judged."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from minsheng.words.chinese import chinese
from tests.county import ZONE, County
from tests.spec.pages import NOTHING, Row, Table, tables
from tests.workbooks import as_bytes, cell, manholes

pytestmark = pytest.mark.slow

_FOUND = """
    select verdict, string_agg(distinct rule_code, ' ' order by rule_code) filter (severity = 'reject'),
        string_agg(distinct rule_code, ' ' order by rule_code) filter (severity <> 'reject')
    from raw.verdict
    inner join raw.submission using (submission_id)
    left join raw.finding
        on verdict.submission_id = finding.submission_id
        and rule_code not in ('F30', 'F31', 'F33', 'H15')
    where received_at = timestamptz '{at}'
    group by verdict
"""


@pytest.mark.parametrize("table", list(tables("both_ways")), ids=lambda table: f"line {table.line}")
def test_each_file_gets_the_verdict_that_is_drawn(tmp_path: Path, table: Table) -> None:
    county = County(tmp_path)
    for row in table.rows:
        at = datetime.fromisoformat(row["送来"]).replace(tzinfo=ZONE)
        county.send(("CGJ", "报表.xlsx", _report(row)), at=at)
        ((verdict, refused, told),) = county.query(_FOUND.format(at=at))
        rules = " ".join(filter(None, (str(refused or ""), str(told or "")))) or NOTHING
        assert (chinese().verdict[str(verdict)], rules) == (row["结论"], row["规则"]), row  # type: ignore[index]


def _report(row: Row) -> bytes:
    workbook = manholes(int(row["本月数"]), int(row["累计数"]), f"2022-{int(row['月']):02}")
    if row["更正"] == "是":
        cell(workbook, "M03-01", "更正").value = "是"
        cell(workbook, "M03-01", "更正原因").value = "重复计数"
    return as_bytes(workbook)
