"""The contacts of a new plan: the office's table as the file that ``MINSHENG_CONTACTS`` names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from minsheng.core.errors import UserError
from minsheng.drafting.tables import TableRow, names_in
from minsheng.drafting.units import UnitBook, UnitDraft
from minsheng.drafting.yaml_lines import mapping
from minsheng.mail.contacts import Contacts

DATA_TEAM, SUPERVISION = ("数据组", "民生实事数据组"), ("督查部门", "督查局", "督查室")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_COLUMNS = {"units": "address", "superiors": "superior", "signers": "signer"}


def contacts_faults(rows: Sequence[TableRow], units: UnitBook) -> Iterator[UserError]:
    """Addresses that are none, lines of nobody, and that the data team is missing."""
    for row in rows:
        if row["unit"] not in (*DATA_TEAM, *SUPERVISION) and units.find(row["unit"]) is None:
            yield row.fault("unit", "unit_not_listed", name=row["unit"], near=units.like(row["unit"]))
        for column in _COLUMNS.values():
            for address in _addresses(row, column):
                if not _ADDRESS.fullmatch(address):
                    yield row.fault(column, "address_unfit", address=address)
        for address in set(_addresses(row, "signer")) & set(_addresses(row, "address")):
            yield row.fault("signer", "signer_also_reports", address=address)
    team = [row for row in rows if _is(row, DATA_TEAM)]
    if not team:
        yield UserError("data_team_missing", rows[0].place.rpartition(" 第 ")[0])
    elif (count := len(_all_addresses(team, "address"))) != 1:
        yield team[-1].fault("address", "data_team_of_several", count=count)


def contacts_text(rows: Sequence[TableRow], units: UnitBook, county_name: str) -> str:
    """The file, for rows without a fault."""
    (data_team,) = _all_addresses([row for row in rows if _is(row, DATA_TEAM)], "address")
    data: dict[str, object] = {"data_team": data_team}
    if office := _all_addresses([row for row in rows if _is(row, SUPERVISION)], "address"):
        data["supervision_office"] = office
    by_unit: dict[str, list[TableRow]] = defaultdict(list)  # a unit has a row for each of its people
    for row in rows:
        if unit := _unit(row, units):
            by_unit[unit.code].append(row)
    for key, column in _COLUMNS.items():
        told = {code: _all_addresses(of_unit, column) for code, of_unit in by_unit.items()}
        if addressed := {code: addresses for code, addresses in told.items() if addresses}:
            data[key] = addressed
    head = f"# {county_name}的通讯录，只有数据组可读，不要放进代码库。各键的含义见 docs/generated/plan.md。"
    return "\n".join([head, "", *mapping(Contacts, data, with_all=True), ""])


def _is(row: TableRow, names: tuple[str, ...]) -> bool:
    return row["unit"] in names


def _unit(row: TableRow, units: UnitBook) -> UnitDraft | None:
    return None if _is(row, (*DATA_TEAM, *SUPERVISION)) else units.find(row["unit"])


def _all_addresses(rows: Sequence[TableRow], column: str) -> list[str]:
    """Of all these rows, each once."""
    return list(dict.fromkeys(address for row in rows for address in _addresses(row, column)))


def _addresses(row: TableRow, column: str) -> list[str]:
    return [address for part in names_in(row[column]) for address in part.split()]
