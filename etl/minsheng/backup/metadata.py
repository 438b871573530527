"""Airflow's metadata in a backup: SQLite by its own backup, PostgreSQL by pg_dump, each while Airflow works.

The address is that of SQLAlchemy, ``sqlite:///…`` or ``postgresql+psycopg2://…``.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from minsheng.core.errors import UserError
from minsheng.core.files import move

_SQLITE = "airflow.db"
_POSTGRES = "airflow.dump"
_WHERE = "Airflow 元数据库"
# What PostgreSQL wants escaped in a file of passwords.
_PASSFILE_SPECIAL = re.compile(r"[\\:]")


def save_metadata(address: str, folder: Path) -> None:
    """Put the database at ``address`` into ``folder`` as it is at one moment; raises UserError when that fails."""
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(_file_of(url), folder / _SQLITE)
    else:
        _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={folder / _POSTGRES}")


def restore_metadata(address: str, folder: Path) -> None:
    """Fill the empty database at ``address`` with what ``save_metadata`` put into ``folder``.

    Raises UserError when it is not empty, when nothing was saved, or from another kind of database.
    """
    url = _url(address)
    is_sqlite = url.get_backend_name() == "sqlite"
    saved = folder / (_SQLITE if is_sqlite else _POSTGRES)
    if not saved.exists():
        raise UserError("metadata_not_saved", folder)
    if is_sqlite and _file_of(url).exists():
        raise UserError("metadata_there", _file_of(url))
    if is_sqlite:
        copy = _file_of(url).with_suffix(".part")
        copy.unlink(missing_ok=True)
        _copy_sqlite(saved, copy)
        move(copy, _file_of(url))
    elif _has_tables(url):
        raise UserError("metadata_there", url.database or "")
    else:
        _run("pg_restore", url, "--no-owner", "--single-transaction", "--exit-on-error", str(saved))


def _has_tables(url: URL) -> bool:
    engine = create_engine(url.set(drivername="postgresql+psycopg2"))
    try:
        return bool(inspect(engine).get_table_names())
    except OperationalError as error:
        raise UserError("program_failed", _WHERE, reason=str(error.orig).strip()) from None
    finally:
        engine.dispose()


def _url(address: str) -> URL:
    """The address taken apart; what is told of one that cannot be is not the address, which holds a password."""
    try:
        url = make_url(address.strip())
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UserError("metadata_address_unfit", _WHERE)
    return url


def _file_of(url: URL) -> Path:
    return Path(url.database or "")


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise UserError("metadata_missing", source)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        there.execute("pragma journal_mode = delete")  # all of it in the one file


def _run(program: str, url: URL, *options: str) -> None:
    """One of PostgreSQL's own programs; the password is in a file for it alone, where no list of processes shows it."""
    found = shutil.which(program)
    if found is None:
        raise UserError("program_missing", program)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as passwords:
        passwords.write("*:*:*:*:" + _PASSFILE_SPECIAL.sub(r"\\\g<0>", url.password or "") + "\n")
        passwords.flush()
        address = url.set(drivername="postgresql", password=None).update_query_dict({"passfile": passwords.name})
        database = address.render_as_string(hide_password=False)
        command = (found, f"--dbname={database}", "--no-password", *options)
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        words = done.stderr.strip().splitlines()
        raise UserError("program_failed", program, reason=words[0] if words else f"{done.returncode}")
