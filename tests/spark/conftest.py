"""A real Spark, and an installation of two counties whose tables it is to make as DuckDB does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from minsheng.core.home import Installation
from minsheng.warehouse.spark import connect
from tests.spark.counties import changed_county, example_county
from tests.spark.server import is_installed, spark_server


@pytest.fixture(scope="session")
def spark_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not is_installed():
        pytest.skip("no Spark: run make spark")
    with spark_server(tmp_path_factory.mktemp("spark")) as address:
        yield address


@pytest.fixture(scope="session")
def session(spark_address: str) -> Iterator[Any]:
    """A session of the server, as minsheng itself sets it."""
    session = connect(spark_address)
    assert session.conf.get("spark.sql.ansi.enabled") == "true"
    yield session
    session.stop()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Two counties, and what they have published."""
    folder = tmp_path_factory.mktemp("installation")
    found = Installation(folder / "home")
    example_county(found)
    changed_county(folder / "baofeng", found)
    return found
