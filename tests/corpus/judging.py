"""The whole corpus through the real stages, judged in one batch: what was refused, why, and what was loaded."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from minsheng.core.home import Home
from minsheng.core.period import Period
from minsheng.guard import unnamed
from minsheng.landing import Receipt
from minsheng.plan.county import as_county
from minsheng.plan.run import Run
from minsheng.stages.load import load
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.validation.finding import Finding
from minsheng.validation.judge import Judged, is_in_force, judge
from minsheng.warehouse.connection import Connection, append, open_warehouse, rows_of
from minsheng.warehouse.plan_rows import open_rows, write_plan
from tests.corpus.case import ZONE, Sent, Values, history
from tests.workbooks import lushan

OPENED = ("2022-03", "2022-04", "2022-05")
# When the units' earlier files came: in time for each of their months.
_CAME = {
    "2022-03": datetime(2022, 4, 2, 9, tzinfo=ZONE),
    "2022-04": datetime(2022, 5, 2, 9, tzinfo=ZONE),
    "2022-05": datetime(2022, 6, 1, 9, tzinfo=ZONE),
}
_REPORTED = {
    "month_value": "month",
    "cumulative_value": "cumulative",
    "numerator": "numerator",
    "denominator": "denominator",
}


@dataclass(frozen=True)
class Fate:
    """What became of one file."""

    verdict: str
    refused_by: frozenset[str]
    told: frozenset[str]
    loaded: Values
    findings: tuple[Finding, ...] = ()


def fates(files: Sequence[Sent], folder: Path, opened: Sequence[str] = OPENED) -> dict[str, Fate]:
    """What becomes of each file, by its name, in a home below ``folder`` in which units have reported before."""
    home = Home(folder / "home")
    _open_months(home, opened)
    for moment, sent in sorted(_by_moment(files).items()):
        inbox = folder / f"inbox-{moment:%m%dT%H%M}"
        for source, target in sent:
            _put(source, inbox / target)
        pull(_run(home, moment), inbox)
    last = _run(home, max(_by_moment(files)))
    parse(last)
    _accept_history(home)
    judged = _judge(home)
    load(last)
    return _fates(home, judged, files)


def _open_months(home: Home, opened: Sequence[str]) -> None:
    with open_warehouse(home.warehouse) as connection:
        write_plan(connection, lushan())
        for period in opened:
            open_rows(connection, lushan(), Period.parse(period), _CAME["2022-03"])


def _accept_history(home: Home) -> None:
    """Let the earlier files be accepted: they are in order, as the corpus shows of their like."""
    names = {path.name for *_, path in history()}
    with open_warehouse(home.warehouse) as connection:
        earlier = [receipt for receipt, _ in _waiting(connection) if receipt.file_name in names]
        append(connection, "raw.verdict", map(_accepted_row, earlier))


def _judge(home: Home) -> dict[str, Judged | None]:
    """Every waiting submission's judgement, all in one batch; None: its bytes are in force already.

    ``validate`` would take a unit's files one after the other, each held against the one before.
    """
    with open_warehouse(home.warehouse) as connection:
        waiting = _waiting(connection)
        known = {receipt.submission_id for receipt, period in waiting if is_in_force(connection, receipt, period)}
        fresh = [receipt.submission_id for receipt, _ in waiting if receipt.submission_id not in known]
        judged: dict[str, Judged | None] = {one.submission_id: one for one in judge(connection, fresh)}
        accepted = [receipt for receipt, _ in waiting if _verdict(judged.get(receipt.submission_id)) == "accepted"]
        append(connection, "raw.verdict", map(_accepted_row, accepted))
        return judged | dict.fromkeys(known)


def _waiting(connection: Connection) -> list[tuple[Receipt, str | None]]:
    query = """
        select submission_id, plan_id, unit_code, file_name, sha256, byte_count, received_at, period
        from raw.submission
        where submission_id not in (select submission_id from raw.verdict)
        order by submission_id
    """
    return [(Receipt(*row[:-1]), row[-1]) for row in connection.execute(query).fetchall()]


def _fates(home: Home, judged: Mapping[str, Judged | None], files: Sequence[Sent]) -> dict[str, Fate]:
    sent = {(one.case.sender, unnamed(f"{one.name}/{one.file_name}")): one.name for one in files}
    with open_warehouse(home.warehouse) as connection:
        landed = connection.execute("select submission_id, unit_code, file_name from raw.submission").fetchall()
        loaded = _loaded(connection)
    names = {identity: sent.get((unit, file), file.partition("/")[0]) for identity, unit, file in landed}
    return {names[identity]: _fate(one, loaded[identity]) for identity, one in judged.items()}


def _fate(judged: Judged | None, loaded: Values) -> Fate:
    found = judged.findings if judged else ()
    refused_by = frozenset(finding.rule for finding in found if finding.severity == "reject")
    told = frozenset(finding.rule for finding in found if finding.severity != "reject")
    return Fate(_verdict(judged), refused_by, told, loaded, tuple(found))


def _verdict(judged: Judged | None) -> str:
    return judged.verdict if judged else "duplicate"


def _loaded(connection: Connection) -> defaultdict[str, dict[str, Decimal]]:
    """Every number in the star by submission and address."""
    loaded: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    # What a list of members adds up to is not read from a cell.
    reported = rows_of(connection, "from star.fct_reported_value")
    members = rows_of(connection, "from star.fct_member_value")
    listed = {(row["submission_id"], row["indicator_code"]) for row in members}
    for row in reported:
        if (row["submission_id"], row["indicator_code"]) not in listed:
            loaded[row["submission_id"]] |= _addressed(row["indicator_code"], row)
    for row in rows_of(connection, "from star.fct_contribution"):
        if row["indicator_code"] is not None:
            loaded[row["submission_id"]] |= _addressed(f"contribution {row['indicator_code']}", row)
    for row in members:
        address = f"detail {row['indicator_code']} {row['member_code']} value"
        loaded[row["submission_id"]][address] = row["member_value"]
    return loaded


def _addressed(prefix: str, row: Mapping[str, Any]) -> dict[str, Decimal]:
    return {f"{prefix} {field}": row[column] for column, field in _REPORTED.items() if row.get(column) is not None}


def _by_moment(files: Iterable[Sent]) -> dict[datetime, list[tuple[Path, str]]]:
    """What arrives when, the earlier files among it: each file, and where in the inbox it is put."""
    by_moment: defaultdict[datetime, list[tuple[Path, str]]] = defaultdict(list)
    for unit, period, path in history():
        by_moment[_CAME[period]].append((path, f"{unit}/{path.name}"))
    for one in files:
        by_moment[one.case.received_at].append((one.path, f"{one.case.sender}/{one.name}/{one.file_name}"))
    return by_moment


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _run(home: Home, moment: datetime) -> Run:
    return Run(home, as_county([lushan()]), moment, f"corpus-{moment:%m%dT%H%M}")


def _accepted_row(receipt: Receipt) -> dict[str, object]:
    counts = dict.fromkeys(("reject_count", "warn_count", "note_count"), 0)
    ours = {"submission_id": receipt.submission_id, "verdict": "accepted", "accepted_at": receipt.received_at}
    return ours | counts | {"rules_version": "corpus"}
