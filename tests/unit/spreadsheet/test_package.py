"""The parts of a workbook under whatever names, in whatever encoding: found and read as spreadsheet programs do."""

import io
from collections.abc import Callable, Mapping
from struct import pack
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from minsheng.spreadsheet.archive import Archive
from minsheng.spreadsheet.features import RefusedError, light
from minsheng.spreadsheet.package import Package, part_name
from tests.books import book_of, open_grids, read_form
from tests.unit.parsing.saved import numbers
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import SHEET, edited, only, with_cells, with_sheet_data
from tests.workbooks import as_bytes, cell, manholes, present, words

RELATIONS = "xl/_rels/workbook.xml.rels"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def repacked(content: bytes, rename: Callable[[str], str], edit: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The same parts under other names, after ``edit`` of each."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = edit(name, old.read(name)) if edit else old.read(name)
            new.writestr(_Verbatim(rename(name)), part)
    return stream.getvalue()


class _Verbatim(str):
    """A name that zipfile takes as it is, backslashes too."""


def moved(content: bytes, targets: Mapping[str, str]) -> bytes:
    """Parts of ``xl`` moved, and the workbook's relations to them."""

    def follow(name: str, part: bytes) -> bytes:
        for old, new in targets.items() if name == RELATIONS else ():
            part = _swapped(part, f'"{old}"'.encode(), f'"{new}"'.encode())
        return part

    places = {f"xl/{old}": part_name(new, "xl") for old, new in targets.items()}
    return repacked(content, lambda name: places.get(name, name), follow)


def form() -> bytes:
    """Month shown in 万, cumulative struck out: what only the styles tell."""
    workbook = manholes()
    cell(workbook, "M03-01", "本月数").number_format = '0"万"'
    cell(workbook, "M03-01", "累计数").font = Font(strike=True)
    return as_bytes(workbook)


def readings(content: bytes) -> list[str]:
    reading = read_form(content, "报表.xlsx", words())
    assert reading.reading == "ok"
    return [one.reading for one in reading.cells if one.section == "report" and one.field in ("month", "cumulative")]


@pytest.mark.parametrize(
    "rename",
    [
        str.upper,
        str.lower,
        str.title,
        lambda name: name.replace("styles", "Styles"),
        lambda name: name.replace("/", "\\"),
        lambda name: f"/{name}",
        lambda name: f"./{name}",
        lambda name: name.replace("styles", "st%79les"),
    ],
)
def test_a_part_is_found_under_any_spelling_of_its_name(rename: Callable[[str], str]) -> None:
    assert readings(repacked(form(), rename)) == ["scaled", "scaled"]
    assert numbers(read_form(repacked(as_bytes(manholes()), rename), "报表.xlsx", words())) == numbers(
        read_form(as_bytes(manholes()), "报表.xlsx", words())
    )


@pytest.mark.parametrize("target", ["looks.xml", "./styles2.xml", "../elsewhere/styles.xml", "/s/Styles.XML"])
def test_a_part_is_found_where_its_relation_leads(target: str) -> None:
    assert readings(moved(form(), {"styles.xml": target})) == ["scaled", "scaled"]


def test_a_part_that_is_not_related_is_no_part_of_the_workbook() -> None:
    """Beside the styles that are related others lie at the usual place."""
    content = moved(form(), {"styles.xml": "looks.xml"})
    stream = io.BytesIO(content)
    with ZipFile(io.BytesIO(as_bytes(manholes()))) as plain, ZipFile(stream, "a") as archive:
        archive.writestr("xl/styles.xml", plain.read("xl/styles.xml"))
    assert readings(stream.getvalue()) == ["scaled", "scaled"]


def test_the_workbook_itself_is_found_by_its_relation() -> None:
    def elsewhere(name: str) -> str:
        return name.replace("xl/workbook.xml", "book/main.xml").replace("xl/_rels/workbook", "book/_rels/main")

    def follow(name: str, part: bytes) -> bytes:
        part = part.replace(b'Target="worksheets/', b'Target="../xl/worksheets/').replace(b'"styles', b'"/xl/styles')
        return part.replace(b"xl/workbook.xml", b"book/main.xml") if name == "_rels/.rels" else part

    assert readings(repacked(form(), elsewhere, follow)) == ["scaled", "scaled"]


@pytest.mark.parametrize("targets", [("a.xml", "b.xml"), ("styles.xml", "styles2.xml")])
def test_where_two_parts_may_be_meant_none_is(targets: tuple[str, str]) -> None:
    relation = f'<Relationship Id="{{0}}" Type="{OFFICE.decode()}/styles" Target="{{0}}"/>'
    listed = "".join(map(relation.format, targets)).encode()
    end = b"</Relationships>"
    assert open_grids(edited(form(), RELATIONS, lambda xml: xml.replace(end, listed + end))) == ((), "damaged")


@pytest.mark.parametrize(
    "twin", ["xl/Styles.xml", "xl\\styles.xml", "/xl/styles.xml", "xl/./styles.xml", "xl/st%79les.xml"]
)
def test_two_parts_of_one_name_are_damaged(twin: str) -> None:
    stream = io.BytesIO(form())
    with ZipFile(stream, "a") as archive:
        archive.writestr(twin, b"<styleSheet/>")
    assert open_grids(stream.getvalue()) == ((), "damaged")


def test_names_of_parts_are_told_without_what_programs_do_not_mind() -> None:
    written = ("xl/Styles.xml", "xl\\styles.xml", "/xl/styles.xml", "./xl/x/../styles.xml", "xl/st%79les.xml")
    assert {part_name(name) for name in written} == {"xl/styles.xml"}
    assert part_name("../docProps/app.xml", "xl") == "docprops/app.xml"


def test_a_relation_named_twice_leads_nowhere() -> None:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("_rels/.rels", '<a><Relationship Id="1" Target="a"/><Relationship Id="1" Target="b"/></a>')
    with pytest.raises(ValueError, match=r"_rels/\.rels"):
        Package(Archive(stream.getvalue()), light()).workbook()


def test_two_sheets_of_one_part_are_damaged() -> None:
    twin = b'<sheet name="x" sheetId="2" r:id="rId1"/></sheets>'
    content = edited(with_cells(A1=1), "xl/workbook.xml", lambda xml: _swapped(xml, b"</sheets>", twin))
    assert open_grids(content) == ((), "damaged")


def test_an_outside_target_is_no_part() -> None:
    outside = '<a><Relationship Id="1" Type="t/officeDocument" Target="http://a/b" TargetMode="External"/></a>'
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("_rels/.rels", outside)
    assert Package(Archive(stream.getvalue()), light()).workbook() is None


def test_a_package_of_two_workbooks_is_damaged() -> None:
    twice = "".join(f'<Relationship Id="{one}" Type="t/officeDocument" Target="{one}"/>' for one in "ab")
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("_rels/.rels", f"<a>{twice}</a>")
    with pytest.raises(RefusedError, match="damaged"):
        Package(Archive(stream.getvalue()), light()).workbook()


@pytest.mark.parametrize("kind", ["xlMacrosheet", "xlIntlMacrosheet"])
def test_a_sheet_of_macros_is_refused_wherever_it_lies(kind: str) -> None:
    content = edited(with_cells(A1=1), RELATIONS, lambda xml: xml.replace(b'/worksheet"', f'/{kind}"'.encode()))
    assert open_grids(content) == ((), "macro")


@pytest.mark.parametrize("kind", ["chartsheet", "dialogsheet"])
def test_a_sheet_without_cells_is_passed_over(kind: str) -> None:
    workbook = Workbook()
    workbook.create_sheet("数")["A1"] = 7
    first = b'/worksheet" Target="/xl/worksheets/sheet1.xml"'
    content = edited(
        as_bytes(workbook),
        RELATIONS,
        lambda xml: _swapped(xml, first, first.replace(b'worksheet"', f'{kind}"'.encode())),
    )
    grids, reading = open_grids(content)
    assert (reading, [grid.name for grid in grids]) == ("ok", ["数"])
    assert grids[0].rows == [[7]]


def _swapped(xml: bytes, old: bytes, new: bytes) -> bytes:
    assert old in xml
    return xml.replace(old, new)


def test_the_strict_form_of_the_format_is_read() -> None:
    def strict(_: str, part: bytes) -> bytes:
        return part.replace(OFFICE, b"http://purl.oclc.org/ooxml/officeDocument/relationships").replace(
            MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        )

    assert readings(repacked(form(), str, strict)) == ["scaled", "scaled"]


def test_names_of_elements_may_have_a_prefix() -> None:
    def prefixed(name: str, part: bytes) -> bytes:
        if name != SHEET:
            return part
        return (
            part.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?").replace(b"xmlns=", b"xmlns:x=")
        )

    content = edited(with_cells(A1=163, B1="字"), "xl/workbook.xml", lambda xml: xml)
    assert only(repacked(content, str, prefixed)).rows == [[163, "字"]]


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb2312", "gbk", "gb18030", "big5"]
)
def test_a_part_may_be_in_any_encoding_it_declares(encoding: str) -> None:
    def encoded(xml: bytes) -> bytes:
        declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig").upper()}"?>'
        return (declared + xml.decode().replace("</row>", "").replace("</sheetData>", "</row></sheetData>")).encode(
            encoding
        )

    plain = with_sheet_data(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>縣民政局</t></is></c><c r="B1"><v>163</v></c></row>'
    )
    simplified = with_sheet_data(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>中文</t></is></c><c r="B1"><v>163</v></c></row>'
    )
    content = plain if encoding == "big5" else simplified
    assert only(edited(content, SHEET, encoded)).rows == only(content).rows


