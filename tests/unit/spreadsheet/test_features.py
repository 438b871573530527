"""What a value alone does not say, in every format: how it is shown, what went wrong, what is hidden."""

import re
from struct import pack

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.books import open_grids
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import edited, ods, ods_number, only, with_sheet_data
from tests.workbooks import as_bytes

SHOWN = {(0, 1): "percent", (0, 2): "percent", (0, 3): "scaled", (0, 4): "error"}
FORMATS = ("0.0%", '0"万"')
REAL, RK, ERROR, SUM, SUM_ERROR = 5, 2, 3, 9, 11


def in_xlsx() -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for column, code in enumerate(("General", "0%", *FORMATS), start=1):
        sheet.cell(1, column, 3).number_format = code
    sheet.cell(1, 5).value, sheet.cell(1, 5).data_type = "#REF!", "e"
    sheet.row_dimensions[1].hidden = True
    sheet.column_dimensions["B"].hidden = True
    return as_bytes(workbook)


def in_xls() -> bytes:
    cells = [binary.number(0, column, 3, column) for column in range(4)]
    hidden = [(0x208, pack("<8H", 0, 0, 5, 300, 0, 0, 0x20, 0)), (0x7D, pack("<6H", 1, 1, 2000, 0, 1, 0))]
    return binary.xls([*hidden, *cells, binary.error(0, 4)], FORMATS)


def in_xlsb() -> bytes:
    cells = [(REAL, column, column, pack("<d", 3)) for column in range(4)]
    return binary.xlsb([(0, 0x10, [*cells, (ERROR, 4, 0, b"\x17")])], FORMATS)


def in_ods() -> bytes:
    def shown(kind: str, text: str) -> str:
        return (
            f'<table:table-cell office:value-type="{kind}" office:value="3"><text:p>{text}</text:p></table:table-cell>'
        )

    error = '<table:table-cell table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell>'
    return ods(shown("float", "3") + 2 * shown("percentage", "300%") + shown("float", "3万") + error)


@pytest.mark.parametrize("content", [in_xlsx(), in_xls(), in_xlsb(), in_ods()], ids=["xlsx", "xls", "xlsb", "ods"])
def test_how_a_number_is_shown_and_what_went_wrong_is_told_in_every_format(content: bytes) -> None:
    grid = only(content)
    assert grid.rows[0][:4] == [3, 3, 3, 3]
    assert {place: broken for place, broken in grid.features.broken.items() if place[0] == 0} == SHOWN


@pytest.mark.parametrize("content", [in_xlsx(), in_xls(), in_xlsb()], ids=["xlsx", "xls", "xlsb"])
def test_a_hidden_row_is_read_and_told(content: bytes) -> None:
    assert only(content).features.hidden_rows == {0}


@pytest.mark.parametrize("content", [in_xlsx(), in_xls()], ids=["xlsx", "xls"])
def test_a_hidden_column_is_read_and_told(content: bytes) -> None:
    assert only(content).features.hidden_columns == {1}


def test_ods_tells_hidden_from_filtered_and_repeats_both() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    row = f'<table:table-row table:visibility="filter" table:number-rows-repeated="2">{cell}</table:table-row>'
    column = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    content = edited(
        ods(ods_number()),
        "content.xml",
        lambda xml: xml.replace(b"<table:table-row>", (column + row + "<table:table-row>").encode(), 1),
    )
    features = only(content).features
    assert (features.hidden_rows, features.hidden_columns, features.is_filtered) == ({0, 1}, {2}, True)


def test_a_formula_in_xls_keeps_its_result_unless_that_is_an_error_or_comes_from_another_file() -> None:
    this, other = (0x1AE, pack("<H", 1) + b"\x01\x04"), (0x1AE, pack("<HHB", 1, 1, 0) + b"x")
    sheets = (0x17, pack("<H6H", 2, 0, 0, 0, 1, 0, 0))
    inside, outside = (b"\x3a" + pack("<HHH", number, 0, 0) for number in (0, 1))
    cells = [
        binary.formula(0, 0, 7),
        binary.formula(0, 1, None),
        binary.formula(0, 2, 8, inside),
        binary.formula(0, 3, 9, outside),
        binary.formula(0, 4, 1, style=1),
    ]
    grid = only(binary.xls(cells, books=(this, other, sheets)))
    assert grid.rows == [[7, "", 8, 9, 1]]
    assert grid.features.broken == {(0, 1): "error", (0, 3): "external", (0, 4): "percent"}


def test_a_formula_in_xls_that_gives_text_is_read_as_that_text_or_not_at_all() -> None:
    cells = [
        binary.formula(0, 0, binary.TEXT_FOLLOWS),
        binary.text_of_formula("1"),
        binary.formula(0, 1, binary.TEXT_FOLLOWS),
        binary.formula(0, 2, binary.NOTHING),
        binary.formula(0, 3, 5),
    ]
    grid = only(binary.xls(cells))
    assert grid.rows == [["1", "", "", 5]]
    assert grid.features.broken == {(0, 1): "no_value"}


