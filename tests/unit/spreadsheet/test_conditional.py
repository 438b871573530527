"""Number formats a cell does not follow, and those that a conditional format lays over it."""

import re
from struct import pack

import pytest
from openpyxl import Workbook
from openpyxl.formatting.rule import DataBar, FormatObject, IconSet, Rule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from minsheng.spreadsheet.formats import shown_as
from tests.books import open_grids
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import SHEET, edited, only
from tests.workbooks import as_bytes, cell, manholes, read

STYLES = "xl/styles.xml"
TEN_THOUSANDS = NumberFormat(numFmtId=164, formatCode='0"万"')
RED = PatternFill(bgColor="FFFF0000")


def shown_by(rule: Rule, area: str = "A1:B2") -> dict[tuple[int, int], str]:
    """How the cells of a sheet are shown over which a rule lies: a number, a text, and a number outside the area."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["B1"], sheet["C1"] = 4, "4", 4
    sheet.conditional_formatting.add(area, rule)
    return only(as_bytes(workbook)).features.broken


def looks(font: Font | None = None, fill: PatternFill | None = None, code: NumberFormat | None = None) -> Rule:
    return Rule("expression", formula=["TRUE"], dxf=DifferentialStyle(font=font, fill=fill, numFmt=code))


def bars(*, with_numbers: bool) -> Rule:
    ends = [FormatObject("min"), FormatObject("max")]
    return Rule("dataBar", dataBar=DataBar(showValue=with_numbers, cfvo=ends, color=Color("FFFF0000")))


def arrows(*, with_numbers: bool) -> Rule:
    steps = [FormatObject("percent", val=step) for step in (0, 33, 67)]
    return Rule("iconSet", iconSet=IconSet("3Arrows", showValue=with_numbers, cfvo=steps))


def test_a_conditional_number_format_is_told_of_the_numbers_it_covers() -> None:
    assert shown_by(looks(code=TEN_THOUSANDS)) == {(0, 0): "scaled"}
    assert shown_by(looks(code=TEN_THOUSANDS), "C1 B1:B9") == {(0, 2): "scaled"}
    assert shown_by(looks(code=TEN_THOUSANDS), "A2:C9") == {}
    assert shown_by(looks(code=NumberFormat(numFmtId=10, formatCode="0.00%"))) == {(0, 0): "percent"}
    assert shown_by(looks(code=NumberFormat(numFmtId=165, formatCode='0"人"'))) == {(0, 0): "like:1人"}


def test_a_conditional_format_that_strikes_out_is_told_of_numbers_and_texts() -> None:
    assert shown_by(looks(font=Font(strike=True))) == {(0, 0): "scaled", (0, 1): "scaled"}


@pytest.mark.parametrize(
    "rule",
    [
        looks(fill=RED),
        looks(font=Font(bold=True)),
        looks(code=NumberFormat(numFmtId=3, formatCode="#,##0")),
        bars(with_numbers=True),
        arrows(with_numbers=True),
    ],
)
def test_a_conditional_format_that_colours_only_is_harmless(rule: Rule) -> None:
    assert shown_by(rule) == {}


@pytest.mark.parametrize("rule", [bars(with_numbers=False), arrows(with_numbers=False)])
def test_a_number_hidden_behind_a_bar_or_an_arrow_is_seen_by_nobody(rule: Rule) -> None:
    assert shown_by(rule) == {(0, 0): "scaled"}


def test_a_rule_of_2010_has_its_look_inside_and_its_cells_behind() -> None:
    def extended(xml: bytes) -> bytes:
        rule = (
            '<extLst><ext xmlns:x14="u"><x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="v">'
            '<x14:cfRule type="expression" priority="1"><xm:f>TRUE</xm:f><x14:dxf><font><b/></font>'
            '<numFmt numFmtId="170" formatCode="0&quot;万&quot;"/></x14:dxf></x14:cfRule>'
            "<xm:sqref>C1 A1:A3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
        )
        return xml.replace(b"</worksheet>", rule.encode() + b"</worksheet>")

    workbook = Workbook()
    workbook.worksheets[0]["A1"], workbook.worksheets[0]["B1"] = 4, 4
    assert only(edited(as_bytes(workbook), SHEET, extended)).features.broken == {(0, 0): "scaled"}


def test_formulas_behind_the_cells_are_no_formulas_of_the_last_cell() -> None:
    rule = b'<extLst><ext xmlns:x="u"><x:f>1+1</x:f><x:v>2</x:v></ext></extLst></worksheet>'
    content = edited(cells_of("0"), SHEET, lambda xml: xml.replace(b"</worksheet>", rule))
    assert only(content).features.broken == {}


def test_an_area_that_is_none_is_damaged() -> None:
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = 4
    workbook.worksheets[0].conditional_formatting.add("A1", looks(code=TEN_THOUSANDS))
    content = edited(as_bytes(workbook), SHEET, lambda xml: xml.replace(b'sqref="A1"><cfRule', b'sqref="A"><cfRule'))
    assert open_grids(content) == ((), "damaged")


def test_a_number_a_conditional_format_shows_in_ten_thousands_is_not_loaded() -> None:
    workbook = manholes()
    place = cell(workbook, "M03-01", "本月数").coordinate
    workbook["填报"].conditional_formatting.add(place, looks(code=TEN_THOUSANDS))
    found = {one.field: one.reading for one in read(workbook).cells if one.section == "report"}
    assert (found["month"], found["cumulative"]) == ("scaled", "ok")


def cells_of(*styles: str) -> bytes:
    """Numbers in the first row, each of a style by its number."""
    workbook = Workbook()
    for column, _ in enumerate(styles, start=1):
        workbook.worksheets[0].cell(1, column, 4)
    given = iter(styles)
    return edited(
        as_bytes(workbook), SHEET, lambda xml: re.sub(rb"<c ", lambda _: f'<c s="{next(given)}" '.encode(), xml)
    )


def with_styles(content: bytes, xml: str) -> bytes:
    return edited(content, STYLES, lambda _: f"<styleSheet>{xml}</styleSheet>".encode())


def test_a_cell_follows_its_own_style_and_no_other_list() -> None:
    """The same numbers stand for other formats in conditional looks, and in lists of programs' own."""
    xml = (
        '<numFmts><numFmt numFmtId="164" formatCode="0&quot;万&quot;"/>'
        '<numFmt numFmtId="165" formatCode="0"/></numFmts>'
        "<fonts><font/><font><strike/></font></fonts>"
        '<cellStyleXfs><xf numFmtId="10" fontId="1"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf fontId="1" numFmtId="0"/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="0" formatCode="0.00%"/></dxf>'
        '<dxf><numFmt numFmtId="164" formatCode="#,##0"/><font><strike/></font></dxf></dxfs>'
        '<extLst><ext><dxfs><dxf><numFmt numFmtId="165" formatCode="0%"/></dxf></dxfs><fonts><font><strike/></font>'
        "</fonts></ext></extLst>"
    )
    content = with_styles(cells_of("0", "1", "2", "3"), xml)
    assert only(content).features.broken == {(0, 1): "scaled", (0, 3): "scaled"}


