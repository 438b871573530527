"""Formulas whose stored result nobody calculated, or which no longer follows from the cells they name."""

import re
from datetime import date
from struct import pack

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from minsheng.spreadsheet.features import Features
from minsheng.spreadsheet.grid import Grid
from minsheng.spreadsheet.numbers import CellValue
from minsheng.spreadsheet.recalculation import mark_stale_results
from tests.books import read_form
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import SHEET, edited, only, with_sheet_data
from tests.workbooks import as_bytes, beside, manholes, words

ROW: list[CellValue] = [606, 205, 811, "字", True, None, 0.1, 0.2]  # A1 to H1


def stale(formula: str, stored: CellValue, *, is_to_be_calculated: bool = False, **others: str) -> bool:
    """Whether the result of a formula in J1 is stale; ``others``: formulas of cells of the row."""
    features = Features(formulas={(0, 9): formula}, has_stale_results=is_to_be_calculated)
    features.formulas |= {(0, ord(column) - ord("A")): text for column, text in others.items()}
    grid = Grid("填报", [[*ROW, None, stored], [1, 2, 3]], features=features)
    other = Grid("张三's 表", [[1000]])
    mark_stale_results((grid, other))
    assert features.formulas == {}
    return features.broken.get((0, 9)) == "no_value"


CALCULATED = [
    ("A1+B1", 811),
    ("$A$1+b$1", 811.0),
    (" A1 + B1 ", 811),
    ("SUM(A1:B1)", 811),
    ("SUM(A1:F1)", 1622),
    ("SUM(A1,B1,-1*(2-3),A2:C2)", 818),
    ("sum(A1:B1)*2-A1/2", 1319),
    ("-A1+2*B1", -196),
    ("+B1%", 2.05),
    ("F1+Z9+5", 5),
    ("G1+H1", 0.30000000000000004),
    ("G1+H1", 0.3),
    ("'张三''s 表'!A1+1", 1001),
    ("填报!A1", 606),
    ("1.5E2+.5", 150.5),
    ("A1-A1", 0),
]


@pytest.mark.parametrize(("formula", "result"), CALCULATED)
def test_a_plain_formula_is_held_against_its_result(formula: str, result: float) -> None:
    assert not stale(formula, result)
    assert not stale(formula, result, is_to_be_calculated=True)
    assert stale(formula, result + 1)
    assert stale(formula, result + 1, is_to_be_calculated=True)


@pytest.mark.parametrize(
    "formula",
    [
        *(
            "VLOOKUP(A1,B:C,2,0)",
            "D1+1",
            "A1&B1",
            "",
            "A1/0",
            "A1^2",
            "A1:B1*2",
            "SUM(A:A)",
            "Sheet9!A1",
            "J1+1",
            "A1+",
        ),
        *(
            '"5"',
            "合计",
            "SUM(A1",
            "(A1",
            "A1)",
            "A1 B1",
            "SUMIF(A1:B1,1)",
            "1e999",
            "(" * 300,
            "#REF!",
        ),
        *("A1=B1", "SUM()", "Sheet1:Sheet3!A1", "{1,2}", "5:5", "ROUND(A1,0)"),
    ],
)
def test_what_is_not_calculated_here_counts_unless_the_file_says_it_is_stale(formula: str) -> None:
    assert not stale(formula, 7)
    assert stale(formula, 7, is_to_be_calculated=True)


def test_a_text_may_stand_for_itself_but_nothing_may_not() -> None:
    assert not stale("A1+B1", "811人")
    assert not stale('A1&"人"', "606人", is_to_be_calculated=True)
    assert stale('A1&"人"', "", is_to_be_calculated=True)
    assert not stale('A1&"人"', "")


def test_a_result_is_calculated_from_the_constants_it_rests_on() -> None:
    """C1 says 811 but comes to 607."""
    assert stale("C1+1", 812, C="A1+1")
    assert not stale("C1+1", 608, C="A1+1")


def test_what_rests_on_a_formula_that_is_not_calculated_rests_on_its_result() -> None:
    assert not stale("C1+1", 812, C="MAX(A1,B1)")
    assert stale("C1+1", 813, C="MAX(A1,B1)")
    assert stale("C1+1", 812, C="MAX(A1,B1)", is_to_be_calculated=True)


def test_a_circle_ends() -> None:
    assert not stale("C1+1", 812, C="J1-1")


def test_what_rests_on_an_error_is_not_calculated() -> None:
    features = Features(broken={(0, 0): "error"}, formulas={(0, 1): "A1+1"})
    grid = Grid("填报", [["", 5]], features=features)
    mark_stale_results((grid,))
    assert features.broken == {(0, 0): "error"}


def test_a_sheet_of_sums_over_all_of_itself_costs_no_more_than_others() -> None:
    formulas = {(row, 3): "SUM(A1:C2000)" for row in range(2000)}
    grid = Grid("填报", [[1, 1, 1, 6000] for _ in range(2000)], features=Features(formulas=formulas))
    mark_stale_results((grid,))
    assert grid.features.broken == {}


