"""A table of a unit's own database as a source: read only, and written down as a csv of the form, a file a month.

So every number keeps a cell, a hash and a trace like any other. The same rows give the same bytes: they are received
once. Columns are the form's, by their codes or their headings; one more, the key, names the month.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from minsheng.core.access import Access
from minsheng.core.declarations import FORMS
from minsheng.core.outcome import Outcome
from minsheng.plan.form import Column, Form, accepted_forms, label_key
from minsheng.source.delivery import Noticed
from minsheng.source.entries import TOO_MANY
from minsheng.source.held import HeldDelivery
from minsheng.source.memory import Memory, entry_key
from minsheng.source.store import ANSWER_SECONDS
from minsheng.source.troubles import StoreError, Trouble, source_down, store_error

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select, Table

# The months looked at in every run: what is corrected later than that is sent as a file.
MOST_MONTHS = 3
MOST_ROWS = 2000
# What databases say of it, in lower case.
_SAID: tuple[tuple[str, Trouble], ...] = (
    ("' to database '", "forbidden"),
    ("command denied to user", "forbidden"),
    ("password authentication failed", "login"),
    ("access denied for user", "login"),
    ("login failed", "login"),
    ("could not translate host name", "host_unknown"),
    ("name or service not known", "host_unknown"),
    ("connection refused", "refused"),
    ("timeout expired", "timeout"),
    ("permission denied", "forbidden"),
    ("no such table", "missing"),
    ("does not exist", "missing"),
    ("unable to open database file", "missing"),
)


@dataclass(frozen=True)
class DatabaseSource:
    """A table or view, with or without its schema. ``dialect``: as SQLAlchemy calls it; ``key``: its month column."""

    name: str
    unit_code: str
    table: str
    key: str
    dialect: str
    access: Access

    @property
    def is_declared(self) -> bool:
        """It always is."""
        return True

    @contextmanager
    def open(self, memory: Memory) -> Iterator[OpenedDatabase]:
        """Connect; raises SourceDownError, also while it is being read."""
        place = f"{self.dialect}://{self.access.host}/{self.table}"
        try:
            engine = _engine(self.dialect, self.access)
            try:
                with engine.connect() as connection:
                    yield OpenedDatabase(self, connection, _table(engine, self.table))
            finally:
                engine.dispose()
        except Exception as error:
            raise source_down(self.name, place, database_error(error)) from error


@dataclass(frozen=True)
class OpenedDatabase:
    """A table that can be read."""

    source: DatabaseSource
    connection: Connection
    table: Table
    noticed: Noticed = field(default_factory=Noticed)
    strays: tuple[Outcome, ...] = ()
    senders: tuple[str, ...] | None = None

    def deliveries(self) -> Iterator[HeldDelivery | Outcome]:
        """A file for each of the last months, the oldest first."""
        months = self.connection.execute(last_months(self.table, self.source.key)).scalars()
        for month in sorted(value for value in months if value is not None):
            yield self._file(month)

    def _file(self, month: object) -> HeldDelivery | Outcome:
        asked = self.connection.execute(rows_of_month(self.table, self.source.key, month))
        rows = [dict(row) for row in asked.mappings()]
        name = f"{self.source.table}-{_month(month)}.csv"
        if len(rows) > MOST_ROWS:
            return Outcome(f"{self.source.name}/{name}", "too_many", TOO_MANY)
        form = _form_of(_month(month), [column.name for column in self.table.columns])
        data = as_form(form, self.source.unit_code, _month(month), rows)
        return HeldDelivery(self.source.name, self.source.unit_code, name, entry_key(name), data)


def last_months(table: Table, key: str) -> Select[Any]:
    """The question which months a table has: the last ones."""
    from sqlalchemy import select

    month = table.columns[key]
    return select(month).distinct().order_by(month.desc()).limit(MOST_MONTHS)


def rows_of_month(table: Table, key: str, month: object) -> Select[Any]:
    """The question for the rows of a month, one more than are taken."""
    from sqlalchemy import select

    return select(table).where(table.columns[key] == month).limit(MOST_ROWS + 1)


def as_form(form: Form, unit_code: str, month: str, rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows as the first sheet of the form in csv, all its columns, and the rows in a fixed order."""
    named = {column.code: name for name in (rows[0] if rows else ()) if (column := _column(form, name))}
    columns = form.sheet("report").columns
    lines = sorted([_shown(row.get(named.get(column.code, ""))) for column in columns] for row in rows)
    head = (("unit_code", unit_code), ("period", month), ("template_version", form.template_version))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([word for code, value in head for word in (f"{form.label(code)}：", value)])
    writer.writerow([column.heading for column in columns])
    writer.writerows(lines)
    return written.getvalue().encode("utf-8-sig")


def _form_of(month: str, names: Sequence[str]) -> Form:
    """The earliest form that knows most of the columns of the table: a newer one changes no file that was taken."""

    def known(form: Form) -> int:
        return sum(_column(form, name) is not None for name in names)

    return max(accepted_forms(FORMS, month), key=known)


def _column(form: Form, name: str) -> Column | None:
    """The form's column that a column of the table is, by its code or its heading."""
    sheet = form.sheet("report")
    by_code = {label_key(column.code): column for column in sheet.columns}
    return by_code.get(label_key(name)) or sheet.column_under(name)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | float):
        text = f"{Decimal(str(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _month(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    text = str(value).strip()
    return f"{text[:4]}-{text[4:]}" if text.isdigit() and len(text) == 6 else text


def _engine(dialect: str, access: Access) -> Engine:
    from sqlalchemy import URL, create_engine
    from sqlalchemy.pool import NullPool

    if dialect.startswith("sqlite"):
        url = URL.create(dialect, database=f"file:{access.database}", query={"mode": "ro", "uri": "true"})
        return create_engine(url, poolclass=NullPool, connect_args={"timeout": ANSWER_SECONDS})
    url = URL.create(
        dialect, access.login or None, access.password or None, access.host, access.port, access.database or None
    )
    return create_engine(url, poolclass=NullPool, connect_args=_limits(dialect))


def _limits(dialect: str) -> dict[str, Any]:
    """Time limits, and nothing but reading, as far as the driver can be told."""
    seconds = int(ANSWER_SECONDS)
    if dialect.startswith("postgresql"):
        options = f"-c default_transaction_read_only=on -c statement_timeout={1000 * seconds}"
        return {"connect_timeout": seconds, "options": options}
    return {"connect_timeout": seconds} if dialect.startswith("mysql") else {}


def _table(engine: Engine, name: str) -> Table:
    from sqlalchemy import MetaData, Table

    schema, _, table = name.rpartition(".")
    return Table(table, MetaData(), schema=schema or None, autoload_with=engine)


def database_error(error: Exception) -> StoreError:
    """What a database refuses, by its words: every driver has exceptions of its own."""
    if isinstance(error, KeyError):
        return StoreError("setup", f"没有列 {error.args[0]}")
    told = store_error(getattr(error, "orig", None) or error)  # the driver's words, without SQLAlchemy's
    if type(error).__name__ in ("NoSuchModuleError", "ModuleNotFoundError"):
        return StoreError("setup", f"没有安装驱动：{error}")
    if type(error).__name__ == "NoSuchTableError":
        return StoreError("missing", told.reason)
    said = told.reason.lower()
    found = next((trouble for words, trouble in _SAID if words in said), told.trouble)
    return StoreError(found, told.reason)