def test_what_a_cells_style_leaves_unsaid_its_named_style_says() -> None:
    xml = (
        "<fonts><font/><font><strike/></font></fonts>"
        '<cellStyleXfs><xf numFmtId="9"/><xf fontId="1"/></cellStyleXfs>'
        '<cellXfs><xf xfId="0"/><xf xfId="1"/><xf xfId="0" numFmtId="0" applyNumberFormat="0"/><xf xfId="7"/></cellXfs>'
    )
    assert only(with_styles(cells_of("0", "1", "2", "3"), xml)).features.broken == {(0, 0): "percent", (0, 1): "scaled"}


def test_a_format_longer_than_any_program_takes_is_refused_at_once() -> None:
    assert shown_as("[$" * 6000) == "scaled"
    assert shown_as("0" * 255) is None


def in_xlsb(look: bytes, areas: tuple[tuple[int, int, int, int], ...] = ((0, 0, 0, 1),)) -> dict[tuple[int, int], str]:
    """As ``shown_by``, of an xlsb: two numbers and a text, under a look made of properties."""
    cells = [(5, 0, 0, pack("<d", 4)), (6, 1, 0, pack("<L", 1) + "4".encode("utf-16-le")), (5, 2, 0, pack("<d", 4))]
    return only(binary.xlsb([(0, 0, cells)], conditional=[(areas, look)])).features.broken


def test_conditional_formats_of_an_xlsb_are_told() -> None:
    code = '0"万"'
    in_words = pack("<HHH", 38, 6 + 2 * len(code), len(code)) + code.encode("utf-16-le")
    assert in_xlsb(in_words) == {(0, 0): "scaled"}
    assert in_xlsb(in_words, ((4, 5, 0, 0), (0, 0, 2, 2))) == {(0, 2): "scaled"}
    assert in_xlsb(pack("<HHH", 41, 6, 9)) == {(0, 0): "percent"}
    assert in_xlsb(pack("<HHB", 29, 5, 1)) == {(0, 0): "scaled", (0, 1): "scaled"}
    assert in_xlsb(pack("<HHB", 29, 5, 0)) == in_xlsb(pack("<HHH", 25, 6, 700)) == {}
