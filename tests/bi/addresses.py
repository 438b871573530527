"""The ways to open the published database that the documents give, read from the documents themselves."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import duckdb_cli
import sqlalchemy as sa

from minsheng.core.declarations import ROOT

# The path that documents write, and for which the tests put their own.
WRITTEN = "/srv/minsheng/published/current/marts.duckdb"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_URL = re.compile(r"duckdb:/[^\s`）)]+")


class Refused(Exception):  # noqa: N818 - says what happened
    """The statement was not carried out; the message is the database's."""


@dataclass(frozen=True)
class Address(ABC):
    """One documented way to open the database."""

    text: str

    def at(self, database: Path) -> str:
        """The address of a database that lies elsewhere."""
        return self.text.replace(WRITTEN, str(database))

    @abstractmethod
    def ask(self, database: Path, statement: str) -> object:
        """Open, run one statement, close; raises Refused in the words of the database."""


class Url(Address):
    """An SQLAlchemy URL, as for Superset."""

    def ask(self, database: Path, statement: str) -> object:
        engine = sa.create_engine(self.at(database), poolclass=sa.NullPool)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(sa.text(statement))]
        except sa.exc.DBAPIError as error:
            raise Refused(str(error)) from error


class Python(Address):
    """A call of ``duckdb.connect`` in a block of Python."""

    def ask(self, database: Path, statement: str) -> object:
        call = ast.parse(self.at(database), mode="eval").body
        assert isinstance(call, ast.Call)
        given = [ast.literal_eval(argument) for argument in call.args]
        named = {str(each.arg): ast.literal_eval(each.value) for each in call.keywords}
        return _ask_duckdb(duckdb.connect(*given, **named), statement)


class Properties(Address):
    """A driver's properties: all but the prefixed ones are handed to DuckDB as they are, whatever the driver."""

    def ask(self, database: Path, statement: str) -> object:
        given: dict[str, Any] = dict(line.split("=") for line in self.text.splitlines())
        is_read_only = given.pop("duckdb.read_only") == "true"
        return _ask_duckdb(duckdb.connect(database, read_only=is_read_only, config=given), statement)


class CommandLine(Address):
    """A line that starts DuckDB's own shell."""

    def ask(self, database: Path, statement: str) -> object:
        program, *arguments = shlex.split(self.at(database))
        assert program == "duckdb"
        command = [str(Path(duckdb_cli.__file__).parent / "duckdb"), "-no-init", "-bail", *arguments]
        done = subprocess.run(command, input=f"{statement}\n", capture_output=True, text=True, timeout=60)
        if done.returncode or "cannot be used in -safe mode" in done.stderr + done.stdout:
            raise Refused(done.stderr + done.stdout)
        return done.stdout


def documented() -> list[Address]:
    """Every address in any document, in the order of their appearance."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [address for page in sorted(pages) for address in _addresses(page.read_text(encoding="utf-8"))]


def _addresses(page: str) -> Iterator[Address]:
    yield from map(Url, _URL.findall(page))
    for language, block in _BLOCK.findall(page):
        if language == "python":
            yield from (Python(call) for call in _calls_of_connect(block))
        elif language == "sh":
            yield from (CommandLine(line) for line in block.splitlines() if line.startswith("duckdb "))
        elif language == "properties":
            yield Properties(block.strip())


def _calls_of_connect(block: str) -> Iterator[str]:
    calls = (node for node in ast.walk(ast.parse(block)) if isinstance(node, ast.Call))
    yield from (ast.unparse(call) for call in calls if ast.unparse(call.func) == "duckdb.connect")


def _ask_duckdb(opened: AbstractContextManager[duckdb.DuckDBPyConnection], statement: str) -> list[tuple[Any, ...]]:
    try:
        with opened as connection:
            return connection.execute(statement).fetchall()
    except duckdb.Error as error:
        raise Refused(str(error)) from error
