"""OpenDocument spreadsheets as many programs save them: what is shown, and by which of many styles."""

import io
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import Features, RefusedError, heavy
from minsheng.spreadsheet.formats import LIKE
from minsheng.spreadsheet.inspection import sheets_of_ods
from minsheng.spreadsheet.numbers import read_number
from minsheng.spreadsheet.ods import OdsSheet
from minsheng.spreadsheet.ods.formulas import plain_formula
from minsheng.spreadsheet.ods.shown import as_shown
from tests.books import open_grids

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("style", "style"), ("table", "table"), ("text", "text")),
        *(("number", "datastyle"), ("draw", "drawing")),
    )
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
WAN = (
    '<number:number-style style:name="N1"><number:number number:decimal-places="0"/>'
    "<number:text>万</number:text></number:number-style>"
)
STRUCK = '<style:text-properties style:text-line-through-style="solid"/>'


def package(content: str, styles: str = "") -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", content)
        if styles:
            archive.writestr("styles.xml", styles)
    return stream.getvalue()


def spreadsheet(body: str, automatic: str = "", named: str = "") -> bytes:
    """A file of these sheets and styles."""
    content = (
        f"<office:document-content {_NAMES} {_CALC} {_LINK}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    styles = f"<office:document-styles {_NAMES}><office:styles>{named}</office:styles></office:document-styles>"
    return package(content, styles if named else "")


def table(rows: str, before: str = "", after: str = "") -> str:
    return f'<table:table table:name="填报">{before}{rows}{after}</table:table>'


def row(*cells: str, style: str = "") -> str:
    return f"<table:table-row{style}>{''.join(cells)}</table:table-row>"


def number(value: float = 163, text: str | None = "163", style: str = "", more: str = "") -> str:
    shown = "" if text is None else f"<text:p>{text}</text:p>"
    named = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell office:value-type="float" office:value="{value}"{named}{more}>{shown}</table:table-cell>'


def words(text: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}>{text}</table:table-cell>'


def style(name: str, inside: str = "", more: str = "", family: str = "table-cell") -> str:
    return f'<style:style style:name="{name}" style:family="{family}" {more}>{inside}</style:style>'


def sheets(content: bytes) -> list[OdsSheet]:
    return sheets_of_ods(Archive(content), heavy())


def only(body: str, automatic: str = "", named: str = "") -> OdsSheet:
    (sheet,) = sheets(spreadsheet(table(body), automatic, named))
    return sheet


def told(*cells: str, automatic: str = "", named: str = "") -> list[str | None]:
    """Why each of the cells of a row is not what it seems."""
    features: Features = only(row(*cells), automatic, named).features
    return [features.broken.get((0, column)) for column in range(len(cells))]


def test_space_between_elements_says_nothing() -> None:
    dense = spreadsheet(table(row(number(), words("<text:p>窨井</text:p>"))))
    with ZipFile(io.BytesIO(dense)) as archive:
        spaced = package(archive.read("content.xml").decode().replace("><", ">\n   <"))
    assert [sheet.rows for sheet in sheets(spaced)] == [[[163, "窨井"]]] == [sheet.rows for sheet in sheets(dense)]


def test_a_file_may_call_the_namespaces_what_it_likes() -> None:
    with ZipFile(io.BytesIO(spreadsheet(table(row(number(style="ce1"))), style("ce1", STRUCK)))) as archive:
        content = archive.read("content.xml").decode()
    for count, prefix in enumerate(("office", "style", "table", "text")):
        content = content.replace(f"{prefix}:", f"ns{count}:").replace(f"xmlns:{prefix}=", f"xmlns:ns{count}=")
    content = content.replace("urn:oasis:names:tc:opendocument:xmlns:ns", "urn:oasis:names:tc:opendocument:xmlns:")
    for count, prefix in enumerate(("office", "style", "table", "text")):
        content = content.replace(f"xmlns:{count}:1.0", f"xmlns:{prefix}:1.0")
    assert [(one.rows, one.features.broken) for one in sheets(package(content))] == [([[163]], {(0, 0): "scaled"})]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<text:p>1<text:line-break/>63</text:p>", "1\n63"),
        ("<text:p>1</text:p><text:p>63</text:p>", "1\n63"),
        ("<text:p>1<text:tab/>63</text:p>", "1\t63"),
        ('<text:p>1<text:s text:c="3"/>63</text:p>', "1   63"),
        ("<text:p>\n  窨井\n  设施 <text:span>改造</text:span>\n</text:p>", "窨井 设施 改造"),
        ("<text:list><text:list-item><text:p>甲</text:p></text:list-item></text:list>", "甲"),
        ("<office:annotation><text:p>批注</text:p></office:annotation><text:p>甲</text:p>", "甲"),
        ("<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame><text:p>甲</text:p>", "甲"),
    ],
)
def test_a_text_is_what_the_cell_shows(text: str, value: str) -> None:
    assert only(row(words(text))).rows == [[value]]


