"""A number that is seen otherwise than it is stored: by its format, its font, or a cell merged over it."""

from struct import pack

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font

from minsheng.parsing.reading import ReadCell, ReadForm
from minsheng.spreadsheet.formats import LIKE, shown_as, text_shown_as
from tests.books import open_grids, read_form
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import SHEET, edited, ods, ods_number, only, with_sheet_data
from tests.workbooks import as_bytes, cell, manholes, read, words

STRUCK, RAISED, RED = InlineFont(strike=True), InlineFont(vertAlign="superscript"), InlineFont(color=Color("FF0000"))
ANOTHER = (
    *("0,", "#,##0.0,,", '0.0,"千"', '0"百"', '0"余"', '"约"0', '0"0"', '"1"0', '"0."0', '0"."0', '0"‰"', "0万"),
    *("0!0", "0!.0", '[=205]"300"', '[=205]"300";General', '"-"0', "-0", ";;;", '"已完成"', "[$约-804]0", "10"),
    *('[<1000]"—";0', "[<1000]-0;0", "[>1000]0;-0", '[>1000]0;"无"', "[<>0]-0;0", '[<100]0"户";0"个"', "0*0", "0,.0"),
)
SAME = (
    *("General", "G/通用格式", "@", "", "0;-0;;@", "0\\ ", "#,##0_);(#,##0)"),
    *("_ * #,##0_,", '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"??_ ;_ @_ ', "yyyy-mm-dd", 'm"月"d"日"', "[h]:mm", "# ?/8"),
    *("0.00E-00", '[=0]"";General', "[Red]0;[Blue]-0"),
    *('[>0]0;"—"', '[>=1]0;"无"', '[<1]"—";0', '[=0]"—";-0;0', '0;[=0]"无"', "* 0", "yyyy/m/d;@"),
)
TEXT_ANOTHER = ('@"万"', "@@", '0;0;0;"无"', "0;0;0;", ";;;", '"约"@', '@"0"', "-@", "@*0")
TEXT_SAME = ("@", "General", "0;-0;;@", "0;0;0", "yyyy/m/d;@", '_ * #,##0_ ;_ * "-"??_ ;_ @_ ', '0"万"')
BESIDE = {
    '0"座"': "1座",
    "0K": "1K",
    '#,##0.00"户"': "1户",
    "[$¥-804]#,##0": "¥1",
    "$#,##0": "$1",
    "(0)": "(1)",
    'G/通用格式"人"': "1人",
    "0\\,": "1,",
}


def month(reading: ReadForm) -> ReadCell:
    return next(one for one in reading.cells if (one.section, one.field) == ("report", "month"))


@pytest.mark.parametrize("code", ANOTHER)
def test_a_format_that_shows_another_number_is_told(code: str) -> None:
    assert shown_as(code) == "scaled"


@pytest.mark.parametrize("code", SAME)
def test_a_format_that_adds_a_unit_or_shows_a_date_is_not(code: str) -> None:
    assert shown_as(code) is None


@pytest.mark.parametrize("code", TEXT_ANOTHER)
def test_a_format_that_shows_another_text_is_told(code: str) -> None:
    assert text_shown_as(code) == "scaled"


@pytest.mark.parametrize("code", TEXT_SAME)
def test_a_format_of_numbers_or_of_the_text_itself_is_not(code: str) -> None:
    assert text_shown_as(code) is None


@pytest.mark.parametrize(("code", "reading"), [('@"万"', "scaled"), ('@"个"', "normalised"), ('"-"@', "scaled")])
def test_a_number_typed_as_a_text_is_read_as_its_format_shows_it(code: str, reading: str) -> None:
    workbook = manholes()
    number = cell(workbook, "M03-01", "本月数")
    number.value, number.number_format = "205", code
    assert month(read(workbook)).reading == reading


@pytest.mark.parametrize("code", BESIDE)
def test_what_a_format_puts_beside_the_number_is_told(code: str) -> None:
    assert shown_as(code) == LIKE + BESIDE[code]


@pytest.mark.parametrize(
    ("code", "reading"),
    [('0"座"', "ok"), ('0"户"', "scaled"), ("$#,##0", "scaled"), ("(0)", "scaled"), ("0!0", "scaled")],
)
def test_what_a_format_puts_beside_the_number_must_be_what_may_be_typed(code: str, reading: str) -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "本月数").number_format = code
    assert month(read(workbook)).reading == reading


def test_ods_compares_what_is_shown_with_what_is_stored() -> None:
    stored = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    same = [
        ("12610", "12,610"),
        ("204.6", "205"),
        ("0.4", "0"),
        ("-12610", "-12610.00"),
        ("12610", "1.26E+04"),
        ("205", "二百零五"),
    ]
    same += [("1.5", "1 1/2"), ("12610", "12 610")]
    another = [
        ("12610", "13"),
        ("205", "300"),
        ("205", "205余"),
        ("205", "-205"),
        ("205", ""),
        ("205", "0.205"),
        ("205", "无"),
    ]
    another += [("205", "20!.5"), ("205", "2.1E+04")]
    grid = only(ods("".join(stored.format(*one) for one in same + another)))
    assert {place: how for place, how in grid.features.broken.items() if place[0] == 0} == {
        (0, column): "scaled" for column in range(len(same), len(same) + len(another))
    }


