"""What the warehouse remembers of the rest of the home: what came, what was answered, what was published."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from minsheng.core.home import Home
from minsheng.warehouse.connection import Connection, open_to_read

_SUBMISSIONS = "select plan_id, submission_id, unit_code, sha256, received_at from raw.submission"
_MONTHS = "select plan_id, period from raw.period"
_EDITIONS = "select plan_id, plan_sha256 from raw.plan"
_DUTIES = "select distinct plan_id, period, unit_code from raw.obligation"
# A mail is a row first and then a file (docs/adr/0005): a run that was killed between the two, or failed to write one,
# has lost none.
_MAILS = """
    select mail_id, unit_code, coalesce(sent_at, refused_at) is not null
    from staging.stg_mail
    where
        is_ready
        and 'mail/' || unit_code || '/' || mail_id in (select input from raw.outcome where result <> 'failed')
"""
_REVISIONS = "select distinct input from raw.outcome where stage = 'publish' and result in ('published', 'switched')"
_TABLES = "select schema_name || '.' || table_name from duckdb_tables() order by all"


@dataclass(frozen=True)
class Remembered:
    """All of it; empty where there is no warehouse.

    ``mails``: unit, and whether it is settled, of every mail that was written once.
    """

    submissions: dict[tuple[str, str], tuple[str, str, datetime]] = field(default_factory=dict)
    months: frozenset[tuple[str, str]] = frozenset()
    editions: frozenset[tuple[str, str]] = frozenset()
    duties: frozenset[tuple[str, str, str]] = frozenset()
    mails: dict[str, tuple[str, bool]] = field(default_factory=dict)
    revisions: frozenset[str] = frozenset()

    @property
    def plans(self) -> set[str]:
        """Every plan it knows something of."""
        return {plan_id for plan_id, _ in (*self.submissions, *self.months)}

    def submissions_of(self, plan_id: str) -> set[str]:
        """The submissions parsed for a plan."""
        return {submission for plan, submission in self.submissions if plan == plan_id}

    def months_of(self, plan_id: str) -> set[str]:
        """The months opened for a plan."""
        return {period for plan, period in self.months if plan == plan_id}

    def editions_of(self, plan_id: str) -> set[str]:
        """The hash of the plan it goes by, see ``minsheng.landing.editions``."""
        return {sha256 for plan, sha256 in self.editions if plan == plan_id}


def remember(home: Home) -> Remembered:
    """Read it, and every other row besides, so that no damaged block stays unseen.

    Raises DamagedError when the warehouse cannot be read, BusyError while somebody writes it.
    """
    with open_to_read(home.warehouse) as connection:
        for (table,) in connection.execute(_TABLES).fetchall():
            connection.execute(f"select bit_xor(hash(whole)) from {table} as whole").fetchall()
        return _read(connection)


def _read(connection: Connection) -> Remembered:
    submissions = {(row[0], row[1]): (row[2], row[3], row[4]) for row in connection.execute(_SUBMISSIONS).fetchall()}
    mails = {mail_id: (unit, settled) for mail_id, unit, settled in connection.execute(_MAILS).fetchall()}
    return Remembered(
        submissions,
        frozenset(connection.execute(_MONTHS).fetchall()),
        frozenset(connection.execute(_EDITIONS).fetchall()),
        frozenset(connection.execute(_DUTIES).fetchall()),
        mails,
        frozenset(name for (name,) in connection.execute(_REVISIONS).fetchall()),
    )