def test_what_stands_in_two_lines_is_not_one_number() -> None:
    assert told(number(text="1<text:line-break/>63"), number(text="1</text:p><text:p>63")) == ["scaled", "scaled"]
    (value,) = only(row(words("<text:p>1<text:line-break/>63</text:p>"))).rows[0]
    assert read_number(value).value is None


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("12 610", 12610, None),
        ("1 63", 163, "scaled"),
        ("1\n63", 163, "scaled"),
        ("163\n", 163, None),
        ("1.2E+04", 12000, None),
        ("1 1/2", 1.5, None),
        ("163户", 163, LIKE + "1户"),
    ],
)
def test_what_is_shown_is_held_against_what_is_stored(text: str, value: float, shown: str | None) -> None:
    assert as_shown(text, value) == shown


def test_a_style_may_strike_out_itself_or_through_its_parents_or_for_all_cells() -> None:
    named = style("删除", STRUCK) + style("旁", more='style:parent-style-name="删除"')
    no_line = '<style:text-properties style:text-line-through-style="none"/>'
    automatic = (
        style("own", STRUCK)
        + style("child", more='style:parent-style-name="旁"')
        + style("taken-back", no_line, 'style:parent-style-name="旁"')
        + style("other", '<style:text-properties style:text-position="super 58%"/>')
    )
    names = ("own", "删除", "旁", "child", "other", "taken-back", "unknown")
    cells = [number(style=name) for name in names]
    assert told(*cells, automatic=automatic, named=named) == ["scaled"] * 5 + [None, None]
    everywhere = f'<style:default-style style:family="table-cell">{STRUCK}</style:default-style>'
    assert told(number(), number(style="taken-back"), automatic=automatic, named=named + everywhere) == ["scaled", None]


def test_a_part_of_a_text_may_be_struck_out_or_raised() -> None:
    raised, level = '<style:text-properties style:text-position="{}"/>', "0% 100%"
    automatic = (
        style("T1", STRUCK, family="text")
        + style("T2", raised.format("super 58%"), family="text")
        + style("T3", raised.format(level), family="text")
        + style("T4", '<style:text-properties style:text-line-through-type="single"/>', family="text")
        + style("P1", STRUCK, family="paragraph")
    )
    part = '<text:p><text:span text:style-name="{}">4</text:span>5</text:p>'
    cells = [words(part.format(name)) for name in ("T1", "T2", "T3", "T4")]
    whole = words('<text:p text:style-name="P1">45</text:p>')
    assert told(*cells, whole, automatic=automatic) == ["scaled", "scaled", None, "scaled", "scaled"]


def test_a_cell_without_a_style_has_that_of_its_row_else_of_its_column() -> None:
    columns = (
        '<table:table-column table:default-cell-style-name="plain"/>'
        '<table:table-column table:default-cell-style-name="struck" table:number-columns-repeated="2"/>'
    )
    automatic = style("struck", STRUCK) + style("plain")
    of_row = ' table:default-cell-style-name="{}"'
    repeated = number(more=' table:number-columns-repeated="3"')
    rows = row(repeated) + row(repeated, style=of_row.format("plain")) + row(number(), style=of_row.format("struck"))
    (sheet,) = sheets(spreadsheet(table(rows, columns), automatic))
    assert sheet.features.broken == {(0, 1): "scaled", (0, 2): "scaled", (2, 0): "scaled"}