@pytest.mark.parametrize(
    ("parts", "reading"),
    [
        ((TextBlock(STRUCK, "4"), "5"), "scaled"),
        (("60", TextBlock(RAISED, "2")), "scaled"),
        (("12", TextBlock(RED, "0")), "normalised"),
    ],
)
def test_a_number_of_which_a_part_is_struck_out_or_raised_is_not_loaded(
    parts: tuple[str | TextBlock, ...], reading: str
) -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "本月数").value = CellRichText(*parts)
    assert month(read(workbook)).reading == reading


@pytest.mark.parametrize("value", [120, "120"])
def test_a_number_struck_out_as_a_whole_is_not_loaded(value: int | str) -> None:
    workbook = manholes(month=value)
    cell(workbook, "M03-01", "本月数").font = Font(strike=True)
    read_cell = month(read(workbook))
    assert (read_cell.reading, read_cell.number_value, read_cell.raw_text) == ("scaled", None, "120")


def test_runs_inside_the_sheet_are_looked_at_as_well() -> None:
    run = "<r><rPr>{}</rPr><t>4</t></r><r><t>5</t></r>"
    cells = "".join(
        f'<c r="{address}" t="inlineStr"><is>{run.format(mark)}</is></c>'
        for address, mark in (("A1", "<strike/>"), ("B1", '<strike val="0"/>'), ("C1", '<vertAlign val="subscript"/>'))
    )
    grid = only(with_sheet_data(f'<row r="1">{cells}</row>'))
    assert grid.rows == [["45", "45", "45"]]
    assert grid.features.broken == {(0, 0): "scaled", (0, 2): "scaled"}


def test_a_number_under_a_merged_cell_is_told_in_ods() -> None:
    covered = '<table:covered-table-cell office:value-type="float" office:value="811"><text:p>811</text:p>'
    empty = "<table:covered-table-cell/>"
    grid = only(ods(ods_number() + covered + "</table:covered-table-cell>" + empty))
    assert {place: how for place, how in grid.features.broken.items() if place[0] == 0} == {(0, 1): "scaled"}


def test_a_number_under_a_merged_cell_is_told_in_xlsb() -> None:
    rows = [(row, 0, [(5, column, 0, pack("<d", 8)) for column in range(3)]) for row in range(2)]
    grid = only(binary.xlsb(rows, merged=[(0, 0, 0, 1), (0, 1, 2, 2)]))
    assert grid.features.broken == {(0, 1): "scaled", (1, 2): "scaled"}


def test_a_font_that_strikes_out_is_told_in_xls() -> None:
    def font(flags: int) -> binary.Record:
        return 0x31, pack("<5HB", 200, flags, 0, 400, 0, 0) + bytes(5)

    fonts = [*(font(0) for _ in range(4)), font(0x08)]  # the last has the number 5, as none has the number 4
    styles = [(0xE0, pack("<HH16x", number, 0)) for number in (3, 5)]  # behind the two there always are
    content = binary.xls([binary.number(0, 0, 5, 2), binary.number(0, 1, 5, 3)], books=[*fonts, *styles])
    assert only(content).features.broken == {(0, 1): "scaled"}


def test_a_number_under_a_merged_cell_is_seen_by_nobody_and_not_loaded() -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    first, second = cell(workbook, "M03-01", "本月数"), cell(workbook, "M03-01", "累计数")
    merge = f'<mergeCell ref="{first.coordinate}:{second.coordinate}"/></mergeCells>'.encode()
    assert sheet.merged_cells.ranges
    content = edited(as_bytes(workbook), SHEET, lambda xml: xml.replace(b"</mergeCells>", merge))
    cumulative = next(
        one
        for one in read_form(content, "报表.xlsx", words()).cells
        if (one.section, one.field) == ("report", "cumulative")
    )
    assert (cumulative.reading, cumulative.number_value, cumulative.raw_text) == ("scaled", None, "520")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
    ],
)
def test_a_row_a_cell_or_a_value_stored_twice_is_damaged(rows: str) -> None:
    assert open_grids(with_sheet_data(rows)) == ((), "damaged")


def test_a_row_without_height_and_a_column_without_width_are_hidden() -> None:
    content = with_sheet_data('<row r="3" ht="0" customHeight="1"><c r="C3"><v>1</v></c></row>')
    column = b'<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>'
    features = only(edited(content, SHEET, lambda xml: xml.replace(b"<sheetData>", column))).features
    assert (features.hidden_rows, features.hidden_columns) == ({2}, {2})


@pytest.mark.parametrize("remark", ["联系电话", "审核人", "填报人：李四", "单位盖章"])
def test_words_of_the_signature_line_do_not_hide_a_line_of_the_plan(remark: str) -> None:
    workbook = manholes()
    cell(workbook, "M03-01", "备注").value = remark
    assert month(read(workbook)).number_value == 120


def test_a_text_shown_otherwise_is_told_in_binary_formats() -> None:
    text = (6, 0, 2, pack("<L", 1) + "4".encode("utf-16-le"))
    assert only(binary.xlsb([(0, 0, [text])], ['@"万"'])).features.broken == {(0, 0): "scaled"}
    result = [binary.formula(0, 0, binary.TEXT_FOLLOWS, style=2), binary.text_of_formula("4")]
    xls = only(binary.xls(result, ['@"万"']))
    assert xls.rows == [["4"]]
    assert xls.features.broken == {(0, 0): "scaled"}
