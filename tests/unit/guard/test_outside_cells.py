"""What a workbook says outside its cells is looked at in every format, and what programs write there is left alone."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from struct import pack

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from minsheng.landing import PersonalData, Withheld
from minsheng.landing.receipts import WithheldReading
from tests.books import withhold
from tests.county import County
from tests.unit.guard.test_guard import CARD, ID_NUMBER, PHONE, found
from tests.unit.spreadsheet import binary
from tests.unit.spreadsheet.test_hostile_files import edited, ods
from tests.workbooks import as_bytes, manholes, words

OUTSIDE = "批注、页眉页脚、下拉列表、名称、属性、链接或缓存"


def with_list(rule: DataValidation) -> Workbook:
    workbook = manholes()
    rule.add("R6")
    workbook["填报"].add_data_validation(rule)
    return workbook


@pytest.mark.parametrize(
    ("workbook", "kind"),
    [
        (with_list(DataValidation("list", formula1=f'"某某{ID_NUMBER},另一人"')), "id_number"),
        (with_list(DataValidation("list", formula1='"是,否"', prompt=f"请电 {PHONE}")), "phone"),
        (with_list(DataValidation("list", formula1='"是,否"', error=f"请电 {PHONE}")), "phone"),
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


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (
            "xl/externalLinks/externalLink1.xml",
            f'<x><sheetDataSet><sheetData><cell r="A1"><v>{ID_NUMBER}</v></cell></sheetData></sheetDataSet></x>',
        ),
        ("xl/externalLinks/externalLink1.xml", "<x><sheetData><v>4.10423199001010E17</v></sheetData></x>"),
        ("xl/pivotCache/pivotCacheRecords1.xml", f'<x><r><s v="{ID_NUMBER}"/></r></x>'),
        ("xl/pivotCache/pivotCacheDefinition1.xml", f'<x><sharedItems><n v="{ID_NUMBER[:15]}000"/></sharedItems></x>'),
        ("xl/charts/chart1.xml", f"<x><strCache><pt><v>{ID_NUMBER}</v></pt></strCache></x>"),
        ("xl/worksheets/_rels/sheet9.xml.rels", f'<x><Relationship Target="https://example.org/{ID_NUMBER}"/></x>'),
        ("xl/drawings/vmlDrawing1.vml", f"<xml><div>某某<br>{ID_NUMBER}</div></xml>"),
        ("customXml/item1.xml", f"<x>{ID_NUMBER}</x>"),
        ("docMetadata/label.xml", f"<?xml version='1.0' encoding='utf-16'?><x>{ID_NUMBER}</x>".encode("utf-16")),
        ("Object 1/content.xml", f'<t:x xmlns:t="urn:t"><t:table-cell><t:p>{ID_NUMBER}</t:p></t:table-cell></t:x>'),
    ],
)
def test_copies_links_and_leftovers_are_looked_at(part: str, text: str | bytes) -> None:
    assert kinds(with_part(part, text)) == ["id_number"]


def test_a_text_stored_for_cells_is_looked_at_where_it_stands_or_else_here() -> None:
    workbook = manholes()
    sheet = workbook["填报"]
    sheet.cell(sheet.max_row + 1, 1).value = f"填报人：示例甲\n联系电话：{PHONE}"
    shown = f"<si><t>填报人：示例甲_x000D_\n联系电话：{PHONE}</t></si>"
    left = f"<si><r><t>{ID_NUMBER[:6]}</t></r><r><t>{ID_NUMBER[6:]}</t></r></si>"
    assert withhold(with_stored_texts(workbook, shown), "报表.xlsx", words()) is None
    assert kinds(with_stored_texts(workbook, shown + left)) == ["id_number"]


def with_stored_texts(workbook: Workbook, texts: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_part("xl/sharedStrings.xml", f'<sst xmlns="{namespace}">{texts}</sst>', workbook)


@pytest.mark.parametrize("part", ["xl/embeddings/oleObject1.bin", "xl/embeddings/Microsoft_Excel.xlsx", "Object 1"])
def test_a_file_inside_the_file_is_not_kept(part: str) -> None:
    withheld = withhold(with_part(part, b"\xd0\xcf"), "报表.xlsx", words())
    assert withheld
    assert replace(withheld, remainder=None) == Withheld(
        "personal_data", "2022-05", (PersonalData("embedded", "嵌入的文件", ("",)),)
    )


def test_a_file_inside_an_xls_is_not_kept() -> None:
    content = binary.xls([binary.number(0, 0, 1)])
    assert withhold(content, "报表.xls", words()) is None
    withheld = withhold(content + wide("MBD0018E2A4"), "报表.xls", words())
    assert withheld
    assert replace(withheld, remainder=None) == Withheld(
        "personal_data", None, (PersonalData("embedded", "嵌入的文件", ("",)),)
    )


def test_the_unit_is_told_that_nobody_can_look_into_a_file_inside_the_file(tmp_path: Path) -> None:
    county = County(tmp_path)
    county.send(("CGJ", "报表.xlsx", with_part("xl/embeddings/oleObject1.bin", b"")))
    message = (
        "工作簿里嵌入了别的文件或对象，无法查看其中有没有个人信息。"
        "为保护个人信息，本文件的原件没有保存，其中的数只用来一次查出其余的问题，没有采用。"
    )
    told = county.query("select rule_code, sheet_name, message from raw.finding")
    assert told == [("P05", "嵌入的文件", message)]


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
def test_a_part_that_cannot_be_looked_through_withholds_the_file(part: str, reading: WithheldReading) -> None:
    assert withhold(with_part("xl/comments7.xml", part), "报表.xlsx", words()) == Withheld(reading)


def test_a_printers_settings_are_no_records() -> None:
    assert withhold(with_part("xl/printerSettings/printerSettings1.bin", "\xff"), "报表.xlsx", words()) is None


def with_part(name: str, part: str | bytes, workbook: Workbook | None = None) -> bytes:
    stream = io.BytesIO(as_bytes(workbook or manholes()))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/drawings/vmlDrawing1.vml", f'<xml xmlns:v="urn:v"><v:shape alt="联系 {PHONE}"/></xml>'),
        ("xl/drawings/vmlDrawing1.vml", f"<xml xmlns:v='urn:v'><v:textpath string='{PHONE}'/></xml>"),
        ("xl/drawings/vmlDrawing1.vml", f"<xml><div>&#49;{PHONE[1:]}</div></xml>"),
        ("xl/drawings/drawing1.xml", f'<x><cNvPr id="2" name="图 1" descr="{PHONE}"/></x>'),
        ("xl/drawings/drawing1.xml", f"<x><sp><txBody><p><r><t>{PHONE}</t></r></p></txBody></sp></x>"),
        ("xl/threadedComments/threadedComment1.xml", f"<x><threadedComment><text>{PHONE}</text></threadedComment></x>"),
        ("xl/revisions/revisionLog1.xml", f"<x><nc><is><t>{PHONE}</t></is></nc></x>"),
        ("xl/connections.xml", f'<x><dbPr command="select {PHONE}"/></x>'),
        ("xl/diagrams/data1.xml", f"<x><t>{PHONE}</t></x>"),
        ("customXml/item1.xml", f"<x>{PHONE}</x>"),
    ],
)
def test_what_a_drawing_and_a_comment_say_is_looked_at(part: str, text: str) -> None:
    assert kinds(with_part(part, text)) == ["phone"]


PEOPLE = ["张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆"]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/comments1.xml", f"<x><comment><text><r><t>{'、'.join(PEOPLE)}</t></r></text></comment></x>"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "".join(("<x>", *(f'<s v="{name}"/>' for name in PEOPLE), "</x>"))),
        (
            "xl/pivotCache/pivotCacheRecords1.xml",
            "".join(("<x>", *(f'<r><s v="{name}"/><s v="男"/></r>' for name in PEOPLE), "</x>")),
        ),
    ],
)
def test_names_outside_cells_make_a_list(part: str, text: str) -> None:
    assert kinds(with_part(part, text)) == ["roster"]


@pytest.mark.parametrize(
    "part",
    [
        *("<s v='马楼'/><s v='张良'/><s v='董周'/><s v='梁洼'/><s v='熊背'/><s v='赵村'/>",),
        *("<n v='138'/><n v='1234'/><n v='5678'/>", "<v>138</v><v>0013</v><v>8000</v>"),
    ],
)
def test_towns_and_counts_in_a_cache_are_left_alone(part: str) -> None:
    assert withhold(with_part("xl/pivotCache/pivotCacheRecords1.xml", f"<x>{part}</x>"), "报表.xlsx", words()) is None


@pytest.mark.parametrize("suffix", ["", "_13", "_11", "_0001"])
def test_the_number_wps_gives_a_file_is_nobodys(suffix: str) -> None:
    part = f'<x><property name="ICV"><t>F5A1B13812345678C0D1E2F3A4B5C6D7{suffix}</t></property></x>'
    assert withhold(with_part("docProps/custom.xml", part), "报表.xlsx", words()) is None
    digits = f'<x><property name="ICV"><t>41042319900101001013812345678901{suffix}</t></property></x>'
    assert withhold(with_part("docProps/custom.xml", digits), "报表.xlsx", words()) is None


@pytest.mark.parametrize(
    "part", ["xl/media/image1.png", "xl/media/image1.emf", "Pictures/1.jpg", "media/2.svg", "xl/cellimages/i.JPEG"]
)
def test_a_picture_is_not_kept(part: str) -> None:
    withheld = withhold(with_part(part, b"\x89PNG"), "报表.xlsx", words())
    assert withheld
    assert replace(withheld, remainder=None) == Withheld(
        "personal_data", "2022-05", (PersonalData("picture", "图片", ("",)),)
    )


@pytest.mark.parametrize("part", ["docProps/thumbnail.jpeg", "docProps/thumbnail.wmf", "Thumbnails/thumbnail.png"])
def test_what_a_program_draws_of_the_file_is_no_picture(part: str) -> None:
    assert withhold(with_part(part, b"\x89PNG"), "报表.xlsx", words()) is None


def test_a_picture_in_an_xls_is_not_kept() -> None:
    assert kinds_of_all(binary.xls([binary.number(0, 0, 1)], books=[(0xEB, PICTURE_IN_XLS)])) == ["picture"]


# A store of one PNG: its head, and the head of its entry.
PICTURE_IN_XLS = bytes.fromhex("0f0001f02c000000 620007f024000000 0606") + bytes(34)


def kinds_of_all(content: bytes) -> list[str]:
    withheld = withhold(content, "报表", words())
    return [one.kind for one in withheld.found] if withheld else []
