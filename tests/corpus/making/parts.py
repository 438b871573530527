"""What programs make of the parts of a workbook: other names and encodings, libraries' zeros, looks laid over cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

_SHEET = "xl/worksheets/sheet1.xml"
_WORKBOOK = "xl/workbook.xml"
_STYLES = "xl/styles.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_MOMENT = (2022, 6, 1, 0, 0, 0)
_STALE = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'
_CALCULATED = '<calcPr calcId="191029"/>'
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def upper_case_parts(content: bytes) -> bytes:
    """Every part's name in capitals, the relations as they were."""
    return _renamed(content, str.upper)


def backslash_parts(content: bytes) -> bytes:
    """Names with backslashes, as an old library for .NET packs them."""
    return _renamed(content, lambda name: name.replace("/", "\\"))


def rooted_parts(content: bytes) -> bytes:
    """Names that begin at the root."""
    return _renamed(content, lambda name: f"/{name}")


def moved_styles(content: bytes) -> bytes:
    """The styles elsewhere, under another name; only the relation leads there."""
    renamed = _renamed(content, lambda name: "looks/Formats.xml" if name == _STYLES else name)
    return _edited(renamed, _RELATIONS, lambda xml: _put(xml, b'"styles.xml"', b'"../looks/formats.xml"'))


def moved_workbook(content: bytes) -> bytes:
    """The workbook itself under a name of its own, as a document server gives it."""
    names = {_WORKBOOK: "xl/workbook22.xml", _RELATIONS: "xl/_rels/workbook22.xml.rels"}
    renamed = _renamed(content, lambda name: names.get(name, name))
    return _edited(renamed, "_rels/.rels", lambda xml: _put(xml, b"xl/workbook.xml", b"xl/workbook22.xml"))


def strict(content: bytes) -> bytes:
    """As “Strict Open XML” saves it."""
    parts = {_OFFICE: b"http://purl.oclc.org/ooxml/officeDocument/relationships"}
    parts |= {_MAIN: b"http://purl.oclc.org/ooxml/spreadsheetml/main"}

    def translated(xml: bytes) -> bytes:
        for old, new in parts.items():
            xml = xml.replace(old, new)
        return xml

    for name in _names(content):
        content = _edited(content, name, translated)
    return content


def sheet_in_utf16(content: bytes) -> bytes:
    """The sheet in UTF-16."""
    return _edited(content, _SHEET, lambda xml: _declared(xml, "UTF-16").encode("utf-16"))


def sheet_in_gb2312(content: bytes) -> bytes:
    """The sheet in GB2312, and declared so."""
    return _edited(content, _SHEET, lambda xml: _declared(xml, "GB2312").encode("gb18030"))


def endless_format(content: bytes) -> bytes:
    """A number format of 12 KB, of which every part begins anew and none ends."""
    code = b'formatCode="%b"'
    return _edited(content, _STYLES, lambda xml: _put(xml, code % b"0.000", code % (b"[$" * 6000)))


def value_in_section(content: bytes) -> bytes:
    """The month in a CDATA section."""
    return _edited(content, _SHEET, lambda xml: _put(xml, b"<v>205</v>", b"<v><![CDATA[205]]></v>"))


def value_by_reference(content: bytes) -> bytes:
    """A digit of the month written as a reference to its character."""
    return _edited(content, _SHEET, lambda xml: _put(xml, b"<v>205</v>", b"<v>2&#48;5</v>"))


def spill_in_remark(content: bytes) -> bytes:
    """A formula in the remark that came to an error of Excel 365."""
    return _edited(content, _SHEET, lambda xml: _as_error(xml, b"#SPILL!"))


def busy_value(content: bytes) -> bytes:
    """A number that a service had not delivered when the file was saved."""
    return _edited(content, _SHEET, lambda xml: _as_error(xml, b"#BUSY!"))


def line_before(content: bytes) -> bytes:
    """A line feed that a web gateway has put before the file."""
    return b"\n" + content