def test_a_number_format_counts_whatever_the_text_in_the_file_says() -> None:
    of = 'style:data-style-name="{}"'.format
    formats = WAN + (
        '<number:percentage-style style:name="N2"><number:number/><number:text>%</number:text>'
        "</number:percentage-style>"
        '<number:number-style style:name="N3"><number:number number:display-factor="1000"/></number:number-style>'
        '<number:number-style style:name="N4"><number:number/><number:text>户</number:text></number:number-style>'
        '<number:date-style style:name="N5"><number:year/></number:date-style>'
        '<number:number-style style:name="N6P0"><number:number number:decimal-places="2"/></number:number-style>'
        '<number:number-style style:name="N6"><number:text>-</number:text><number:number/>'
        '<style:map style:condition="value()&gt;=0" style:apply-style-name="N6P0"/></number:number-style>'
        '<number:number-style style:name="N7"><number:number><number:embedded-text number:position="1">.'
        "</number:embedded-text></number:number></number:number-style>"
        '<number:currency-style style:name="N8"><number:currency-symbol>¥</number:currency-symbol><number:number/>'
        "</number:currency-style>"
    )
    automatic = formats + "".join(style(f"ce{count}", more=of(f"N{count}")) for count in range(1, 9))
    shown = ["scaled", "percent", "scaled", LIKE + "1户", "scaled", None, "scaled", LIKE + "¥1"]
    assert told(*(number(style=f"ce{count}") for count in range(1, 9)), automatic=automatic) == shown
    assert told(*(number(text=None, style=f"ce{count}") for count in range(1, 9)), automatic=automatic) == shown


def test_a_condition_that_may_show_another_number_is_told_however_it_is_written() -> None:
    named = WAN + style("以万计", more='style:display-name="以 万计" style:data-style-name="N1"') + style("红")
    condition = '<style:map style:condition="cell-content()&gt;1" style:apply-style-name="{}"/>'
    automatic = style("ce1", condition.format("以万计")) + style("ce2", condition.format("红"))
    assert told(number(style="ce1"), number(style="ce2"), automatic=automatic, named=named) == ["scaled", None]

    formats = (
        "<calcext:conditional-formats><calcext:conditional-format "
        "calcext:target-range-address=\"'填 报'.B1:'填 报'.B3 $填报.$D$1\">"
        '<calcext:condition calcext:apply-style-name="以 万计" calcext:value="&gt;1"/></calcext:conditional-format>'
        '<calcext:conditional-format calcext:target-range-address="填报.A1:填报.XFD1048576">'
        '<calcext:condition calcext:apply-style-name="红"/></calcext:conditional-format></calcext:conditional-formats>'
    )
    cells = row(number(), number(), words("<text:p>1</text:p>"), number())
    (sheet,) = sheets(spreadsheet(table(cells, after=formats), named=named))
    assert sheet.features.broken == {(0, 1): "scaled", (0, 3): "scaled"}
    struck = style("以万计", STRUCK, 'style:display-name="以 万计"') + style("红")
    (sheet,) = sheets(spreadsheet(table(row(words("<text:p>甲</text:p>")) * 3 + cells, after=formats), named=struck))
    assert sheet.features.broken == {}
    (sheet,) = sheets(spreadsheet(table(row(number(), words("<text:p>163</text:p>")), after=formats), named=struck))
    assert sheet.features.broken == {(0, 1): "scaled"}


def test_styles_that_are_each_others_parent_or_condition_end() -> None:
    condition = '<style:map style:apply-style-name="{}"/>'
    automatic = style("a", condition.format("b"), 'style:parent-style-name="b"') + style(
        "b", STRUCK + condition.format("a"), 'style:parent-style-name="a"'
    )
    assert told(number(style="a"), automatic=automatic) == ["scaled"]


def test_a_formula_without_a_result_shows_nothing_and_one_with_an_error_shows_that() -> None:
    of = ' table:formula="of:=[.A1]+1"'
    cells = (number(0, None, more=of), number(0, "0", more=of), number(0, "Err:502", more=of))
    assert told(*cells) == ["no_value", None, "error"]


def test_a_sheet_linked_to_another_file_is_read_and_all_of_it_is_from_outside() -> None:
    source = '<table:table-source xlink:href="file:///x.ods" table:table-name="表"/>'
    cells = row(number(), words("<text:p>1</text:p>"), words("<text:p>甲</text:p>"))
    linked = f'<table:table table:name="旁">{source}{cells}</table:table>'
    form, side = sheets(spreadsheet(table(row(number())) + linked))
    assert (form.rows, form.features.broken) == ([[163]], {})
    assert (side.rows, side.features.broken) == (
        [[163, "1", "甲"]],
        {(0, 0): "external", (0, 1): "external"},
    )


def test_a_range_linked_to_another_file_is_from_outside() -> None:
    link = '<table:cell-range-source xlink:href="x.ods" table:last-column-spanned="2" table:last-row-spanned="1"/>'
    linked = number().replace("<text:p>", link + "<text:p>")
    sheet = only(row(linked, number(), number()) + row(number()))
    assert sheet.features.broken == {(0, 0): "external", (0, 1): "external"}


