"""The one door to Spark: a session of a Spark Connect server that reads Parquet and answers SELECTs (docs/adr/0058).

The client is a package that an installation chooses in the version of its cluster: imported here alone, when used.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from warnings import catch_warnings, filterwarnings

from minsheng.core.clock import ZONE_NAME
from minsheng.core.errors import BusyError, UserError

if TYPE_CHECKING:
    import pyarrow as pa

SETTING = "MINSHENG_SPARK"
_PORT = 15002  # of a Spark Connect server that is not told another
_SECONDS_TO_CONNECT = 10
# Two seconds in all: a server that was there a moment ago, and is not, is gone. The client alone would try for minutes.
_RETRIES = 3
# As every connection to DuckDB is; and a sum too large is an error there, too.
_SESSION = {"spark.sql.session.timeZone": ZONE_NAME, "spark.sql.ansi.enabled": "true"}
# Files of a county that published before a column came lack it.
_READING = {"mergeSchema": "true"}


class Spark:
    """An open session; what it is given to read must lie at the same path for every process of the cluster."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def lay_out(self, name: str, files: Sequence[str]) -> None:
        """Make Parquet files one view of this session, each row with the ``filename`` it stands in."""
        read = self._session.read.options(**_READING).parquet(*(f"file://{path}" for path in files))
        read.selectExpr("*", "_metadata.file_path as filename").createOrReplaceTempView(f"`{name}`")

    def define(self, name: str, query: str) -> None:
        """Make a SELECT in Spark's words a view of this session."""
        self._session.sql(query).createOrReplaceTempView(f"`{name}`")

    def answer(self, query: str) -> pa.Table:
        """The rows of a SELECT in Spark's words; moments are UTC."""
        return self._session.sql(query).toArrow()


@contextmanager
def open_spark(address: str) -> Iterator[Spark]:
    """A session of the server at ``sc://host:port``.

    Raises BusyError when the server cannot be reached, or goes away; UserError when the address is none, the client is
    not installed, or Spark refuses what it is asked.
    """
    _require_listening(address)
    with _plain_errors(address):
        session = connect(address)
        try:
            yield Spark(session)
        finally:
            with suppress(Exception):  # a server that has gone has dropped the session
                session.stop()


def _require_listening(address: str) -> None:
    """A quick answer, and one in which the address stands: the client tries for ten minutes."""
    host, port = _parsed(address)
    try:
        socket.create_connection((host, port), _SECONDS_TO_CONNECT).close()
    except OSError as error:
        raise _away(address, error.strerror or error) from error


def _parsed(address: str) -> tuple[str, int]:
    with suppress(ValueError):
        parts = urlsplit(address)
        if parts.scheme == "sc" and parts.hostname:
            return parts.hostname, parts.port or _PORT
    raise UserError("spark_address_unfit", SETTING)


def connect(address: str) -> Any:
    """A session set as every one is; its errors are Spark's own."""
    from pyspark.logger import PySparkLogger
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    logger: logging.Logger = PySparkLogger.getLogger("SQLQueryContextLogger")
    logger.disabled = True  # it prints every error that is raised as well, with the server's stack
    session = SparkSession.builder.remote(address).create()
    session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
    for name, value in _SESSION.items():
        session.conf.set(name, value)
    return session


@contextmanager
def _plain_errors(address: str) -> Iterator[None]:
    try:
        from pyspark.errors import PySparkException
        from pyspark.errors.exceptions.connect import SparkConnectGrpcException
    except ImportError as error:
        raise UserError("spark_client_missing", SETTING, package=error.name) from error
    try:
        with catch_warnings():
            filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # what follows is told as an error
            yield
    except SparkConnectGrpcException as error:
        if type(error) is SparkConnectGrpcException:  # what Spark says of a query is one of its kinds
            raise _away(address, error.getGrpcStatusCode().name) from error
        raise UserError("spark_refuses", SETTING, reason=_first_line(error)) from error
    except PySparkException as error:
        raise UserError("spark_refuses", SETTING, reason=_first_line(error)) from error


def _away(address: str, reason: object) -> BusyError:
    host, port = _parsed(address)
    return BusyError("spark_away", SETTING, server=f"{host}:{port}", reason=reason)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
