"""What becomes of a file on its way: not a spreadsheet at all, broken, packed, encrypted, wrongly encoded."""

from __future__ import annotations

import csv
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

_OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def truncated(content: bytes) -> bytes:
    """The connection broke half-way."""
    return content[: len(content) // 2]


def empty(_: bytes) -> bytes:
    """Nothing at all."""
    return b""


def random_bytes(_: bytes) -> bytes:
    """Noise."""
    return random.Random(2022).randbytes(4000)


def garbled(content: bytes) -> bytes:
    """Bytes in the middle overwritten, as a failing USB stick does."""
    middle = len(content) // 2
    return content[:middle] + bytes(200) + content[middle + 200 :]


def zipped(content: bytes) -> bytes:
    """The workbook in an archive."""
    return _zip({"报表.xlsx": content})


def word_document(_: bytes) -> bytes:
    """The table typed into Word."""
    body = "<w:document><w:body><w:p><w:r><w:t>M03-01 本月数 205</w:t></w:r></w:p></w:body></w:document>"
    return _zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": body.encode()})


def pdf(_: bytes) -> bytes:
    """The form printed."""
    return b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def flat_xml(_: bytes) -> bytes:
    """A workbook in one XML file."""
    spaces = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    kind = 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n\n<office:document {spaces} {kind}/>\n'.encode()


def jpeg(_: bytes) -> bytes:
    """The beginning of a photo."""
    return bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(300)


def with_macro(content: bytes) -> bytes:
    """A macro inside."""
    return _added(content, {"xl/vbaProject.bin": _OLE_HEADER + bytes(600)})


def with_embedded(content: bytes) -> bytes:
    """Another file inserted as an object."""
    return _added(content, {"xl/embeddings/oleObject1.bin": _OLE_HEADER + bytes(600)})


def encrypted_part(content: bytes) -> bytes:
    """A zip with a password."""
    changed = bytearray(_zip({"xl/workbook.xml": content}))
    changed[6] |= 1
    changed[changed.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def encrypted(content: bytes) -> bytes:
    """As Excel saves with a password: an OLE container with EncryptionInfo and EncryptedPackage, here of noise."""
    noise = random.Random(1).randbytes(max(4096, len(content) // 512 * 512))
    return _ole({"EncryptionInfo": struct.pack("<HHI", 4, 4, 0x40).ljust(4096, b" "), "EncryptedPackage": noise})


def bomb(content: bytes) -> bytes:
    """A sheet that unpacks to 300 MB."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(_member("xl/media/x.bin"), bytes(300 << 20), zipfile.ZIP_BZIP2)
    return stream.getvalue()


def endless_digits(content: bytes) -> bytes:
    """158 MB of digits in parts of which none is large, packed to a thousandth."""
    digits = b"1234567890" * 790_000
    return _added(content, {f"xl/notes/{number}.txt": digits for number in range(20)})


def html_table(_: bytes) -> bytes:
    """A web page that calls itself .xls, as many report systems export it."""
    cells = "".join(f"<td>{text}</td>" for text in ("M03-01", "窨井设施维护改造数", "个", 2032, 606, 205, 811))
    return f"<html><meta charset=utf-8><table><tr>{cells}</tr></table></html>".encode()


def replacement_character(content: bytes) -> bytes:
    """Once opened in the wrong encoding and saved: U+FFFD inside."""
    return content.decode().replace("窨井设施", "\ufffd\ufffd设施").encode()


def question_marks(content: bytes) -> bytes:
    """Saved by a program without Chinese: every character it does not know is a question mark."""
    return content.decode().encode("ascii", errors="replace")


def half_gb18030(content: bytes) -> bytes:
    """Two encodings in one file: neither decodes."""
    head, _, tail = content.decode().partition("\n")
    return head.encode("gb18030") + b"\xff\n" + tail.encode()


def semicolons(content: bytes) -> bytes:
    """Separated by ; as some regional settings save it."""
    return _rewritten(content, delimiter=";")


def tabs(content: bytes) -> bytes:
    """Separated by tabs."""
    return _rewritten(content, delimiter="\t")


def all_quoted(content: bytes) -> bytes:
    """Every field in quotes."""
    return _rewritten(content, quoting=csv.QUOTE_ALL)


def open_quote(content: bytes) -> bytes:
    """A quotation mark that is never closed."""
    return content.replace("窨井设施".encode(), '"窨井设施'.encode())


def shifted_field(content: bytes) -> bytes:
    """A thousands separator typed without quotes: the number falls into two fields."""
    return content.replace(b",811,", b",1,811,")


def trimmed(content: bytes) -> bytes:
    """Without what is empty at the end of a line, and without the last line's end."""
    lines = content.decode().splitlines()
    return "\n".join(line.rstrip(",") for line in lines).encode()


def trimmed_with_comma(content: bytes) -> bytes:
    """The same, and a thousands separator without quotes, after which the line is still complete."""
    return _changed_line(trimmed(content), lambda line: line.replace(",205,811", ",1,205,811"))


def trimmed_unevenly(content: bytes) -> bytes:
    """The same, and one line written out to its end."""
    return _changed_line(trimmed(content), lambda line: line + ",,,否", "M01-02")


def cut_within_a_number(content: bytes) -> bytes:
    """The upload ended within the last number of the last line."""
    whole = trimmed(content).decode()
    return whole[: whole.index(",205,811") + len(",205,81")].encode()


def _changed_line(content: bytes, change: Callable[[str], str], code: str = "M") -> bytes:
    lines = content.decode().split("\n")
    return "\n".join(change(line) if line.startswith(code) else line for line in lines).encode()


def without_heading(content: bytes) -> bytes:
    """The line of headings deleted."""
    return b"".join(line for line in content.splitlines(keepends=True) if "指标编码".encode() not in line)


def broken_sheet(content: bytes) -> bytes:
    """The XML of the first sheet ends in the middle."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    return _zip(parts | {"xl/worksheets/sheet1.xml": sheet[: len(sheet) * 2 // 3]})


def external_value(content: bytes) -> bytes:
    """The month taken from another file, with the value Excel last saw."""
    return _replaced(content, "xl/worksheets/sheet1.xml", b"<f>999999</f><v />", b"<f>[1]Sheet1!B2</f><v>205</v>")


def external_name(content: bytes) -> bytes:
    """As ``external_value``, through a name of the workbook's own."""
    sheet = _replaced(content, "xl/worksheets/sheet1.xml", b"<f>999999</f><v />", "<f>上月数</f><v>205</v>".encode())
    name = '<definedNames><definedName name="上月数">[1]Sheet1!$B$2</definedName>'
    return _replaced(sheet, "xl/workbook.xml", b"<definedNames>", name.encode())


def indirect_value(content: bytes) -> bytes:
    """As ``external_value``, the other file named in a text."""
    formula = '<f>INDIRECT("[4月.xlsx]填报!F6")</f><v>205</v>'
    return _replaced(content, "xl/worksheets/sheet1.xml", b"<f>999999</f><v />", formula.encode())


def error_value(content: bytes) -> bytes:
    """A formula that ended in an error, as Excel caches it."""
    return _retyped(content, b"#REF!")


def division_error(content: bytes) -> bytes:
    """As ``error_value``, divided by nothing."""
    return _retyped(content, b"#DIV/0!")


def _rewritten(content: bytes, **dialect: Any) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, **dialect).writerows(csv.reader(io.StringIO(content.decode(), newline="")))
    return stream.getvalue().encode()


def _retyped(content: bytes, error: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    end = sheet.index(b"<f>999999</f>")
    start = sheet.rindex(b"<c ", 0, end)
    old = sheet[start : sheet.index(b"</c>", end)]
    place = old[old.index(b'r="') : old.index(b" ", 4)]
    new = b"<c " + place + b' t="e"><f>999999</f><v>' + error + b"</v>"
    return _replaced(content, "xl/worksheets/sheet1.xml", old, new)


def _replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if old not in parts[part]:
        raise LookupError(f"{old!r} is not in {part}")
    return _zip(parts | {part: parts[part].replace(old, new)})


def _added(content: bytes, extra: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _zip(parts | extra)


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(_member(name), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (2022, 6, 1, 0, 0, 0))


def png(_: bytes) -> bytes:
    """A screenshot: one grey dot."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    )
    body = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def _ole(streams: dict[str, bytes]) -> bytes:
    """The smallest compound file that holds these streams of at least 4096 bytes: one FAT and one directory sector."""
    fat, body, entries = [_FAT, _END], b"", [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, data) in enumerate(streams.items(), start=1):
        count = -(-len(data) // _SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + count), _END]
        body += data.ljust(count * _SECTOR, b"\0")
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, first, len(data), right=right))
    if len(fat) > _SECTOR // 4:
        raise ValueError("one FAT sector is not enough")
    header = _OLE_HEADER + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    table = struct.pack(f"<{_SECTOR // 4}I", *fat, *[_FREE] * (_SECTOR // 4 - len(fat)))
    return header + table + b"".join(entries).ljust(_SECTOR, b"\0") + body


def _entry(name: str, kind: int, first: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(wide), kind, 1, _FREE, right, child)
    return wide.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", first, size)