@pytest.mark.parametrize("declared", ["ebcdic-cp-us", "rot13", "zip"])
def test_an_encoding_nobody_declares_is_not_tried(declared: str) -> None:
    content = edited(with_cells(A1=1), SHEET, lambda xml: f'<?xml version="1.0" encoding="{declared}"?>'.encode() + xml)
    assert open_grids(content) == ((), "damaged")


@pytest.mark.parametrize(
    "value", ["<![CDATA[163]]>", "16<!-- 0 -->3", "1<![CDATA[6]]>3", "<?a b?>163", "&#49;63", "1&#x36;3"]
)
def test_a_number_is_the_same_in_every_form_of_text(value: str) -> None:
    assert only(with_sheet_data(f'<row r="1"><c r="A1"><v>{value}</v></c></row>')).rows == [[163]]


def test_text_in_a_section_of_its_own_is_text() -> None:
    inline = '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<163> & 更多]]></t></is></c></row>'
    assert only(with_sheet_data(inline)).rows == [["<163> & 更多"]]


@pytest.mark.parametrize("opened", ["<!--", "<![CDATA[", "<?a"])
def test_what_is_opened_and_never_closed_is_damaged(opened: str) -> None:
    assert open_grids(with_sheet_data(f'<row r="1"><c r="A1"><v>1{opened}</v></c></row>')) == ((), "damaged")


