"""A new plan folder: a few facts and the office's tables, as files that lack only what people know (docs/adr/0055)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from minsheng.core.clock import ZONE_NAME
from minsheng.core.counties import county_of
from minsheng.core.declarations import CALENDARS
from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.drafting.items import ItemsDraft, blank_item, draft_items, unit_names
from minsheng.drafting.passages import read_plan_text
from minsheng.drafting.people import contacts_faults, contacts_text
from minsheng.drafting.tables import TableRow, read_table
from minsheng.drafting.units import UnitBook, UnitDraft, units_of_names, units_of_table
from minsheng.drafting.yaml_lines import listing, mapping
from minsheng.plan.indicators import Item
from minsheng.plan.left_open import LEFT_OPEN
from minsheng.plan.models import CalendarFile, PlanHeader, Reading
from minsheng.plan.units import Unit

_PLAN_ID = re.compile(r"[a-z][a-z0-9-]{0,40}-\d{4}")
_NATIONAL = "全国放假和调休安排"
_REFERENCE = "各键的含义和可写的值见 docs/generated/plan.md。"


@dataclass(frozen=True)
class Facts:
    """What is asked of whoever begins a plan; 待定 where it is not known yet."""

    county_code: str
    county_name: str
    title: str = LEFT_OPEN
    document_no: str = LEFT_OPEN
    issuer: str = LEFT_OPEN
    prefecture_name: str | None = None
    province_name: str | None = None
    population: int | None = None


@dataclass(frozen=True)
class OfficeFiles:
    """The office's files, as far as there are any: the plan's text, and the tables."""

    text: Path | None = None
    items: Path | None = None
    units: Path | None = None
    contacts: Path | None = None


@dataclass(frozen=True)
class Begun:
    """What was written: the plan's folder and, beside the table they came from, its contacts."""

    folder: Path
    item_count: int
    unit_count: int
    contacts: Path | None
    contact_count: int


def new_plan(folder: Path, facts: Facts, sources: OfficeFiles) -> Begun:
    """Write the folder of a new plan; raises one UserError that lists every fault of the tables, and writes nothing.

    The name of the folder is the plan's id, which ends in its year.
    """
    plan_id = folder.resolve().name
    _require_new(folder, plan_id)
    contacts = sources.contacts.with_name(f"{county_of(plan_id)}.yaml") if sources.contacts else None
    if contacts and contacts.exists():
        raise UserError("contacts_there", contacts)
    year = int(plan_id[-4:])
    rows = read_table(sources.items, "items") if sources.items else ()
    text = read_plan_text(sources.text) if sources.text else ""
    units, faults = _units(sources, rows, text, facts.county_name)
    draft = draft_items(rows, text, units, year, facts.document_no) if rows else ItemsDraft()
    people = read_table(sources.contacts, "contacts") if sources.contacts else ()
    faults += [*draft.faults, *(contacts_faults(people, units) if people else ())]
    if faults:
        raise UserError("faults_found", folder, count=len(faults)).listing(faults)
    items = draft.entries or [blank_item(year, facts.document_no)]
    _write(folder, _files(plan_id, facts, items, units, text))
    if contacts is not None:
        atomic_write(contacts, contacts_text(people, units, facts.county_name).encode())
    return Begun(folder, len(items), len(units.units), contacts, len(people))


