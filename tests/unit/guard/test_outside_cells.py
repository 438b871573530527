"""What a workbook says outside its cells is looked at in every format, and what programs write there is left alone."""

import io
import zipfile
from struct import pack

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from etl.guard import withhold
from etl.landing import Withheld
from tests.unit.guard.test_guard import CARD, ID_NUMBER, PHONE, found
from tests.unit.reader import binary
from tests.unit.reader.test_hostile_files import edited, ods
from tests.workbooks import as_bytes, manholes, words

OUTSIDE = "批注、页眉页脚、下拉列表、名称或属性"


def with_list(**fields: str) -> Workbook:
    workbook = manholes()
    rule = DataValidation(type="list", **fields)
    rule.add("R6")
    workbook["填报"].add_data_validation(rule)
    return workbook


@pytest.mark.parametrize(
    ("workbook", "kind"),
    [
        (with_list(formula1=f'"某某{ID_NUMBER},另一人"'), "id_number"),
        (with_list(formula1='"是,否"', prompt=f"请电 {PHONE}"), "phone"),
        (with_list(formula1='"是,否"', error=f"请电 {PHONE}"), "phone"),
    ],
)
def test_a_list_to_choose_from_is_looked_at_with_what_it_tells(workbook: Workbook, kind: str) -> None:
    assert found(workbook) == [(kind, OUTSIDE, ("",))]


@pytest.mark.parametrize("fields", [{"attr_text": f'"{CARD}"'}, {"attr_text": "填报!$A$1", "comment": CARD}])
def test_a_name_is_looked_at(fields: dict[str, str]) -> None:
    workbook = manholes()
    workbook.defined_names["账号"] = DefinedName("账号", **fields)
    assert found(workbook) == [("card", OUTSIDE, ("",))]


def kinds(content: bytes) -> list[str]:
    withheld = withhold(content, "报表", words())
    assert withheld is not None
    return [one.kind for one in withheld.found if one.sheet == OUTSIDE]


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


CONTINUED = [(0x1B6, bytes(18)), (0x3C, b"\x01" + wide(f"见、{PHONE}。")), (0x3C, bytes(16))]


@pytest.mark.parametrize(
    ("in_book", "in_sheet"),
    [
        ([], CONTINUED),
        ([(0x18, pack("<HBBH8xBc", 0, 0, 1, 25, 0, b"A") + b"\x17\x0b\x01" + wide(PHONE))], []),
        ([], [(0x1BE, pack("<LHB", 3, 11, 0) + PHONE.encode())]),
        ([], [(0x15, pack("<HB", 13, 0) + b"&C" + PHONE.encode())]),
    ],
    ids=["comment", "name", "list", "footer"],
)
def test_xls_is_looked_at_record_by_record(in_book: list[binary.Record], in_sheet: list[binary.Record]) -> None:
    assert kinds(binary.xls([binary.number(0, 0, 1), *in_sheet], books=in_book)) == ["phone"]


def test_xlsb_is_looked_at_record_by_record() -> None:
    content = binary.xlsb([(0, 0, [(5, 0, 0, pack("<d", 1))])])
    assert withhold(content, "报表", words()) is None
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        text = wide(f"电话{PHONE}")
        archive.writestr("xl/comments1.bin", bytes([0xFD, 0x04, len(text) + 5, 0]) + pack("<L", 13) + text)
    assert kinds(stream.getvalue()) == ["phone"]


@pytest.mark.parametrize(
    "noted",
    [
        f"<office:annotation><text:p>41042319<text:span>9001010010</text:span></text:p></office:annotation>{PHONE}",
        f"<draw:frame><draw:text-box><text:p>{ID_NUMBER}</text:p></draw:text-box></draw:frame>",
    ],
)
def test_ods_is_looked_at_but_for_its_cells(noted: str) -> None:
    cell = f'<table:table-cell office:value-type="string" xmlns:draw="urn:d">{noted}</table:table-cell>'
    assert kinds(ods(cell)) == ["id_number"]


def test_a_list_in_ods_is_looked_at() -> None:
    listed = f"cell-content-is-in-list(&quot;{ID_NUMBER}&quot;)"
    rules = f"""<table:content-validation table:name="v" table:condition='of:{listed}'/><table:table """
    content = edited(
        ods("<table:table-cell/>"), "content.xml", lambda xml: xml.replace(b"<table:table ", rules.encode(), 1)
    )
    assert kinds(content) == ["id_number"]


@pytest.mark.parametrize(
    "written",
    [
        "<c>13</c><c>800000000</c>",  # sizes that stand side by side
        "<v>13.8265300101449</v>",
        "<i>F5A1B13812345678C0D1E2F3A4B5C6D7</i>",
        "<i>{0A1B2C3D-13AA-4444-8888-A13812345678}</i>",
        f'<g uid="{PHONE}"/>',
        f"<x:sheetData xmlns:x='urn:x'><x:c>{PHONE}</x:c></x:sheetData>",
    ],
)
def test_what_programs_write_is_left_alone(written: str) -> None:
    assert withhold(with_part("docProps/custom.xml", f"<p>{written}</p>"), "报表.xlsx", words()) is None


@pytest.mark.parametrize(
    ("part", "reading"),
    [("<p>", "damaged"), ("<!DOCTYPE p><p/>", "damaged"), (f"<p>{'字' * 8_000_001}</p>", "too_large")],
)
def test_a_part_that_cannot_be_looked_through_withholds_the_file(part: str, reading: str) -> None:
    assert withhold(with_part("xl/comments7.xml", part), "报表.xlsx", words()) == Withheld(reading)


def test_a_printers_settings_are_no_records() -> None:
    assert withhold(with_part("xl/printerSettings/printerSettings1.bin", "\xff"), "报表.xlsx", words()) is None


def with_part(name: str, part: str) -> bytes:
    stream = io.BytesIO(as_bytes(manholes()))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return stream.getvalue()
