"""What is kept of a file's parts, or remembered of them, is what looking again would have found, and costs the same."""

import io
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import Budget, OverBudgetError, heavy
from minsheng.spreadsheet.part_texts import text_of_part
from minsheng.spreadsheet.xml import elements

SHEET = "xl/worksheets/sheet1.xml"
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>张三</t></is></c><c r="B1" s="2"/></row>'
DATA = f"<sheetData>{ROW}</sheetData>"
AFTER = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells><x prompt="提示"><headerFooter>页脚</headerFooter></x>'
SHEETS = {
    "usual": f"<a>{DATA}{AFTER}</a>",
    "no cells": f"<a><sheetData/>{AFTER}</a>",
    "no end": f"<a>{DATA.replace('</sheetData>', '')}</a>",
    "a prefix": f'<x:a xmlns:x="y">{DATA.replace("sheetData", "x:sheetData")}{AFTER}</x:a>',
    "attributes": "<a>" + DATA.replace("<sheetData>", "<sheetData b='c'>") + AFTER + "</a>",
    "twice": f"<a>{DATA}{AFTER}{DATA}</a>",
    "one in the other": f"<a><sheetData>{DATA}{ROW}</sheetData>{AFTER}</a>",
    "a comment": f"<a><!-- <sheetData> -->{DATA}{AFTER}</a>",
    "a comment inside": f"<a>{DATA.replace(ROW, '<!-- </sheetData> -->' + ROW)}{AFTER}</a>",
    "characters as they are": f"<a><b><![CDATA[<sheetData>]]></b>{DATA}<b><![CDATA[</sheetData>]]></b></a>",
    "an instruction inside": f"<a><sheetData><?b <c ?>{ROW}</sheetData>{AFTER}</a>",
    "an instruction before": f"<a><?b <sheetData>?>{DATA}{AFTER}</a>",
    "an instruction that hides a beginning": (
        f'<a><sheetData b="c"><?b <sheetData>?>{ROW}</sheetData>{AFTER}<?b ?></a>'
    ),
    "an instruction above": f"<?b <sheetData>?><a><sheetData b='c'>{ROW}</sheetData>{AFTER}<?b ?></a>",
    "a declaration": f'<?xml version="1.0"?><a>{DATA}{AFTER}</a>',
    "a note inside": f"<a><sheetData>{ROW}<annotation>批注</annotation></sheetData>{AFTER}</a>",
    "a drawing inside": f'<a xmlns:x="y"><sheetData><x:rect title="画"/>{ROW}</sheetData>{AFTER}</a>',
    "a wrong end inside": f"<a>{DATA.replace('</c>', '</d>')}{AFTER}</a>",
    "with two bytes for a character": f"<a>{DATA}{AFTER}</a>",
    "characters that look like tags": f"<a><b>猼敨瑥慄慴举提示㰊猯敨瑥慄慴举</b>{AFTER}</a>",
    "in another encoding": f'<?xml version="1.0" encoding="gb2312"?><a>{DATA}{AFTER}</a>',
}
ENCODINGS = {
    "in another encoding": "gb2312",
    "with two bytes for a character": "utf-16",
    "characters that look like tags": "utf-16-le",
}


def archive_of(name: str, part: bytes) -> Archive:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return Archive(stream.getvalue())


def looked_at(archive: Archive) -> Archive:
    assert all(map(archive.is_as_declared, archive.infolist()))
    return archive


def said(archive: Archive, name: str) -> tuple[str, Budget]:
    """What a part says, and what is left of the budget; for no XML, that it is none."""
    budget = heavy()
    try:
        return text_of_part(archive, name, budget), budget
    except ExpatError:
        return "no XML", heavy()


@pytest.mark.parametrize("how", SHEETS)
def test_a_sheet_says_the_same_without_its_cells(how: str) -> None:
    part = SHEETS[how].encode(ENCODINGS.get(how, "utf-8"))
    text, left = said(looked_at(archive_of(SHEET, part)), SHEET)
    assert (text, left) == said(archive_of(SHEET, part), SHEET)
    assert "张三" not in text


def test_the_cells_of_a_usual_sheet_are_not_followed_one_by_one() -> None:
    part = f"<a><sheetData>{ROW * 20_000}</sheetData>{AFTER}</a>".encode()
    with pytest.raises(OverBudgetError):
        text_of_part(looked_at(archive_of(SHEET, part)), SHEET, Budget(read=1 << 30, elements=100_000, text=0))
    assert "提示" in said(looked_at(archive_of(SHEET, part)), SHEET)[0]


def test_what_is_remembered_of_a_part_costs_as_much_again() -> None:
    xml, budget = ("<a>" + '<b c="d"/>' * 30 + "</a>").encode(), Budget(read=1000, elements=80, text=0)
    assert elements(xml, budget, "b") == elements(xml, budget, "b") == ({"c": "d"},) * 30
    assert (budget.read, budget.elements) == (1000 - 2 * len(xml), 80 - 2 * 31)
    with pytest.raises(OverBudgetError):
        elements(xml, budget, "b")


def test_a_part_is_kept_once_it_was_seen_to_be_as_large_as_declared() -> None:
    archive = archive_of(SHEET, b"<a/>")
    assert archive.kept(SHEET) is None
    assert looked_at(archive).kept(SHEET) == archive.unpacked(SHEET) == archive.stream(SHEET).read() == b"<a/>"


def test_of_a_large_file_no_more_is_kept_than_there_is_room_for() -> None:
    archive = looked_at(archive_of(SHEET, b" " * ((8 << 20) + 1)))
    assert archive.kept(SHEET) is None
    assert len(archive.unpacked(SHEET)) == len(archive.stream(SHEET).read()) == (8 << 20) + 1
