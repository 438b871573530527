"""The same revision in a real PostgreSQL, read with a plain driver."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import psycopg2
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from minsheng.commands.publication import publication_app
from minsheng.core.errors import BusyError, UserError
from minsheng.publication import labels
from minsheng.publication.postgres import READER, copy_current
from minsheng.publication.revisions import current
from minsheng.publication.rollback import roll_back
from minsheng.stages.copy import copy
from minsheng.stages.publish import publish
from minsheng.views.publication import standing
from minsheng.warehouse import sqlfiles
from minsheng.warehouse.connection import open_warehouse
from minsheng.words.chinese import chinese
from tests.bi.conftest import AT, Publisher

pytestmark = pytest.mark.slow

NUMBER = "select min(revision_no), max(revision_no), count(*) from minsheng.pub_indicator_completion_v1"


@pytest.fixture
def mirrored(publisher: Publisher, bi_url: str) -> Publisher:
    publisher = publisher.to(bi_url)
    publisher.publish(1)
    return publisher


@contextmanager
def plain(url: str | None, isolation: str = "READ COMMITTED") -> Iterator[psycopg2.extensions.connection]:
    assert url is not None
    address = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(address)) as connection:
        connection.set_session(isolation_level=isolation)
        yield connection


def ask(connection: psycopg2.extensions.connection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall()) if cursor.description else []


def engine(publisher: Publisher) -> sa.Engine:
    assert publisher.postgres_url is not None
    return sa.create_engine(publisher.postgres_url, poolclass=sa.NullPool)


# what is there


def test_a_plain_driver_reads_tables_and_chinese_views(mirrored: Publisher) -> None:
    with plain(mirrored.postgres_url) as connection:
        assert ask(connection, NUMBER) == [(1, 1, 32)]
        lights = ask(
            connection, 'select distinct "亮灯", "年度目标" from minsheng."指标完成情况" where "指标编码" = \'M01-01\''
        )
        assert [(light, float(target)) for light, target in lights] == [("灰", 31400.0)]
        named = ask(connection, "select revision, as_of from minsheng.publication")
    assert named == [(mirrored.current.resolve().name, AT)]


def test_reflection_shows_every_table_with_its_comments(mirrored: Publisher) -> None:
    inspector = sa.inspect(engine(mirrored))
    models = sqlfiles.models("published")
    assert set(inspector.get_table_names("minsheng")) == {"publication", *(model.name for model in models)}
    assert set(inspector.get_view_names("minsheng")) == {labels.title(model) for model in models}
    for model in models:
        assert inspector.get_table_comment(model.name, "minsheng") == {"text": sqlfiles.told_of(model)}
        comments = {column["name"]: column["comment"] for column in inspector.get_columns(model.name, "minsheng")}
        for column in sqlfiles.columns(model):
            term = sqlfiles.terms(model)[column]
            comment = comments[column]
            assert comment and comment.startswith(term.label) and comment.endswith(term.description)


def test_every_row_is_the_one_in_the_duckdb_file(mirrored: Publisher) -> None:
    with plain(mirrored.postgres_url) as connection, open_warehouse(mirrored.run.home.warehouse) as warehouse:
        for model in sqlfiles.models("published"):
            keys = ", ".join(f'cast({key} as text) collate "C"' for key in model.grain)
            same = ", ".join(f"cast({key} as varchar)" for key in model.grain)
            columns = ", ".join(sqlfiles.columns(model))
            built = warehouse.execute(f"select {columns} from {model.full_name} order by {same}")
            there = ask(connection, f"select {columns} from minsheng.{model.name} order by {keys}")
            assert there == built.fetchall(), model.name


# who may do what


def test_a_login_with_the_readers_role_reads_and_cannot_write(mirrored: Publisher) -> None:
    with plain(mirrored.postgres_url) as connection:
        ask(connection, f"set role {READER}; {NUMBER}")
        ask(connection, 'select count(*) from minsheng."指标完成情况"')
        for statement in (
            "delete from minsheng.pub_indicator_completion_v1",
            "insert into minsheng.publication (revision) values ('x')",
            "create table minsheng.mine (a integer)",
            'drop view minsheng."指标完成情况"',
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                ask(connection, statement)
            connection.rollback()
            ask(connection, f"set role {READER}")


# one revision after another


def test_the_same_revision_is_copied_once(mirrored: Publisher) -> None:
    assert mirrored.postgres_url is not None
    assert publish(mirrored.run).outcomes[0].result == "unchanged"
    assert copy(mirrored.run.home, mirrored.postgres_url).outcomes[0].result == "known"


def test_a_running_transaction_keeps_its_revision_and_nobody_waits(mirrored: Publisher) -> None:
    with (
        plain(mirrored.postgres_url, "REPEATABLE READ") as steady,
        plain(mirrored.postgres_url) as fresh,
        plain(mirrored.postgres_url) as half_read,
    ):
        ask(half_read, "set statement_timeout = '5s'")
        ask(half_read, "declare rows cursor for select revision_no from minsheng.pub_indicator_completion_v1")
        assert len(ask(half_read, "fetch 10 from rows")) == 10
        assert ask(steady, NUMBER) == ask(fresh, NUMBER) == [(1, 1, 32)]
        mirrored.publish(2)
        assert ask(fresh, NUMBER) == [(2, 2, 32)]
        assert ask(steady, NUMBER) == [(1, 1, 32)]
        assert set(ask(half_read, "fetch all from rows")) == {(1,)}


def test_a_roll_back_reaches_postgresql_too(mirrored: Publisher) -> None:
    assert mirrored.postgres_url is not None
    mirrored.publish(2)
    roll_back(mirrored.run.home, None, AT, "")
    copy_current(mirrored.run.home, mirrored.postgres_url)
    with plain(mirrored.postgres_url) as connection:
        assert ask(connection, NUMBER) == [(1, 1, 32)]
    assert publish(mirrored.run).outcomes[0].result == "held"
    assert copy(mirrored.run.home, mirrored.postgres_url).outcomes[0].result == "known"


def test_a_copy_that_waited_for_another_takes_what_is_current_then(publisher: Publisher, bi_url: str) -> None:
    publisher.publish(1)
    with plain(bi_url) as other, ThreadPoolExecutor(1) as pool:
        ask(other, "select pg_advisory_xact_lock(hashtext('minsheng'))")
        waiting = pool.submit(copy_current, publisher.run.home, bi_url)
        while not ask(other, "select 1 from pg_locks where locktype = 'advisory' and not granted"):
            wait([waiting], timeout=0.05)
            assert not waiting.done()
        newest = publisher.publish(2)
        other.rollback()
        assert waiting.result().detail == newest
        assert ask(other, NUMBER) == [(2, 2, 32)]


def test_new_words_make_the_views_anew_and_keep_the_rights(
    mirrored: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(chinese().light, "grey", "灰色")
    mirrored.publish(2)
    with plain(mirrored.postgres_url) as connection:
        ask(connection, f"set role {READER}")
        assert ask(connection, 'select distinct "亮灯" from minsheng."指标完成情况"') == [("灰色",)]


# what others have there


def test_a_schema_that_holds_something_else_is_refused_and_left_as_it_is(publisher: Publisher, bi_url: str) -> None:
    with plain(bi_url) as connection:
        connection.autocommit = True
        ask(connection, "create schema minsheng; create table minsheng.ledger as select 7 as amount")
        ask(connection, "create view minsheng.total as select sum(amount) from minsheng.ledger")
        refused = (
            "模式 minsheng：有 2 个不是系统抄送的表和视图，如 ledger"
            " → 请把它们移到别的模式，或在 MINSHENG_POSTGRES_URL 改用别的数据库；什么也没有改动 [postgres_not_ours]"
        )
        with pytest.raises(UserError) as raised:
            publisher.to(bi_url).publish(1)
        assert str(raised.value) == refused
        ask(connection, "drop view minsheng.total; alter table minsheng.ledger rename to publication")
        with pytest.raises(UserError, match="有 1 个不是系统抄送的表和视图，如 publication"):
            copy_current(publisher.run.home, bi_url)
        assert ask(connection, "select amount from minsheng.publication") == [(7,)]


def test_new_definitions_replace_ours_and_leave_what_others_put_beside_them(
    mirrored: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with plain(mirrored.postgres_url) as connection:
        connection.autocommit = True
        ask(connection, "create table minsheng.ledger as select 7 as amount")
        ask(connection, "create view minsheng.total as select sum(amount) from minsheng.ledger")
        # As if the tables had been defined otherwise, and a view of ours been called otherwise, in the version before.
        ask(connection, 'alter view minsheng."指标完成情况" rename to "旧名"')
        ask(connection, "update minsheng.publication set tables_sha256 = '', made = array_append(made, '旧名')")
        mirrored.publish(2)
        assert ask(connection, "select * from minsheng.ledger, minsheng.total") == [(7, 7)]
        views = {name for (name,) in ask(connection, "select viewname from pg_views where schemaname = 'minsheng'")}
        assert views == {"total", *(labels.title(model) for model in sqlfiles.models("published"))}
        assert ask(connection, NUMBER) == [(2, 2, 32)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(connection, f"set role {READER}; select * from minsheng.ledger")


# when it goes wrong


def test_what_analysts_built_on_the_tables_stays_or_stops_the_change(
    mirrored: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with plain(mirrored.postgres_url) as connection:
        connection.autocommit = True
        ask(connection, "create view public.mine as select max(revision_no) from minsheng.pub_indicator_completion_v1")
        ask(connection, 'create view public.ours as select max("亮灯") from minsheng."指标完成情况"')
        mirrored.publish(2)
        assert ask(connection, "select * from public.mine, public.ours") == [(2, "灰")]
        monkeypatch.setitem(chinese().light, "grey", "灰色")
        with pytest.raises(UserError, match=r"不允许（cannot drop view .* because other objects depend on it）"):
            mirrored.publish(3)
        assert ask(connection, "select * from public.mine, public.ours") == [(2, "灰")]
        ask(connection, "drop view public.ours")
        mirrored.publish(3)
        assert ask(connection, "select * from public.mine") == [(3,)]


def test_while_the_server_is_away_the_files_are_published_and_the_next_run_copies(
    publisher: Publisher, bi_url: str
) -> None:
    away = sa.make_url(bi_url).update_query_dict({"host": "127.0.0.1", "port": "1"}).set(password="geheim")
    broken = publisher.to(away.render_as_string(hide_password=False))
    with pytest.raises(BusyError) as raised:
        broken.publish(1)
    assert "PostgreSQL 用不了（" in str(raised.value)
    assert str(raised.value).endswith(
        "文件已经发布；请处理服务器，再清除任务 copy，或运行 minsheng publication copy [postgres_away]"
    )
    assert "geheim" not in str(raised.value)
    standing = current(publisher.run.home)
    assert standing is not None
    assert publish(publisher.run).outcomes[0].result == "unchanged"
    again = copy(publisher.run.home, bi_url).outcomes[0]
    assert (again.result, again.detail) == ("copied", standing.name)
    assert again.item_count > 32


def test_a_driver_that_is_not_there_is_named(publisher: Publisher) -> None:
    with pytest.raises(UserError, match="没有安装驱动 postgresql\\+psycopg → 请写成 postgresql"):
        publisher.to("postgresql+psycopg://host/db").publish(1)


@pytest.mark.parametrize("url", ["mysql://host/db", "nonsense"])
def test_another_kind_of_database_is_refused_in_one_line(publisher: Publisher, url: str) -> None:
    with pytest.raises(UserError, match="MINSHENG_POSTGRES_URL：不是 PostgreSQL 数据库的地址 → 请写成"):
        publisher.to(url).publish(1)


# missed, half done, another revision


def on_the_command_line(publisher: Publisher, *arguments: str, url: str | None) -> str:
    """``minsheng publication`` in the home of the publisher, as an operator runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINSHENG_POSTGRES_URL", url or "")
        done = CliRunner().invoke(publication_app, [*arguments, "--home", str(publisher.run.home.root.parent)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_copy_that_was_missed_is_made_up_for(mirrored: Publisher) -> None:
    missed = replace(mirrored, postgres_url=None).publish(2)
    told = list(standing(mirrored.run.home, mirrored.postgres_url))
    assert [line.split("，")[1] for line in told] == [f"不是现行版本 {missed}；运行 minsheng publication copy"]
    assert f"PostgreSQL 现在是 {missed}" in on_the_command_line(mirrored, "copy", url=mirrored.postgres_url)
    with plain(mirrored.postgres_url) as connection:
        assert ask(connection, NUMBER)[0][:2] == (2, 2)
    (line,) = standing(mirrored.run.home, mirrored.postgres_url)
    assert line.startswith(f"PostgreSQL：{missed}，与现行版本一致（")


@pytest.mark.parametrize(
    "harm",
    [
        "delete from minsheng.pub_indicator_completion_v1",
        'drop view minsheng."指标完成情况"',
        "drop table minsheng.pub_finding_v1 cascade",
    ],
)
def test_what_was_lost_in_postgresql_is_brought_back(mirrored: Publisher, harm: str) -> None:
    with plain(mirrored.postgres_url) as connection:
        ask(connection, harm)
        connection.commit()
    on_the_command_line(mirrored, "copy", url=mirrored.postgres_url)
    with plain(mirrored.postgres_url) as connection:
        assert ask(connection, NUMBER) == [(1, 1, 32)]
        assert ask(connection, 'select count(*) from minsheng."指标完成情况"') == [(32,)]
        assert ask(connection, "select count(*) from minsheng.pub_finding_v1") == [(0,)]


def test_a_named_revision_stands_there_until_the_next_copy(mirrored: Publisher) -> None:
    first = current(mirrored.run.home)
    mirrored.publish(2)
    assert first is not None
    on_the_command_line(mirrored, "copy", "--revision", first.name, url=mirrored.postgres_url)
    with plain(mirrored.postgres_url) as connection:
        assert ask(connection, NUMBER)[0][:2] == (1, 1)
    copy(mirrored.run.home, mirrored.postgres_url or "")
    with plain(mirrored.postgres_url) as connection:
        assert ask(connection, NUMBER)[0][:2] == (2, 2)


def test_without_a_server_it_is_said_in_one_line(mirrored: Publisher) -> None:
    with pytest.raises(UserError, match="MINSHENG_POSTGRES_URL：没有设置，不知道抄送到哪里"):
        on_the_command_line(mirrored, "copy", url=None)
    away = "postgresql+psycopg2://minsheng:geheim@127.0.0.1:1/bi"
    with pytest.raises(BusyError, match=r"PostgreSQL 用不了.*运行 minsheng publication copy") as error:
        on_the_command_line(mirrored, "copy", url=away)
    (line,) = standing(mirrored.run.home, away)
    assert line.startswith("PostgreSQL：postgresql+psycopg2://minsheng:***@127.0.0.1:1/bi：PostgreSQL 用不了")
    assert "geheim" not in str(error.value)


def test_nothing_copied_yet_is_said(publisher: Publisher, bi_url: str) -> None:
    publisher.publish(1)
    assert list(standing(publisher.run.home, bi_url)) == ["PostgreSQL：还没有抄送过；运行 minsheng publication copy"]
