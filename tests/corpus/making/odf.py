"""What programs other than LibreOffice make of an ods, and what hides in one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

_MOMENT = (2022, 6, 1, 0, 0, 0)
_MONTH = re.compile(r'<table:table-cell[^>]* office:value="205"[^>]*>')
_TABLE_ENDS = "</table:table>"
_ROW = (
    '<table:table-row><table:table-cell office:value-type="float" office:value="606"><text:p>606</text:p>'
    "</table:table-cell></table:table-row>"
)


def indented(content: bytes) -> bytes:
    """Every element on a line of its own."""
    return _edited(content, lambda xml: xml.replace("><", ">\n  <"))


def other_prefixes(content: bytes) -> bytes:
    """As Python's ElementTree writes it back: ns0, ns1 …"""
    renamed = re.compile(r"(?<=[<\s/])table:|(?<=xmlns:)table(?==)")
    return _edited(content, lambda xml: renamed.sub(lambda old: old[0].replace("table", "ns0"), xml))


def in_two_lines(content: bytes) -> bytes:
    """The month's number with a line break inside."""
    return _edited(content, lambda xml: _put(xml, "<text:p>205<", "<text:p>2<text:line-break/>05<"))


def struck_by_named_style(content: bytes) -> bytes:
    """The month's cell in a style of the user's own, which strikes out."""
    style = (
        '<style:style style:name="作废" style:family="table-cell" style:parent-style-name="Default">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style></office:styles>'
    )
    named = _edited(content, lambda xml: _put(xml, "</office:styles>", style), "styles.xml")
    return _edited(named, lambda xml: _MONTH.sub(lambda cell: _with_style(cell[0], "作废"), xml, count=1))


def ten_thousands_by_style(content: bytes) -> bytes:
    """The month's cell in a format that shows 205万, while the text beside it still says 205."""
    styles = (
        '<number:number-style style:name="N900"><number:number number:min-integer-digits="1"/>'
        '<number:text>万</number:text></number:number-style><style:style style:name="ce900" style:family="table-cell"'
        ' style:data-style-name="N900"/></office:automatic-styles>'
    )
    styled = _edited(content, lambda xml: _put(xml, "</office:automatic-styles>", styles))
    return _edited(styled, lambda xml: _MONTH.sub(lambda cell: _with_style(cell[0], "ce900"), xml, count=1))


def linked_sheet(content: bytes) -> bytes:
    """A sheet beside the form that is linked to last month's file."""
    source = '<table:table-source xlink:type="simple" xlink:href="../4月.ods" table:table-name="填报"/>'
    sheet = f'{_TABLE_ENDS}<table:table table:name="上月">{source}{_ROW}{_TABLE_ENDS}'
    return _edited(content, lambda xml: _put(xml, _TABLE_ENDS, sheet))


def linked_form(content: bytes) -> bytes:
    """The form itself is linked to another file."""
    source = '<table:table-source xlink:type="simple" xlink:href="../5月.ods" table:table-name="填报"/>'
    return _edited(content, lambda xml: re.sub(r"(<table:table [^>]*>)", rf"\1{source}", xml, count=1))


def linked_range(content: bytes) -> bytes:
    """The month's number is taken from another file."""
    source = (
        '<table:cell-range-source table:name="a" xlink:type="simple" xlink:href="../5月.ods" '
        'table:last-column-spanned="1" table:last-row-spanned="1"/>'
    )
    return _edited(content, lambda xml: _MONTH.sub(lambda cell: cell[0] + source, xml, count=1))


def with_dde_link(content: bytes) -> bytes:
    """What another program answered last is kept behind the sheets."""
    link = (
        '<table:dde-links><table:dde-link><office:dde-source office:dde-application="soffice" office:dde-topic="x" '
        f'office:dde-item="a"/><table:table>{_ROW}{_TABLE_ENDS}</table:dde-link></table:dde-links></office:spreadsheet>'
    )
    plain = re.compile(r"<table:dde-links>.*</table:dde-links>", re.S)
    return _edited(content, lambda xml: _put(plain.sub("", xml), "</office:spreadsheet>", link))


def zero_for_the_sum(content: bytes) -> bytes:
    """The sum is stored as 0, as a library writes it that does not calculate."""
    return _edited(
        content,
        lambda xml: re.sub(
            r'(table:formula="[^"]*"[^>]*office:value=")811("[^>]*><text:p>)811<', r"\g<1>0\g<2>0<", xml
        ),
    )


def _with_style(cell: str, name: str) -> str:
    return re.sub(r' table:style-name="[^"]*"', "", cell).replace(" office:", f' table:style-name="{name}" office:', 1)


def _put(xml: str, old: str, new: str) -> str:
    if old not in xml:
        raise LookupError(old)
    return xml.replace(old, new, 1)


def _edited(content: bytes, edit: Callable[[str], str], part: str = "content.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            old = source.read(member)
            new = edit(old.decode()).encode() if member.filename == part else old
            if member.filename == part and new == old:
                raise LookupError(part)
            target.writestr(zipfile.ZipInfo(member.filename, _MOMENT), new)
    return stream.getvalue()
