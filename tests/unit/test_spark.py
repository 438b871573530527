"""Spark that is not to be had: one sentence in Chinese, at once. ``make spark`` shows what it does when it is there."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from minsheng.core.errors import BusyError, UserError
from minsheng.warehouse.spark import open_spark


@pytest.fixture
def listening() -> Iterator[str]:
    """The address of a port on which somebody listens, who is no Spark."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"sc://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("address", ["http://spark.example:15002", "spark.example:15002", "sc://", "sc://host:port"])
def test_what_is_no_address_is_told(address: str) -> None:
    with (
        pytest.raises(UserError, match="MINSHENG_SPARK：不是 Spark Connect 的地址 → 请写成 sc://"),
        open_spark(address),
    ):
        pass


def test_a_server_that_is_away_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with (
        pytest.raises(BusyError, match=f"MINSHENG_SPARK：Spark 用不了（127.0.0.1:{port}："),
        open_spark(f"sc://127.0.0.1:{port}"),
    ):
        pass


def test_a_client_that_is_not_installed_is_told(listening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with (
        pytest.raises(UserError, match=r"没有安装 Spark 的客户端（缺少 pyspark\S*） → 请安装 minsheng\[spark\]"),
        open_spark(listening),
    ):
        pass