ERRORS = ("#SPILL!", "#CALC!", "#CONNECT!", "#BUSY!", "#PYTHON!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#EXTERNAL!")


@pytest.mark.parametrize("error", [*ERRORS, "#GETTING_DATA", "#N/A", "#REF!", "#新的!"])
def test_no_error_value_makes_a_file_unreadable(error: str) -> None:
    cells = f'<c r="B1" t="e"><v>{error}</v></c><c s="0" t=\'e\' r="C1"><f>X()</f><v>{error}</v></c>'
    grid = only(with_sheet_data(f'<row r="1"><c r="A1"><v>163</v></c>{cells}</row>'))
    assert grid.rows == [[163, error, error]]
    assert grid.features.broken == {(0, 1): "error", (0, 2): "error"}


@pytest.mark.parametrize("before", [b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b" \xef\xbb\xbf\n"])
@pytest.mark.parametrize("content", [as_bytes(manholes()), binary.xls([binary.number(0, 0, 7)])], ids=["xlsx", "xls"])
def test_what_a_web_gateway_puts_before_a_file_is_passed_over(before: bytes, content: bytes) -> None:
    assert open_grids(before + content) == open_grids(content)
    assert open_grids(content)[1] == "ok"


def test_what_a_web_gateway_puts_behind_a_file_is_passed_over() -> None:
    assert open_grids(as_bytes(manholes()) + b"\r\n") == open_grids(as_bytes(manholes()))


def test_what_stands_outside_cells_is_looked_at_under_any_name() -> None:
    workbook = manholes()
    present(cell(workbook, "M03-01", "备注")).comment = Comment("见台账", "经办")
    content = as_bytes(workbook)
    plain = book_of(content).notes
    assert any("见台账" in note for note in plain)
    renamed = book_of(repacked(content, lambda name: name.replace("comments", "Notes").upper())).notes
    assert any("见台账" in note for note in renamed)


def test_short_cells_of_an_xlsb_stand_behind_the_last() -> None:
    def text(letters: str) -> bytes:
        return pack("<L", len(letters)) + letters.encode("utf-16-le")

    cells = [(6, 1, 0, text("甲")), (17, None, 0, text("乙")), (16, None, 0, pack("<d", 3)), (12, None, 0, b"")]
    cells += [(13, None, 1, pack("<l", 3 << 2 | 2)), (14, None, 0, b"\x17"), (15, None, 0, b"\x01")]
    grid = only(binary.xlsb([(0, 0, cells)]))
    assert grid.rows == [["", "甲", "乙", 3, "", 3, "", True]]
    assert grid.features.broken == {(0, 5): "percent", (0, 6): "error"}


def test_a_text_with_runs_inside_an_xlsb_is_read_and_looked_at() -> None:
    fonts = ((0, 0), (0x08, 0))
    texts = [binary.rich("16", (0, 1), (1, 0)), binary.rich("63", (0, 0))]
    cells = [(62, column, 0, text) for column, text in enumerate(texts)]
    grid = only(binary.xlsb([(0, 0, cells)], fonts=fonts))
    assert (grid.rows, grid.features.broken) == ([["16", "63"]], {(0, 0): "scaled"})


def test_no_error_value_makes_an_xlsb_unreadable() -> None:
    grid = only(binary.xlsb([(0, 0, [(3, 0, 0, b"\x2c"), (5, 1, 0, pack("<d", 7))])]))
    assert (grid.rows[0][1], grid.features.broken) == (7, {(0, 0): "error"})


@pytest.mark.parametrize("name", ["a\"b'c", "a&b<c>d", "&amp;　&#65;"])
def test_a_sheet_is_called_what_it_is_called(name: str) -> None:
    workbook = Workbook()
    workbook.worksheets[0].title = name
    assert [grid.name for grid in open_grids(as_bytes(workbook))[0]] == [name]
