"""A unit's own database: its rows become a csv of the form, once for what they say, and the database is only read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy

from minsheng.core.access import Access
from minsheng.landing import all_receipts, read_content
from minsheng.plan.run import Run
from minsheng.source.database import DatabaseSource
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.warehouse.connection import open_warehouse
from tests.postgres import postgres_in

_MADE = """
    create table "月报" (
        "报送期" varchar(7), "指标编码" varchar(10), "本月数" numeric(12, 2), "累计数" numeric(12, 2), "联系人" text
    )
"""
_ROW = "insert into \"月报\" values ('{month}', 'M03-01', {month_value}, {cumulative}, '某人')"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server."""
    with postgres_in(tmp_path_factory.mktemp("pg")) as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[DatabaseSource, sqlalchemy.Engine]]:
    """A source, and the door by which the unit itself writes."""
    if request.param == "sqlite":
        access, url = Access(database=str(tmp_path / "unit.db")), sqlalchemy.make_url(f"sqlite:///{tmp_path}/unit.db")
    else:
        url = sqlalchemy.make_url(request.getfixturevalue("postgres")).set(drivername="postgresql+psycopg2")
        host = str(url.query.get("host") or url.host)
        access = Access(host, url.port, url.username or "", "", database=url.database or "")
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text('drop table if exists "月报"'))
        connection.execute(sqlalchemy.text(_MADE))
    dialect = "sqlite" if request.param == "sqlite" else "postgresql+psycopg2"
    yield DatabaseSource("城管库", "CGJ", "月报", "报送期", dialect, access), engine
    engine.dispose()


def write(engine: sqlalchemy.Engine, month: str, month_value: object, cumulative: object) -> None:
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(f'delete from "月报" where "报送期" = \'{month}\''))
        said = _ROW.format(month=month, month_value=month_value, cumulative=cumulative)
        connection.execute(sqlalchemy.text(said))


def test_rows_become_a_file_of_the_form_once(database: tuple[DatabaseSource, sqlalchemy.Engine], run: Run) -> None:
    source, engine = database
    write(engine, "2022-01", "60.00", 60)
    assert pull(run, source).counts == {"landed": 1}
    again = replace(run, run_id="2")
    assert pull(again, source).counts == {"known": 1}
    (receipt,) = all_receipts(run.home)
    assert (receipt.unit_code, receipt.file_name) == ("CGJ", "月报-2022-01.csv")
    text = read_content(run.home, receipt.plan_id, receipt.sha256).decode("utf-8-sig")
    assert text.splitlines() == [
        "单位编码：,CGJ,报送期：,2022-01,模板版本：,2022-01",
        "指标编码,指标名称,计量单位,年度目标,上月累计,本月数,累计数,分子,分母,零报送,更正,更正原因,形象进度,存在问题,佐证材料编号,备注",
        "M03-01,,,,,60,60,,,,,,,,,",
    ]
    parse(again)
    with open_warehouse(run.home.warehouse) as connection:
        cells = connection.execute("select field, cell_ref, number_value from raw.cell order by all").fetchall()
    assert [(field, cell, int(value)) for field, cell, value in cells if value is not None] == [
        ("cumulative", "G3", 60),
        ("month", "F3", 60),
    ]
    write(engine, "2022-01", 61, 61)
    assert pull(replace(run, run_id="3"), source).counts == {"landed": 1}


def test_what_is_wrong_with_a_table_is_told(database: tuple[DatabaseSource, sqlalchemy.Engine], run: Run) -> None:
    source, engine = database
    write(engine, "2022-01", 1, 1)
    wrong = (
        (replace(source, table="没有"), "不存在"),
        (replace(source, key="月份"), "没有列 月份"),
        (replace(source, dialect="nosql"), "驱动"),
    )
    for faulty, told in wrong:
        (outcome,) = pull(run, faulty).outcomes
        assert (outcome.result, told in outcome.detail) == ("down", True), outcome.detail
