"""Made-up promises and reports in an in-memory warehouse: everything from the raw tables to the published ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from minsheng.warehouse.connection import Connection, append
from minsheng.warehouse.rebuild import rebuild

YEAR = 2022
THRESHOLDS = {
    "ahead_pp": Decimal(5),
    "green_floor_pp": Decimal(0),
    "red_floor_pp": Decimal(-30),
    "rate_yellow_pp": Decimal(-5),
    "node_yellow_month": Decimal(9),
    "node_red_month": Decimal(12),
}
_END = datetime.fromisoformat("2023-02-01T00:00:00+08:00")
_OF_A_PLAN = (
    "plan", "threshold", "as_of", "item", "period", "indicator", "indicator_version", "target", "node", "last_year",
    "unit", "register", "register_member", "obligation", "submission",
)  # fmt: skip
_OF_A_FILE = ("verdict", "finding", "cell")

Row = dict[str, object]
Rows = Iterator[tuple[str, Row]]


@dataclass(frozen=True)
class Target:
    """One version of a target."""

    value: Decimal | None
    valid_from: str = f"{YEAR}-01"
    document_no: str = "鲁办文〔2022〕15号"


@dataclass(frozen=True)
class Promise:
    """One indicator, led by a unit of its own that bears its code."""

    code: str
    kind: str = "flow"
    comparator: str = "ge"
    progress_basis: str = "linear_month"
    polarity: str = "higher_better"
    is_percent: bool = False
    targets: tuple[Target, ...] = (Target(Decimal(100)),)
    base_value: Decimal | None = None
    last_year: Mapping[int, Decimal] = field(default_factory=dict)
    nodes: tuple[tuple[date, Decimal], ...] = ()
    members: tuple[str, ...] | None = None
    member_target: Decimal | None = None
    may_fall: bool = False
    is_register_missing: bool = False
    deadline: date = date(YEAR, 12, 31)

    @property
    def has_register(self) -> bool:
        """Judged against a register, whether or not its members are known."""
        return self.members is not None or self.is_register_missing


@dataclass(frozen=True)
class Sent:
    """One file of a promise's unit: the values it names by field, or by member of the register."""

    code: str
    month: int
    values: Mapping[str, Decimal | None]
    at: datetime | None = None
    verdict: str = "accepted"
    is_correction: bool = False
    reason: str | None = None
    faults: Sequence[str] = ()

    @property
    def period(self) -> str:
        """``YYYY-MM``."""
        return f"{YEAR}-{self.month:02}"

    @property
    def received_at(self) -> datetime:
        """By default on the first of the next month, before the due hour."""
        return self.at or _day_of_next_month(self.month, 1)


@dataclass(frozen=True)
class World:
    """One plan with its promises and what was sent."""

    plan_id: str
    promises: tuple[Promise, ...]
    sent: tuple[Sent, ...]
    thresholds: Mapping[str, Decimal] = field(default_factory=lambda: THRESHOLDS)
    months: Sequence[int] = range(1, 13)
    as_of: datetime = _END


def make(connection: Connection, worlds: Iterable[World]) -> None:
    """Replace whatever the warehouse holds by these worlds and build star, marts and published tables."""
    filled = defaultdict(list)
    for world in worlds:
        for table, row in _rows_of(world):
            filled[table].append({"plan_id": world.plan_id} | row if table in _OF_A_PLAN else row)
    for table in (*_OF_A_PLAN, *_OF_A_FILE):
        connection.execute(f"delete from raw.{table}")
        append(connection, f"raw.{table}", filled[table])
    for schema in ("star", "marts", "published"):
        rebuild(connection, schema)


def _rows_of(world: World) -> Rows:
    yield "plan", {"plan_year": YEAR}
    yield "threshold", dict(world.thresholds)
    yield "as_of", {"as_of": world.as_of}
    yield "item", {"item_code": "M01", "item_no": 1, "item_name": "事项"}
    for month in world.months:
        yield "period", _period(month)
    for number, promise in enumerate(world.promises, start=1):
        yield from _promise_rows(promise, number)
        yield from _register_rows(promise)
        yield from (("obligation", _duty(promise, month)) for month in world.months)
    members = {promise.code for promise in world.promises if promise.members}
    for number, sent in enumerate(world.sent):
        yield from _file_rows(f"{world.plan_id}-{number:05}", sent, _details if sent.code in members else _cells)