def _require_new(folder: Path, plan_id: str) -> None:
    if not _PLAN_ID.fullmatch(plan_id):
        raise UserError("plan_folder_misnamed", folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("plan_folder_filled", folder)


def _units(
    sources: OfficeFiles, rows: Sequence[TableRow], text: str, county_name: str
) -> tuple[UnitBook, list[UserError]]:
    """By the table of units; without one, by the names that the items say; without these, one that is 待定."""
    if sources.units:
        return units_of_table(read_table(sources.units, "units"), county_name)
    if names := unit_names(rows, text):
        return units_of_names(names, county_name), []
    blank = UnitDraft(LEFT_OPEN, LEFT_OPEN, LEFT_OPEN, LEFT_OPEN, False, LEFT_OPEN)
    return UnitBook((blank,)), []


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        atomic_write(folder / name, text.encode(), mode=0o644)


def _files(
    plan_id: str, facts: Facts, items: Sequence[Mapping[str, object]], units: UnitBook, text: str
) -> dict[str, str]:
    year = int(plan_id[-4:])
    files = {"plan.yaml": _plan_file(plan_id, year, facts), "calendar.yaml": _calendar_file(year)}
    files["units.yaml"] = _units_file(units, year)
    for item in items:
        files[f"items/{item['code']}.yaml"] = _page("", mapping(Item, item))
    files["readings.yaml"] = _readings_file(year)
    files["text.txt"] = text or f"{LEFT_OPEN}\n"
    return files


def _page(head: str, lines: Sequence[str]) -> str:
    return "\n".join([*([f"# {head}", ""] if head else []), *lines, ""])


def _plan_file(plan_id: str, year: int, facts: Facts) -> str:
    data: dict[str, object] = {"plan_id": plan_id, "title": facts.title, "document_no": facts.document_no}
    data |= {"issuer": facts.issuer, "year": year, "county_code": facts.county_code, "county_name": facts.county_name}
    upper = {"prefecture_name": facts.prefecture_name, "province_name": facts.province_name}
    data |= {key: name for key, name in upper.items() if name}
    data |= {"timezone": ZONE_NAME, "text": "text.txt", "text_note": "无"}
    data |= {"due": {"day": 5, "hour": "18:00", "roll": "next_working_day", "freeze_working_days": 5}}
    floors = {"ahead_pp": 5, "green_floor_pp": 0, "red_floor_pp": -30, "rate_yellow_pp": -5}
    data |= {"thresholds": floors | {"node_yellow_month": 9, "node_red_month": 12}}
    if facts.population:
        data |= {"population": {"value": facts.population, "basis": "全县常住人口"}}
    head = f"{year} 年{facts.county_name}民生实事方案总表。报送时间和亮灯界限是暂定的，见 readings.yaml；{_REFERENCE}"
    return _page(head, mapping(PlanHeader, data, with_all=True))


def _units_file(units: UnitBook, year: int) -> str:
    head = "责任单位。全称是推定的，核对后把 full_name_is_presumed 改为 false；撤并的填 valid_to，不删除。"
    lines: list[str] = []
    for unit in units.units:
        lines += [*listing(Unit, [unit.entry(year)]), ""]
    return _page(head, lines[:-1])


def _calendar_file(year: int) -> str:
    """The nation's days of the plan's year and the next; a next year not announced yet has its New Year's Day."""
    known = [each for each in (year, year + 1) if (CALENDARS / f"{each}.yaml").is_file() or each == year]
    data: dict[str, object] = {"source": _NATIONAL, "national": known}
    data |= {"covers_from": date(year, 1, 1), "covers_to": date(year + 1, 1, 31)}
    head = "工作日历。全国放假和调休在 plans/calendars/ 里，各县共用；本县另有的才写在 holidays、working_weekends 里。"
    if year + 1 not in known:
        new_year = date(year + 1, 1, 1)
        data |= {"holidays": [{"name": "元旦（暂定）", "first_day": new_year, "last_day": new_year}]}
        head += f"\n# {year + 1} 年的安排还没有公布，暂写元旦一天；公布后在 national 中加上 {year + 1}，删去 holidays。"
    return _page(head, mapping(CalendarFile, data))


def _readings_file(year: int) -> str:
    """What the plan most likely leaves open, with what was taken for now and whom to ask."""
    since = date(year, 1, 1)
    due: dict[str, object] = {"code": "Q01", "concerns": ["plan"], "question": "哪一天、几点前报送？逢休息日怎么办？"}
    due |= {"reading": "次月 5 日 18:00 前；逢休息日顺延；其后 5 个工作日定稿。", "reason": "外地多为每月 5 日前。"}
    due |= {"valid_from": since, "ask": "请督查部门确定报送日、时点、顺延和定稿的规则。"}
    lights: dict[str, object] = {"code": "Q02", "concerns": ["plan"], "question": "亮灯标准是什么？"}
    lights |= {"reading": "超序时进度 5 个百分点为超前，不低于为绿，落后 30 个百分点以上为红。"}
    lights |= {"reason": "取外地公开做法。", "valid_from": since, "ask": "请督查部门确定亮灯的界限。"}
    head = "方案没有写明、暂定的理解，以及要问谁。方案写明了的，改 plan.yaml，并删去这里的一条；全部删去的写 []。"
    return _page(head, [*listing(Reading, [due]), "", *listing(Reading, [lights])])