def form(month: str, cumulative: str, calculation: str = '<calcPr calcId="191029"/>') -> bytes:
    """The form with these contents of the two cells."""
    workbook = manholes(month=111111, cumulative=222222)
    contents = {b"<v>111111</v>": month, b"<v>222222</v>": cumulative}

    def with_contents(xml: bytes) -> bytes:
        for old, new in contents.items():
            assert old in xml
            xml = xml.replace(old, new.encode())
        return xml

    content = edited(as_bytes(workbook), SHEET, with_contents)
    return edited(content, "xl/workbook.xml", lambda xml: re.sub(rb"<calcPr[^>]*>", calculation.encode(), xml))


def readings(content: bytes) -> tuple[str, str]:
    cells = {
        one.field: one.reading for one in read_form(content, "报表.xlsx", words()).cells if one.section == "report"
    }
    return cells["month"], cells["cumulative"]


TO_BE_CALCULATED = (
    '<calcPr calcId="124519" fullCalcOnLoad="1"/>',
    '<calcPr fullCalcOnLoad="true" forceFullCalc="1"/>',
    '<calcPr calcId="999999" calcMode="auto" calcCompleted="0" fullCalcOnLoad="0"/>',
    "<calcPr calcCompleted='false'/>",
)


@pytest.mark.parametrize("calculation", TO_BE_CALCULATED)
def test_a_result_that_the_file_itself_calls_stale_is_none(calculation: str) -> None:
    month, cumulative = "<f>COUNTA(A1:A9)</f><v>0</v>", "<f>400+120</f><v>520</v>"
    assert readings(form(month, cumulative, calculation)) == ("no_value", "ok")
    assert readings(form(month, cumulative)) == ("ok", "ok")


def test_a_zero_that_a_library_writes_for_every_formula_is_no_result() -> None:
    """Also where the file does not say so."""
    assert readings(form("<f>40+80</f><v>0</v>", "<f>SUM(F6,400)</f><v>0</v>")) == ("no_value", "no_value")


def test_a_sheet_may_call_its_results_stale_by_itself() -> None:
    content = form("<f>COUNTA(A1:A9)</f><v>7</v>", "<v>520</v>")
    stale_sheet = b'</sheetData><sheetCalcPr fullCalcOnLoad="1"/>'
    assert readings(content) == ("ok", "ok")
    assert readings(edited(content, SHEET, lambda xml: xml.replace(b"</sheetData>", stale_sheet))) == ("no_value", "ok")


@pytest.mark.parametrize("kind", ['t="array" ref="A1"', 't="dataTable" ref="A1"', 't="shared" si="0"'])
def test_a_formula_of_several_cells_is_not_calculated_here(kind: str) -> None:
    assert only(with_sheet_data(f'<row r="1"><c r="A1"><f {kind}>1+1</f><v>3</v></c></row>')).features.broken == (
        {(0, 0): "no_value"} if "shared" in kind else {}
    )
    assert only(with_sheet_data('<row r="1"><c r="A1"><f t="shared" si="0"/><v>3</v></c></row>')).features.broken == {}


def test_a_month_that_nobody_calculated_is_no_month() -> None:
    workbook = manholes()
    beside(workbook, "报送期").value = "=1+1"
    place = beside(workbook, "报送期").coordinate

    def cached(xml: bytes) -> bytes:
        return re.sub(rb"(<f>1\+1</f>)<v ?/?>(?:</v>)?", rb"\1<v>44682</v>", xml)

    reading = read_form(edited(as_bytes(workbook), SHEET, cached), "报表.xlsx", words())
    assert [
        (one.cell_ref, one.reading) for one in reading.cells if (one.section, one.field) == ("header", "period")
    ] == [(place, "unknown")]


def test_formulas_of_an_xlsb_are_stale_where_the_book_or_the_sheet_says_so() -> None:
    tokens = pack("<HL", 0, 3) + b"\x1e\x01\x00" + pack("<L", 0)
    cells = [(9, 0, 0, pack("<d", 0) + tokens), (5, 1, 0, pack("<d", 7))]
    assert only(binary.xlsb([(0, 0, cells)])).features.broken == {}
    for flags in (0x01, 0x10):
        assert only(binary.xlsb([(0, 0, cells)], calculation=flags)).features.broken == {(0, 0): "no_value"}
    assert only(binary.xlsb([(0, 0, cells)], sheet_calculation=1)).features.broken == {(0, 0): "no_value"}


def test_dates_may_be_counted_from_1904() -> None:
    assert only(binary.xlsb([(0, 0, [])], from_1904=1)).features.has_dates_from_1904
    workbook = manholes()
    beside(workbook, "报送期").value = 43220
    content = edited(
        as_bytes(workbook), "xl/workbook.xml", lambda xml: xml.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    )
    reading = read_form(content, "报表.xlsx", words())
    assert [one.reading for one in reading.cells if (one.section, one.field) == ("header", "period")] == ["unknown"]


def test_a_workbook_that_counts_from_1904_says_so_of_its_month() -> None:
    workbook = manholes()
    workbook.epoch = CALENDAR_MAC_1904
    beside(workbook, "报送期").value = date(2022, 5, 15)
    beside(workbook, "报送期").number_format = "yyyy-mm-dd"
    reading = read_form(as_bytes(workbook), "报表.xlsx", words())
    assert reading.period == "2022-05"
    told = [one for one in reading.cells if (one.section, one.field) == ("sheet", "dates")]
    assert [(one.reading, one.raw_text, one.cell_ref) for one in told] == [
        ("from_1904", "2022-05-15", beside(workbook, "报送期").coordinate)
    ]