def test_a_zero_libreoffice_saves_in_xls_may_stand_for_a_text_unless_it_was_calculated() -> None:
    as_number, difference = 2, b"\x1e\x01\x00\x1e\x01\x00\x04"
    cells = [
        binary.formula(0, 0, 0, style=as_number),
        binary.formula(0, 1, 0, difference, as_number),
        binary.formula(0, 2, 0),
        binary.formula(0, 3, 7, style=as_number),
    ]
    by_libreoffice = only(binary.xls(cells, ("#,##0",), (binary.BY_LIBREOFFICE,)))
    assert by_libreoffice.features.broken == {(0, 0): "no_value"}
    assert only(binary.xls(cells, ("#,##0",))).features.broken == {}


def test_a_formula_in_xlsb_keeps_its_result_unless_that_is_an_error() -> None:
    tokens = pack("<HL", 0, 3) + b"\x1e\x01\x00" + pack("<L", 0)
    cells = [
        (SUM, 0, 0, pack("<d", 7) + tokens),
        (SUM_ERROR, 1, 0, b"\x07" + tokens),
        (RK, 2, 1, pack("<l", 3 << 2 | 2)),
    ]
    grid = only(binary.xlsb([(0, 0, cells)]))
    assert grid.rows[0][0] == 7
    assert grid.rows[0][2] == 3
    assert grid.features.broken == {(0, 1): "error", (0, 2): "percent"}


def test_a_formula_that_looks_into_another_file_is_told_in_xlsx_and_ods() -> None:
    xlsx = only(
        with_sheet_data('<row r="1"><c r="A1"><f>[1]表!A1+1</f><v>5</v></c><c r="B1"><f>表!A1</f><v>5</v></c></row>')
    )
    cell = (
        '<table:table-cell table:formula="of:=[{}Sheet1.A1]" office:value-type="float" office:value="5">'
        "<text:p>5</text:p></table:table-cell>"
    )
    both = ods(cell.format("&apos;file:///x.xlsx&apos;#$") + cell.format("$"))
    assert xlsx.features.broken == {(0, 0): "external"}
    assert only(both).features.broken == {(0, 0): "external", (1, 0): "external"}


def test_a_formula_in_ods_without_a_result_is_not_an_empty_text() -> None:
    uncalculated = '<table:table-cell table:formula="of:=1+1"/>'
    empty_text = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
    features = only(ods(uncalculated + empty_text + ods_number())).features
    assert features.broken == {(0, 0): "no_value", (1, 0): "no_value"}


@pytest.mark.parametrize(
    ("record", "reading"),
    [
        ((0x2F, b"\0" * 6), "encrypted"),
        ((0x85, pack("<LBBBB", 0, 0, 1, 1, 0) + b"m"), "macro"),
        ((0x1AE, b""), "ok"),
    ],
)
def test_an_xls_says_itself_that_it_is_encrypted_or_runs_macros(record: binary.Record, reading: str) -> None:
    assert open_grids(binary.xls([binary.number(0, 0, 1)], books=[record]))[1] == reading


@pytest.mark.parametrize("place", [(2000, 0), (0, 200)])
def test_a_stray_number_far_from_the_form_is_too_large_in_every_format(place: tuple[int, int]) -> None:
    row, column = place
    far = binary.xlsb([(row, 0, [(REAL, column, 0, pack("<d", 3))])])
    assert open_grids(far) == open_grids(binary.xls([binary.number(row, column, 3)])) == ((), "too_large")


def test_a_chain_of_sectors_that_bites_its_tail_ends() -> None:
    good = binary.xls([binary.number(0, 0, 1)])
    looped = bytearray(good)
    looped[512 + 4 * 3 : 512 + 4 * 4] = pack("<L", 2)
    assert only(good).rows == [[1]]
    assert open_grids(bytes(looped)) == ((), "damaged")


@pytest.mark.parametrize(
    ("formula", "is_outside"),
    [
        ("[1]Sheet1!A1", True),
        ("SUM(上月数,1)", True),
        ('INDIRECT("[二月.xlsx]填报!F6")', True),
        ("'C:\\2022\\[二月.xls]填报'!F6", True),
        ('_xlfn.WEBSERVICE("x")', True),
        ("上月数量+1", False),
        ("表1[本月数]+INDIRECT(F6)", False),
    ],
)
def test_a_formula_that_looks_into_another_file_is_told(formula: str, is_outside: bool) -> None:
    workbook = Workbook()
    workbook.calculation.fullCalcOnLoad = False
    workbook.defined_names["上月数"] = DefinedName("上月数", attr_text="[1]Sheet1!$A$1")
    workbook.worksheets[0]["A1"] = "=1"

    def cached(xml: bytes) -> bytes:
        return re.sub(rb"<f>1</f><v ?/?>(</v>)?", f"<f>{formula}</f><v>205</v>".encode().replace(b"\\", rb"\\"), xml)

    features = only(edited(as_bytes(workbook), "xl/worksheets/sheet1.xml", cached)).features
    assert features.broken == ({(0, 0): "external"} if is_outside else {})


def test_a_reading_beside_a_text_is_told_in_ods() -> None:
    ruby = "<text:ruby><text:ruby-base>52</text:ruby-base><text:ruby-text>7</text:ruby-text></text:ruby>"
    grid = only(ods(f'<table:table-cell office:value-type="string"><text:p>{ruby}</text:p></table:table-cell>'))
    assert grid.features.broken[0, 0] == "scaled"
