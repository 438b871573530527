"""Airflow's metadata on a real PostgreSQL, with the drivers of the lock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg2
import pytest

from tests.postgres import postgres_in

AIRFLOW = Path(sys.executable).parent / "airflow"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of an empty database."""
    with postgres_in(tmp_path_factory.mktemp("postgres")) as postgres:
        postgres.psql("create database airflow;")
        yield postgres.get_uri(database="airflow")


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


async def _count_dags(server: str) -> int:
    connection = await asyncpg.connect(server)
    try:
        found: int = await connection.fetchval("select count(*) from dag")
        return found
    finally:
        await connection.close()