def test_what_another_program_answered_last_is_looked_at_and_no_sheet_anybody_sees() -> None:
    answer = f"<table:dde-link><office:dde-source/>{table(row(number()))}</table:dde-link>"
    cached = f"<table:dde-links>{answer}</table:dde-links>"
    form, cache = sheets(spreadsheet(table(row(number(7, "7"))) + cached))
    assert (form.rows, form.is_hidden, form.features.broken) == ([[7]], False, {})
    assert (cache.rows, cache.is_hidden, cache.features.broken) == ([[163]], True, {(0, 0): "external"})


def test_values_of_every_kind_are_read_as_what_they_are() -> None:
    cell = '<table:table-cell office:value-type="{}" office:{}-value="{}"><text:p>{}</text:p></table:table-cell>'
    cells = (
        cell.format("date", "date", "2022-05-01", "5月"),
        cell.format("date", "date", "2022-05-01T10:00:00", "5月"),
        cell.format("date", "date", "五月", "五月"),
        cell.format("time", "time", "PT10H00M00S", "10:00"),
        cell.format("boolean", "boolean", "false", "FALSE"),
        cell.format("string", "string", "公式的字", "公式的字"),
        number(0, "FALSE", more=' table:formula="of:=FALSE()"'),
        "<table:table-cell><text:p>没有类型</text:p></table:table-cell>",
    )
    sheet = only(row(*cells))
    moments = [date(2022, 5, 1), datetime.fromisoformat("2022-05-01T10:00:00"), "五月", "PT10H00M00S"]
    assert sheet.rows == [[*moments, False, "公式的字", False, "没有类型"]]
    assert sheet.features.broken == {}


def test_a_text_that_is_stored_otherwise_than_shown_is_told() -> None:
    assert told(words("<text:p>63</text:p>", ' office:string-value="163"')) == ["scaled"]


def test_merged_cells_and_hidden_sheets_are_told() -> None:
    hidden = '<style:table-properties table:display="false"/>'
    merged = number(more=' table:number-columns-spanned="2" table:number-rows-spanned="1"')
    body = f'<table:table table:name="藏" table:style-name="ta1">{row(merged)}</table:table>'
    (sheet,) = sheets(spreadsheet(body, style("ta1", hidden, family="table")))
    assert (sheet.is_hidden, sheet.merged) == (True, [((0, 0), (0, 1))])


def test_what_was_changed_before_is_no_cell() -> None:
    before = (
        "<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell>"
        "<text:p>9</text:p></table:change-track-table-cell></table:previous></table:cell-content-change>"
        "</table:tracked-changes>"
    )
    (sheet,) = sheets(spreadsheet(before + table(row(number()))))
    assert sheet.rows == [[163]]


@pytest.mark.parametrize(
    "cells",
    [
        number("甲"),  # type: ignore[arg-type]
        number(more=' table:number-columns-repeated="0"'),
        f"<table:table-cell>{table(row(number()))}</table:table-cell>",
    ],
)
def test_what_no_program_writes_is_damaged(cells: str) -> None:
    with pytest.raises(RefusedError, match="damaged"):
        only(row(cells))


def test_cells_far_from_any_form_are_too_large_unless_nothing_is_in_them() -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    assert only(row(number(), empty)).rows == [[163]]
    with pytest.raises(RefusedError, match="too_large"):
        only(row(empty, number()))


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        ("of:=[.A1]+[.$B$1]", "A1+$B$1"),
        ("of:=SUM([.A1:.B1];2)", "SUM(A1:B1,2)"),
        ("of:=[$'表 2'.A1]", "'表 2'!A1"),
        ("of:=[Sheet2.A1:Sheet2.B2]", "Sheet2!A1:B2"),
        ("oooc:=[.A1]*2", "A1*2"),
        ("=1+1", "1+1"),
    ],
)
def test_a_formula_is_written_as_in_the_other_formats(formula: str, plain: str) -> None:
    assert plain_formula(formula) == plain


def test_a_result_that_does_not_follow_from_the_cells_is_none() -> None:
    def sums(stored: int) -> str:
        return number(stored, str(stored), more=' table:formula="of:=[.A1]+[.B1]"')

    content = spreadsheet(table(row(number(4, "4"), number(5, "5"), sums(0)) + row(number(), number(), sums(9))))
    (grid,), reading = open_grids(content)
    assert (reading, grid.features.broken) == ("ok", {(0, 2): "no_value"})
