"""Facts are computed for the files being judged only, and are what the warehouse's views say of them."""

from collections.abc import Iterator

import pytest

from minsheng.validation.facts import SCOPES, fact_columns, fact_tables, read_facts
from minsheng.warehouse.connection import Connection, open_warehouse
from tests.county import IN_MAY, IN_TIME, LATE, County
from tests.workbooks import as_bytes, blank, cell, manholes, streets

pytestmark = pytest.mark.slow


@pytest.fixture(name="warehouse", scope="module")
def _warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Two months of 县城管局, a contribution to what it leads, a stranger, and its third file, not judged yet."""
    county = County(tmp_path_factory.mktemp("facts"))
    contributing = streets()
    for heading, value in (("本月数", 20), ("累计数", 600), ("零报送", None)):
        cell(contributing, "M03-01", heading, "配合事项").value = value
    county.send(("CGJ", "4月.xlsx", as_bytes(manholes(100, 400, "2022-04"))), at=IN_MAY)
    county.send(
        ("CGJ", "5月.xlsx", as_bytes(manholes())),
        ("MZJ", "5月.xlsx", as_bytes(contributing)),
        ("RSJ", "5月.xlsx", as_bytes(blank("RSJ"))),
        at=IN_TIME,
    )
    county.send(("CGJ", "5月改.xlsx", as_bytes(manholes(121, 521))), at=LATE, judge=False)
    with open_warehouse(county.home.warehouse) as connection:
        yield connection


def submission(connection: Connection, file_name: str) -> str:
    query = "select submission_id from raw.submission where unit_code = 'CGJ' and file_name = ?"
    rows = connection.execute(query, [file_name]).fetchall()
    return str(rows[0][0])


def test_what_is_computed_for_some_files_is_what_the_views_say_of_them(warehouse: Connection) -> None:
    ids = [submission(warehouse, name) for name in ("4月.xlsx", "5月改.xlsx")]
    counted = read_facts(warehouse, ids)["scope"].value_counts().to_dict()
    assert counted["file"] == 2 and counted.keys() == set(SCOPES)
    for table in (table for scope in SCOPES for table in fact_tables(scope)):
        of_all = f"select * from {table.full_name} where list_contains($ids, submission_id)"
        of_these = f"select * from temp.facts_{table.name} where list_contains($ids, submission_id)"
        for one, other in ((of_all, of_these), (of_these, of_all)):
            left_over = f"select * from ({one}) except all select * from ({other})"
            assert warehouse.execute(left_over, {"ids": ids}).fetchall() == [], table.name


def test_a_fact_about_nobody_else_is_computed(warehouse: Connection) -> None:
    read_facts(warehouse, [submission(warehouse, "5月改.xlsx")])
    query = "select distinct unit_code, file_name from temp.facts_file order by all"
    assert warehouse.execute(query).fetchall() == [
        ("CGJ", "4月.xlsx"), ("CGJ", "5月.xlsx"), ("CGJ", "5月改.xlsx"), ("MZJ", "5月.xlsx"),
    ]  # fmt: skip
    for name in ("row", "cell", "owed"):
        judged = warehouse.execute(f"select count(distinct submission_id) from temp.facts_{name}").fetchone()
        assert judged == (1,), name


def test_every_table_of_facts_is_in_the_frame(warehouse: Connection) -> None:
    facts = read_facts(warehouse, [submission(warehouse, "5月改.xlsx")])
    named = {column for scope in SCOPES for column in fact_columns(scope)}
    assert set(facts.columns) == named | {"scope"}
    (row,) = facts[(facts["scope"] == "row") & (facts["indicator_code"] == "M03-01")].to_dict("records")
    known = ("lead_unit_name", "cumulative_difference", "contributed_total", "is_known_member", "has_words")
    assert [row[name] for name in known] == ["县城管局", 0, 600, False, False]


def test_facts_can_be_read_of_nobody(warehouse: Connection) -> None:
    assert read_facts(warehouse, []).empty
