"""Reading the DuckDB file and the Parquet files as BI tools and analysts do."""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from minsheng.publication import labels
from minsheng.warehouse import sqlfiles
from tests.bi.addresses import Url, documented
from tests.bi.conftest import Publisher, shrink

MODELS = sqlfiles.models("published")
NUMBER = sa.text("select max(revision_no) from pub_indicator_completion_v1")


def engine(current: Path, pool: type[sa.Pool] = sa.NullPool, **options: object) -> sa.Engine:
    """As written into Superset: the path goes through ``current``."""
    (address,) = (each for each in documented() if isinstance(each, Url))
    return sa.create_engine(address.at(current / "marts.duckdb"), poolclass=pool, **options)


@pytest.fixture
def inspector(published: Publisher) -> sa.Inspector:
    return sa.inspect(engine(published.current))


# reflection


def test_tables_and_chinese_views_are_found(inspector: sa.Inspector) -> None:
    assert set(inspector.get_table_names()) == {model.name for model in MODELS}
    assert set(inspector.get_view_names()) == {labels.title(model) for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_comments_are_seen_through_reflection(inspector: sa.Inspector, model: sqlfiles.Model) -> None:
    assert inspector.get_table_comment(model.name) == {"text": sqlfiles.told_of(model)}
    columns = inspector.get_columns(model.name)
    assert [column["name"] for column in columns] == list(sqlfiles.columns(model))
    for column in columns:
        term = sqlfiles.terms(model)[column["name"]]
        comment = column["comment"]
        assert comment and comment.startswith(term.label) and comment.endswith(term.description)
    labelled = inspector.get_columns(labels.title(model))
    assert [column["name"] for column in labelled] == [term.label for term in sqlfiles.terms(model).values()]


def test_types_are_those_a_chart_can_use(inspector: sa.Inspector) -> None:
    types = {column["name"]: column["type"] for column in inspector.get_columns("pub_indicator_completion_v1")}
    assert isinstance(types["completion_ratio"], sa.Float)
    assert isinstance(types["target_value"], sa.Numeric)
    assert isinstance(types["revision_no"], sa.BigInteger)
    assert isinstance(types["is_corrected"], sa.Boolean)
    assert isinstance(types["accepted_at"], sa.DateTime)
    assert types["accepted_at"].timezone
    assert isinstance(types["indicator_name"], sa.String)


def test_a_table_object_can_be_reflected_and_queried(published: Publisher) -> None:
    table = sa.Table("pub_indicator_completion_v1", sa.MetaData(), autoload_with=engine(published.current))
    query = sa.select(table.c.light, sa.func.count()).group_by(table.c.light).order_by(table.c.light)
    with engine(published.current).connect() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [("grey", 31), ("yellow", 1)]


# connections


@pytest.mark.parametrize("arguments", ["?access_mode=read_only", ""])
def test_nobody_can_write_through_a_reader(published: Publisher, arguments: str) -> None:
    options = {} if arguments else {"connect_args": {"read_only": True}}
    reader = sa.create_engine(
        f"duckdb:///{published.current}/marts.duckdb{arguments}", poolclass=sa.NullPool, **options
    )
    with reader.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text("delete from pub_indicator_completion_v1"))


def test_one_process_must_open_the_file_in_one_way(published: Publisher) -> None:
    other = sa.create_engine(
        f"duckdb:///{published.current}/marts.duckdb", poolclass=sa.NullPool, connect_args={"read_only": True}
    )
    with engine(published.current).connect(), pytest.raises(sa.exc.DBAPIError, match="different configuration"):
        other.connect()


def test_two_engines_read_at_once(published: Publisher) -> None:
    pooled = engine(published.current, sa.QueuePool)
    with engine(published.current).connect() as one, pooled.connect() as two:
        assert one.execute(NUMBER).scalar() == two.execute(NUMBER).scalar() == 1
    pooled.dispose()


def test_without_a_pool_the_next_question_is_answered_by_the_new_revision(publisher: Publisher) -> None:
    publisher.publish(1)
    superset = engine(publisher.current)
    with superset.connect() as connection:
        assert connection.execute(NUMBER).scalar() == 1
        publisher.publish(2)
        assert connection.execute(NUMBER).scalar() == 1
    with superset.connect() as connection:
        assert connection.execute(NUMBER).scalar() == 2


def test_a_pool_keeps_the_old_revision_until_its_connections_are_recycled(publisher: Publisher) -> None:
    publisher.publish(1)
    pooled = engine(publisher.current, sa.QueuePool, pool_size=1, max_overflow=0)
    recycled = engine(publisher.current, sa.QueuePool, pool_size=1, max_overflow=0, pool_recycle=0)
    for one in (pooled, recycled):
        with one.connect() as connection:
            assert connection.execute(NUMBER).scalar() == 1
    publisher.publish(2)
    with pooled.connect() as connection:
        assert connection.execute(NUMBER).scalar() == 1
    with recycled.connect() as connection:
        assert connection.execute(NUMBER).scalar() == 2
    pooled.dispose()
    recycled.dispose()


# pandas, Parquet


def test_pandas_reads_the_chinese_view(published: Publisher) -> None:
    with engine(published.current).connect() as connection:
        frame = pd.read_sql('select "指标编码", "亮灯", "完成率" from "指标完成情况"', connection)
    assert frame.set_index("指标编码").loc["M04-03"].to_dict() == {"亮灯": "黄", "完成率": 0.9018}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_parquet_is_the_same_table(published: Publisher, model: sqlfiles.Model) -> None:
    path = published.current / f"{model.name}.parquet"
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        expected = connection.execute(f"select * from {model.name}").to_arrow_table()
    table = pq.read_table(path)
    assert table.num_rows == expected.num_rows
    assert table.schema.names == expected.schema.names
    assert table.to_pylist() == expected.to_pylist()
    assert len(pd.read_parquet(path)) == table.num_rows


def test_the_file_keeps_the_storage_format_that_every_1_x_reads(published: Publisher) -> None:
    with duckdb.connect(published.current / "marts.duckdb", read_only=True) as connection:
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'marts'").fetchone()
    assert tags is not None
    assert "v1.0.0" in str(tags[0]), tags
    assert not (published.current / "marts.duckdb.wal").exists()


def test_a_reader_keeps_its_revision_through_ten_publications(publisher: Publisher) -> None:
    shrink(publisher.run.home)
    publisher.publish(1)
    query = "select min(revision_no), max(revision_no) from pub_indicator_completion_v1"
    with duckdb.connect(publisher.current / "marts.duckdb", read_only=True) as reader:
        for number in range(2, 12):
            publisher.publish(number)
            assert reader.execute(query).fetchall() == [(1, 1)]
    with duckdb.connect(publisher.current / "marts.duckdb", read_only=True) as reader:
        assert reader.execute(query).fetchall() == [(11, 11)]