def zero_to_be_calculated(content: bytes) -> bytes:
    """Every formula with the result 0, all to be calculated on opening, as XlsxWriter saves them."""
    return _with_results(content, b"0", _STALE)


def zero_result(content: bytes) -> bytes:
    """Every formula with the result 0, without a word that it is none."""
    return _with_results(content, b"0", _CALCULATED)


def old_result(content: bytes) -> bytes:
    """Every formula with the result it had last month: a library has filled in the cells it rests on."""
    return _with_results(content, b"606", _CALCULATED)


def result_to_be_calculated(content: bytes) -> bytes:
    """Every formula with the right result, and all to be calculated on opening."""
    return _with_results(content, b"811", _STALE)


def conditional_ten_thousands(content: bytes) -> bytes:
    """A conditional format that shows the month in ten thousands."""
    return _conditional(content, '<numFmt numFmtId="164" formatCode="0&quot;万&quot;"/>')


def conditional_strike(content: bytes) -> bytes:
    """A conditional format that strikes the month out."""
    return _conditional(content, "<font><strike/></font>")


def conditional_colour(content: bytes) -> bytes:
    """A conditional format that colours the month, beside one for percentages that no cell has."""
    fill = '<fill><patternFill><bgColor rgb="FFF8CBAD"/></patternFill></fill></dxf>'
    return _conditional(content, fill + '<dxf><numFmt numFmtId="0" formatCode="0.00%"/>')


def _conditional(content: bytes, look: str) -> bytes:
    """The look laid over the month's cell, behind those that are there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        known = archive.read(_STYLES)
    own = re.sub(rb"^.*<dxfs[^>/]*>|</dxfs>.*$", b"", known, flags=re.S) if b"</dxfs>" in known else b""
    looks = b"<dxfs>" + own + f"<dxf>{look}</dxf></dxfs>".encode()
    rest = re.sub(rb"<dxfs.*?</dxfs>|<dxfs[^>]*/>", b"", known, flags=re.S)
    rule = (
        f'<cfRule type="cellIs" dxfId="{own.count(b"<dxf>")}" priority="9" operator="greaterThan"><formula>0</formula>'
    )
    over = f'</sheetData><conditionalFormatting sqref="F6">{rule}</cfRule></conditionalFormatting>'.encode()
    laid = _edited(content, _SHEET, lambda xml: _put(xml, b"</sheetData>", over))
    return _edited(laid, _STYLES, lambda _: _put(rest, b"<tableStyles", looks + b"<tableStyles"))


def _with_results(content: bytes, result: bytes, calculation: str) -> bytes:
    cached = b"</f><v>" + result + b"</v>"
    filled = _edited(content, _SHEET, lambda xml: re.sub(rb"</f><v ?/?>(?:</v>)?", cached, xml))
    return _edited(filled, _WORKBOOK, lambda xml: re.sub(rb"<calcPr[^>]*>", calculation.encode(), xml))


def _as_error(xml: bytes, error: bytes) -> bytes:
    """The cell with the formula 999999 as one that came to an error."""
    start = xml.rindex(b"<c ", 0, xml.index(b"<f>999999</f>"))
    end = xml.index(b"</c>", start)
    cell = xml[start:end].replace(b"<c ", b'<c t="e" ', 1)
    return xml[:start] + cell[: cell.index(b"<v")] + b"<v>" + error + b"</v>" + xml[end:]


def _declared(xml: bytes, encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>' + xml.decode().split("?>")[-1]


def _put(xml: bytes, old: bytes, new: bytes) -> bytes:
    if old not in xml:
        raise LookupError(old)
    return xml.replace(old, new, 1)


def _names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def _renamed(content: bytes, rename: Callable[[str], str]) -> bytes:
    return _packed(content, rename, lambda _, part: part)


def _edited(content: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    return _packed(content, str, lambda part_name, part: edit(part) if part_name == name else part)


def _packed(content: bytes, rename: Callable[[str], str], edit: Callable[[str, bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(rename(name), _MOMENT)
            target.writestr(member, edit(name, source.read(name)), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
