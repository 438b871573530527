"""Hostile files cost the worker little and the main process nothing, and each is opened one time."""

import csv
import io
from collections.abc import Callable
from email import message_from_bytes, policy
from struct import pack
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from minsheng.landing import receipts
from minsheng.mail.delivery import pending
from minsheng.spreadsheet import reading
from minsheng.spreadsheet.csv_text import read_separated
from minsheng.spreadsheet.formats import shown_as
from minsheng.spreadsheet.reading import make_book
from tests.books import open_grids
from tests.county import County
from tests.unit.parsing.saved import as_csv
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_bounds import measured
from tests.unit.spreadsheet.test_hostile_files import edited, ods, ods_number, with_cells, with_sheet_data
from tests.workbooks import as_bytes, manholes

# Parts that are looked at before it is known whether the others may be unpacked.
SAYING_WHAT_IT_IS = ("mimetype", "META-INF/manifest.xml")
ENDLESS_FORMAT = "[$" * 6000
DIGITS = "1234567890" * 15_800_000
XLSB = binary.xlsb([(0, 0, [(5, 0, 0, pack("<d", 1))])])
OF_EVERY_KIND = {
    "xlsx": as_bytes(manholes("约120")),
    "csv": as_csv(manholes("约120")),
    "xls": binary.xls([binary.number(0, 0, 1)]),
    "xlsb": XLSB,
    "ods": ods(ods_number()),
}


def with_parts(**parts: str) -> bytes:
    """A workbook with parts that no spreadsheet program writes; in their names _ stands for a point."""
    stream = io.BytesIO(with_cells(A1=1))
    with ZipFile(stream, "a", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr("xl/" + name.replace("_", "."), part)
    return stream.getvalue()


def with_format(code: str) -> bytes:
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = 4
    workbook.worksheets[0]["A1"].number_format = code
    return as_bytes(workbook)


def nested(deep: int) -> str:
    return "<a>" * deep + "</a>" * deep


NESTED = nested(1_000_000).encode()


@pytest.mark.parametrize("code", [ENDLESS_FORMAT, '"' * 12_001, "[" * 12_001, "0" * 256, "0.00" + "_)" * 150])
def test_a_format_longer_than_programs_write_shows_another_number(code: str) -> None:
    assert shown_as(code) == "scaled"


def test_a_cell_with_an_endless_format_is_refused_and_costs_nothing() -> None:
    (grid,), read = open_grids(with_format(ENDLESS_FORMAT))
    assert (read, grid.broken_at(0, 0)) == ("ok", "scaled")
    cost = measured(with_format(ENDLESS_FORMAT))
    assert cost.worker_seconds < 2 and cost.main_seconds < 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "bomb",
    [
        lambda: with_parts(**{f"notes{number}_txt": DIGITS[:7_900_000] for number in range(20)}),
        lambda: with_parts(**{f"comments{number}_xml": f"<x>{DIGITS[:900_000]}</x>" for number in range(170)}),
        lambda: with_parts(sharedStrings_xml=f"<sst><si><t>{DIGITS}</t></si></sst>"),
        lambda: with_sheet_data(f'<row><c t="inlineStr"><is><t>{DIGITS}</t></is></c></row>'),
        lambda: with_sheet_data(f"<row><c><f>{DIGITS}</f><v>1</v></c></row>"),
        lambda: with_sheet_data(f'<row spans="{DIGITS}"><c><v>1</v></c></row>'),
        lambda: edited(with_cells(A1=1), "xl/workbook.xml", lambda xml: xml.replace(b"Sheet", DIGITS.encode(), 1)),
        lambda: ods(f'<table:table-cell office:value-type="string"><text:p>{DIGITS}</text:p></table:table-cell>'),
    ],
    ids=["texts", "comments", "shared", "inline", "formula", "attribute", "name", "ods"],
)
def test_158_mb_of_digits_never_reach_the_main_process(bomb: Callable[[], bytes]) -> None:
    content = bomb()
    assert len(content) < 1 << 20
    cost = measured(content)
    assert cost.reading in ("too_large", "damaged")
    assert cost.worker_seconds < 20 and cost.worker_peak < 500
    assert cost.main_seconds < 1 and cost.main_peak < 100


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        lambda: with_sheet_data(nested(1_000_000)),
        lambda: with_parts(comments1_xml=nested(1_000_000)),
        lambda: edited(with_cells(A1=1), "xl/styles.xml", lambda xml: xml.replace(b"<fonts", NESTED + b"<fonts")),
        lambda: ods(nested(1_000_000)),
    ],
    ids=["sheet", "comments", "styles", "ods"],
)
def test_elements_nested_without_end_cost_little(content: Callable[[], bytes]) -> None:
    cost = measured(content())
    assert cost.worker_seconds < 20 and cost.worker_peak < 500
    assert cost.main_seconds < 1 and cost.main_peak < 100


@pytest.mark.parametrize("kind", OF_EVERY_KIND)
def test_a_file_is_opened_one_time(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    unpacked: list[str] = []
    opened_zip, opened_part = ZipFile.__init__, ZipFile.open

    def counted_zip(archive: ZipFile, file: object, mode: str = "r", *others: int) -> None:
        opened.extend(["zip"] * (mode == "r"))
        opened_zip(archive, file, mode, *others)  # type: ignore[call-overload]

    def counted_part(archive: ZipFile, part: str | ZipInfo, mode: Any = "r", *others: Any, **named: Any) -> object:
        unpacked.extend([getattr(part, "filename", str(part))] * (mode == "r"))
        return opened_part(archive, part, mode, *others, **named)

    from_filelike = CalamineWorkbook.from_filelike

    def counted(stream: io.BytesIO) -> CalamineWorkbook:
        opened.append("calamine")
        return from_filelike(stream)

    def separated(content: bytes) -> object:
        opened.append("csv")
        return read_separated(content)

    monkeypatch.setattr(ZipFile, "__init__", counted_zip)
    monkeypatch.setattr(ZipFile, "open", counted_part)
    monkeypatch.setattr(CalamineWorkbook, "from_filelike", counted)
    monkeypatch.setattr(reading, "read_separated", separated)
    assert make_book(OF_EVERY_KIND[kind]).kind == kind
    assert opened.count("zip") == (kind in ("xlsx", "xlsb", "ods"))
    assert max(opened.count(each) for each in opened) == 1
    assert max((unpacked.count(part) for part in unpacked if part not in SAYING_WHAT_IT_IS), default=1) == 1


@pytest.mark.slow
def test_the_main_process_opens_nothing_of_a_file(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the inbox to the marked-up answer; whoever tries is found out."""

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("opened in the main process")

    for owner, name in (
        (ZipFile, "__init__"),
        (expat, "ParserCreate"),
        (CalamineWorkbook, "from_filelike"),
        (openpyxl, "load_workbook"),
        (csv, "reader"),
    ):
        monkeypatch.setattr(owner, name, opened)
    files = [("CGJ", f"5月.{kind}", content) for kind, content in OF_EVERY_KIND.items()]
    county.send(*files, ("CGJ", "5月.html", b"<html><table><tr><td>1</td></tr></table></html>"))
    assert len(receipts(county.home, "lushan-2022")) == len(OF_EVERY_KIND) + 1
    assert county.query("select distinct verdict from raw.verdict") == [("rejected",)]
    assert len(attachments(county)) == len(OF_EVERY_KIND)


def attachments(county: County) -> list[str]:
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in pending(county.home)]
    return [str(one.get_filename()) for mail in mails for one in mail.iter_attachments()]
