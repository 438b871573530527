"""Every other kind of file by its own name, told from its content."""

import gzip
import io
import json
import re
from pathlib import Path
from struct import pack
from zipfile import ZipFile

import pytest
import yaml

from minsheng.core.declarations import ROOT
from minsheng.spreadsheet.kinds import KINDS, BookReading, is_opaque
from tests.books import refuse_container
from tests.unit.parsing.saved import as_csv
from tests.unit.spreadsheet import binary
from tests.workbooks import as_bytes, manholes

ZIPPED = {
    ("OFD.xml", "Doc_0/Document.xml"): "ofd",
    ("uof.xml", "content.xml"): "uof",
    ("[Content_Types].xml", "word/document.xml"): "word",
    ("[Content_Types].xml", "word/document2.xml"): "word",
    ("[Content_Types].xml", "ppt/presentation.xml"): "presentation",
    ("Index/Document.iwa", "Index/Tables/Tile.iwa", "Metadata/BuildVersionHistory.plist"): "numbers",
    ("报表.numbers/Index.zip",): "numbers",
    ("Index/Document.iwa", "Index/Slide.iwa", "Index/Tables/Tile.iwa"): "iwork",
    ("Index/Document.iwa", "Metadata/BuildVersionHistory.plist"): "iwork",
    ("AndroidManifest.xml", "classes.dex"): "program",
    ("报表.xlsx", "说明.txt"): "archive",
    ("xl/workbook.xml", "xl/vbaProject.bin"): "macro",
    ("xl/workbook.xml", "xl/macrosheets/sheet1.xml"): "macro",
}
OF_MIME_TYPE = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-template": "odt",
    "application/vnd.oasis.opendocument.presentation": "presentation",
    "application/vnd.sun.xml.calc": "old_spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet": None,
    "application/vnd.oasis.opendocument.spreadsheet-template\n": None,
}
OLE = {
    "WordDocument": "word",
    "PowerPoint Document": "presentation",
    "__properties_version1.0": "email",
    "EncryptedPackage": "encrypted",
    "Catalog": "system_file",
    "Workbook": None,
    "Book": None,
    "VisioDocument": "not_a_workbook",
}
TEXTS = {
    "[InternetShortcut]\r\nURL=https://docs.qq.com/sheet/DABC\r\n": "link",
    "【腾讯文档】5月民生实事\nhttps://docs.qq.com/sheet/DABC": "link",
    "https://pan.baidu.com/s/1abc 提取码：1234": "link",
    '<?xml version="1.0"?><!DOCTYPE plist><plist version="1.0"><dict><key>URL</key><string>x</string></dict>': "link",
    '{"doc_id": "1", "email": ""}': "link",
    '{"code":401,"msg":"未登录"}': "json",
    "[1, 2]": "json",
    "From: a@example.com\nTo: b@example.com\n\n附件": "email",
    "Received: from x\n\tby y\nDate: 1\n\n": "email",
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://x\r\n": "mhtml",
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x": "mhtml",
    "<!-- a --> <HTML><table></table></html>": "html",
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>': "html",
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>': "xml",
    '<?xml version="1.0"?><d office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>': "flat_ods",
    '<?xml version="1.0"?><gnm:Workbook xmlns:gnm="http://www.gnumeric.org/v10.dtd"/>': "gnumeric",
    '<?xml version="1.0"?><uof:UOF xmlns:uof="http://schemas.uof.org/cn/2003/uof"/>': "uof",
    '<svg xmlns="http://www.w3.org/2000/svg"/>': "image",
    "<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>": "image",
    "ID;PWXL;N;E\r\n": "old_spreadsheet",
    ",张三,PC,2022/6/1 10:00,file:///home": "lock_file",
    "#!/bin/sh\n": "program",
    "{\\rtf1": "rtf",
    " \r\n\t": "empty_file",
    '<?xml version="1.0"?><data/>': "not_a_workbook",
}
BINARY = {
    b"": "empty_file",
    b"\0" * 5000: "empty_file",
    b"\xef\xbb\xbf": "empty_file",
    b"%PDF-1.7": "pdf",
    b"\xff\xd8\xff\xe0": "image",
    b"RIFF\0\0\0\0WEBPVP8 ": "image",
    b"\0\0\0\x20ftypheic": "image",
    b"\0\0\0\x20ftypisom": "media",
    b"#!AMR\n\0": "media",
    b"BM6\0\0\0": "image",
    b"MZ\x90\0\x03": "program",
    b"SQLite format 3\0": "database",
    b"\0\x01\0\0Standard ACE DB\0": "database",
    b"Rar!\x1a\x07": "archive",
    b"7z\xbc\xaf'\x1c": "archive",
    gzip.compress(b"x", mtime=0): "archive",
    gzip.compress(b'<gnm:Workbook xmlns:gnm="http://www.gnumeric.org/v10.dtd">', mtime=0): "gnumeric",
    b"L\0\0\0\x01\x14\x02\0": "link",
    b"\x09\x04\x06\x00\0\0": "old_spreadsheet",
    b"\x03\x7a\x05\x1f" + b"\0" * 60: "old_spreadsheet",
    b"\x05Admin".ljust(165, b" "): "lock_file",
    b"%TSD-Header-###%\0": "drm",
    b"\0\x05\x16\x07\0": "system_file",
    "<html>".encode("utf-16"): "html",
}