def _period(month: int) -> Row:
    due = _day_of_next_month(month, 5)
    opened = datetime.fromisoformat(f"{YEAR}-{month:02}-01T00:00:00+08:00")
    frozen = _day_of_next_month(month, 12)
    return {"period": f"{YEAR}-{month:02}", "month_no": month, "due_at": due, "freeze_at": frozen, "opened_at": opened}


def _day_of_next_month(month: int, day: int) -> datetime:
    year, following = (YEAR, month + 1) if month < 12 else (YEAR + 1, 1)
    return datetime.fromisoformat(f"{year}-{following:02}-{day:02}T18:00:00+08:00")


def _promise_rows(promise: Promise, number: int) -> Rows:
    key: Row = {"indicator_code": promise.code}
    yield "indicator", key | _indicator(promise, number)
    yield "indicator_version", key | _version(promise)
    for target in promise.targets:
        version = {"valid_from": target.valid_from, "target_value": target.value, "document_no": target.document_no}
        yield "target", key | version
    for day, value in promise.nodes:
        yield "node", key | {"due_date": day, "node_value": value}
    for month, value in promise.last_year.items():
        yield "last_year", key | {"month_no": month, "cumulative_value": value}
    yield "unit", {"unit_code": promise.code, "unit_name": f"{promise.code}局", "valid_from": date(2019, 1, 1)}


def _indicator(promise: Promise, number: int) -> Row:
    return {
        "item_code": "M01",
        "indicator_no": number,
        "indicator_name": promise.code,
        "kind": promise.kind,
        "comparator": promise.comparator,
        "polarity": promise.polarity,
        "progress_basis": promise.progress_basis,
        "unit_of_measure": "%" if promise.is_percent else "个",
        "is_month_ratio": False,
        "takes_contributions": False,
        "register_code": promise.code if promise.has_register else None,
        "register_scope": "per_member" if promise.members else None,
        "may_fall": promise.may_fall,
    }


def _version(promise: Promise) -> Row:
    return {
        "base_value": promise.base_value,
        "lead_unit_code": promise.code,
        "deadline_date": promise.deadline,
        "member_target": promise.member_target,
    }


def _register_rows(promise: Promise) -> Rows:
    if promise.has_register:
        yield "register", {"register_code": promise.code, "is_known": not promise.is_register_missing}
    for code in promise.members or ():
        yield "register_member", {"register_code": promise.code, "member_code": code, "member_name": code}


def _duty(promise: Promise, month: int) -> Row:
    period = _period(month)
    key = {name: period[name] for name in ("period", "due_at")}
    key |= {"unit_code": promise.code, "role": "lead", "is_required": True}
    return key | {"item_code": "M01", "indicator_code": promise.code}


def _file_rows(name: str, sent: Sent, cells: Callable[[Sent], list[Row]]) -> Rows:
    key: Row = {"submission_id": name}
    accepted_at = sent.received_at if sent.verdict == "accepted" else None
    file = {"unit_code": sent.code, "period": sent.period, "received_at": sent.received_at}
    yield "submission", key | file | {"file_name": name, "sha256": name}
    judged = {"verdict": sent.verdict, "accepted_at": accepted_at}
    yield "verdict", key | judged | {"reject_count": len(sent.faults), "warn_count": 0}
    for number, rule in enumerate(sent.faults, start=1):
        yield "finding", key | {"finding_no": number, "rule_code": rule, "severity": "reject"}
    for cell in cells(sent):
        yield "cell", key | {"row_no": 7} | cell


def _cells(sent: Sent) -> list[Row]:
    key: Row = {"section": "report", "item_code": "M01", "indicator_code": sent.code}
    cells = [key | {"field": name, "number_value": value} for name, value in sent.values.items()]
    if sent.is_correction:
        cells.append(key | {"field": "correction", "text_value": "是"})
        cells.append(key | {"field": "correction_reason", "text_value": sent.reason})
    return cells


def _details(sent: Sent) -> list[Row]:
    key: Row = {"section": "detail", "indicator_code": sent.code, "field": "value"}
    return [key | {"member_code": code, "number_value": value} for code, value in sent.values.items()]
