"""The contacts of a new plan: the office's table as the file that ``MINSHENG_CONTACTS`` names."""

from __future__ import annotations

import re
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
    if not any(row["unit"] in DATA_TEAM for row in rows):
        yield UserError("data_team_missing", rows[0].place.rpartition(" 第 ")[0])


def contacts_text(rows: Sequence[TableRow], units: UnitBook, county_name: str) -> str:
    """The file, for rows without a fault."""
    data: dict[str, object] = {"data_team": next(_addresses(row, "address")[0] for row in rows if _is(row, DATA_TEAM))}
    if office := [address for row in rows if _is(row, SUPERVISION) for address in _addresses(row, "address")]:
        data["supervision_office"] = office
    for key, column in _COLUMNS.items():
        known = [(unit, _addresses(row, column)) for row in rows if (unit := _unit(row, units))]
        if addressed := {unit.code: addresses for unit, addresses in known if addresses}:
            data[key] = addressed
    head = f"# {county_name}的通讯录，只有数据组可读，不要放进代码库。各键的含义见 docs/generated/plan.md。"
    return "\n".join([head, "", *mapping(Contacts, data, with_all=True), ""])


def _is(row: TableRow, names: tuple[str, ...]) -> bool:
    return row["unit"] in names


def _unit(row: TableRow, units: UnitBook) -> UnitDraft | None:
    return None if _is(row, (*DATA_TEAM, *SUPERVISION)) else units.find(row["unit"])


def _addresses(row: TableRow, column: str) -> list[str]:
    return [address for part in names_in(row[column]) for address in part.split()]