def zipped(*names: str, mime_type: str = "") -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        if mime_type:
            archive.writestr("mimetype", mime_type)
        for name in names:
            archive.writestr(name, b"x")
    return stream.getvalue()


@pytest.mark.parametrize(("names", "kind"), ZIPPED.items())
def test_a_package_is_known_by_its_parts(names: tuple[str, ...], kind: str) -> None:
    assert refuse_container(zipped(*names)) == kind


@pytest.mark.parametrize(("mime_type", "kind"), OF_MIME_TYPE.items())
def test_an_open_document_says_what_it_is(mime_type: str, kind: str | None) -> None:
    assert refuse_container(zipped("content.xml", mime_type=mime_type)) == kind


def test_a_package_encrypted_as_a_whole_is_encrypted() -> None:
    stream = io.BytesIO(zipped("encrypted-package"))
    with ZipFile(stream, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert refuse_container(stream.getvalue()) == "encrypted"


@pytest.mark.parametrize(("stream", "kind"), OLE.items())
def test_an_ole_file_is_known_by_what_lies_at_its_top(stream: str, kind: str | None) -> None:
    assert refuse_container(binary.compound(b"", stream)) == kind


def test_an_old_workbook_with_a_document_inside_is_a_workbook() -> None:
    content = binary.compound("WordDocument".encode("utf-16-le"), "Workbook")
    assert refuse_container(content) is None


@pytest.mark.parametrize(("text", "kind"), TEXTS.items())
def test_a_text_is_known_by_its_head(text: str, kind: str) -> None:
    assert refuse_container(text.encode()) == kind


@pytest.mark.parametrize(("content", "kind"), BINARY.items(), ids=lambda value: str(value)[:20])
def test_other_content_is_known_by_its_beginning(content: bytes, kind: str) -> None:
    assert refuse_container(content) == kind


@pytest.mark.parametrize(
    "head", ["MZ,BM,ID3\r\n", "BM\t1\r\n", "见 https://example.com\r\n" + "a,b\r\n" * 9, "{乙}\r\n"]
)
def test_a_csv_that_begins_like_something_else_is_a_csv(head: str) -> None:
    assert refuse_container(head.encode()) is None


def test_a_form_in_any_format_is_refused_by_none() -> None:
    assert refuse_container(as_bytes(manholes())) is refuse_container(as_csv(manholes())) is None


def test_json_that_is_nested_without_end_is_no_error_of_ours() -> None:
    assert refuse_container(b"[" * 100_000) is None
    assert refuse_container(json.dumps({"a": "x" * 9}).encode()) == "json"


def test_a_tree_of_names_that_bites_its_tail_ends() -> None:
    content = bytearray(binary.compound(b"", "WordDocument"))
    root = content.index("Root Entry".encode("utf-16-le"))
    content[root + 128 + 68 : root + 128 + 76] = pack("<LL", 1, 0)
    assert refuse_container(bytes(content)) == "word"


def test_every_kind_has_its_name_and_one_rule_and_what_has_an_inside_is_not_kept() -> None:
    sql = Path(ROOT / "sql/staging/stg_file_kind.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"^ +\('(\w+)', '", sql, re.M)) == KINDS | {"damaged", "empty_file"}
    rules = yaml.safe_load((ROOT / "expectations/rules/file.yaml").read_text(encoding="utf-8"))
    refused = [
        one for rule in rules if rule["expect"].get("column") == "reading" for one in rule["expect"]["value_set"]
    ]
    assert len(refused) == len(set(refused))
    assert set(refused) >= KINDS
    opaque: tuple[BookReading, ...] = ("pdf", "email", "mhtml", "numbers", "rtf", "archive")
    legible: tuple[BookReading, ...] = ("html", "xml", "json", "link", "damaged")
    assert (all(map(is_opaque, opaque)), any(map(is_opaque, legible))) == (True, False)
