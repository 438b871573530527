"""What must be known of an xlsx before calamine opens it, and what calamine does not tell.

calamine allocates the rectangle from the first to the last cell in use, and a failed allocation ends the process:
one stray key in the last cell of a sheet is 549 GB. So the sheets are followed here first, at no cost in memory.

calamine also knows a part by one name only, reads no encoding but one and gives up at an error value it has not heard
of. So it is given the parts that were followed, written anew under the names and in the form it knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from minsheng.spreadsheet.appearance import Looks
from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import Budget
from minsheng.spreadsheet.formulas import names_from_outside
from minsheng.spreadsheet.inspected import OFFICE, Followed, packed, relations_part
from minsheng.spreadsheet.package import Package
from minsheng.spreadsheet.rich_text import texts_with_marked_runs
from minsheng.spreadsheet.styles import read_styles
from minsheng.spreadsheet.xlsx_sheet import follow_sheet
from minsheng.spreadsheet.xml import Attributes, elements, is_true, quoted

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ERROR_CELL = re.compile(rb"""(<(?:[\w.-]+:)?c\s(?:[^<>]*\s)?t\s*=\s*)(?:"e"|'e')""")


@dataclass(frozen=True)
class _Workbook:
    """The parts that say what stands in the cells, as plain XML."""

    book: bytes
    sheets: tuple[tuple[Attributes, bytes], ...]
    styles: bytes | None
    texts: bytes | None


def follow_xlsx(archive: Archive, budget: Budget) -> Followed:
    """The features of every sheet, in order, and the workbook for calamine.

    Raises as ``follow_sheet`` and ``Package``; RefusedError ``macro`` for a sheet of macros.
    """
    workbook = _read(Package(archive, budget), budget)
    looks, outside = _looks(workbook, budget), names_from_outside(workbook.book, budget)
    features = [follow_sheet(xml, looks, outside, budget) for _, xml in workbook.sheets]
    from_1904 = any(is_true(one.get("date1904")) for one in elements(workbook.book, budget, "workbookPr"))
    calculation = elements(workbook.book, budget, "calcPr")
    for one in features:
        one.has_dates_from_1904 = from_1904
        one.has_stale_results |= any(map(_is_to_be_calculated, calculation))
    return Followed(features, _for_calamine(workbook, from_1904=from_1904))


def _read(package: Package, budget: Budget) -> _Workbook:
    part = package.workbook() or ""
    book = package.read_xml(part)
    styles, texts = (package.related(part, kind) for kind in ("styles", "sharedStrings"))
    return _Workbook(
        book,
        tuple((sheet, package.read_xml(place)) for sheet, place in _sheets(package, part, book, budget)),
        package.read_xml(styles) if styles else None,
        package.read_xml(texts) if texts else None,
    )


def _sheets(package: Package, part: str, book: bytes, budget: Budget) -> list[tuple[Attributes, str]]:
    """What the workbook says of each sheet with cells, and its part."""
    sheets = elements(book, budget, "sheet")
    names = [_relation_name(sheet) for sheet in sheets]
    named = dict(zip(names, sheets, strict=True))
    return [(named[name], place) for name, place in package.sheets(part, names)]


def _relation_name(sheet: Attributes) -> str:
    return next((value for key, value in sheet.items() if key.endswith(":id")), "")


def _looks(workbook: _Workbook, budget: Budget) -> Looks[str]:
    budget.shared_text = len(workbook.texts or b"")
    marked_texts = texts_with_marked_runs(workbook.texts, budget) if workbook.texts else frozenset()
    if workbook.styles is None:
        return Looks({}, frozenset(), marked_texts)
    return read_styles(workbook.styles, budget, marked_texts)


def _is_to_be_calculated(calculation: Attributes) -> bool:
    """Whether the program that saved leaves it to the next one to calculate: it has not, or not all."""
    is_complete = is_true(calculation.get("calcCompleted", "1"))
    return is_true(calculation.get("fullCalcOnLoad")) or not is_complete


def _for_calamine(workbook: _Workbook, *, from_1904: bool) -> bytes:
    names = {f"rId{number}": f"worksheets/sheet{number}.xml" for number, _ in enumerate(workbook.sheets, start=1)}
    parts = {
        "_rels/.rels": relations_part("officeDocument", {"rId1": "xl/workbook.xml"}),
        "xl/workbook.xml": _book([sheet for sheet, _ in workbook.sheets], from_1904=from_1904),
        "xl/_rels/workbook.xml.rels": relations_part("worksheet", names),
        "xl/styles.xml": workbook.styles,
        "xl/sharedStrings.xml": workbook.texts,
    }
    for name, (_, xml) in zip(names.values(), workbook.sheets, strict=True):
        has_errors = b'"e"' in xml or b"'e'" in xml
        parts[f"xl/{name}"] = _ERROR_CELL.sub(rb'\1"str"', xml) if has_errors else xml
    return packed({name: part for name, part in parts.items() if part is not None})


def _book(sheets: Sequence[Attributes], *, from_1904: bool) -> bytes:
    listed = "".join(
        f'<sheet name={quoted(sheet["name"])} sheetId="{number}" state={quoted(sheet.get("state", "visible"))}'
        f' r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    about = f'<workbookPr date1904="{int(from_1904)}"/>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{OFFICE}">{about}<sheets>{listed}</sheets></workbook>'.encode()
