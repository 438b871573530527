"""Workbooks in the two binary formats, record by record: no library here writes them."""

import io
from collections.abc import Iterable, Sequence
from struct import pack
from zipfile import ZipFile

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.bin"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)

Record = tuple[int, bytes]
Area = tuple[int, int, int, int]


def number(row: int, column: int, value: float, style: int = 0) -> Record:
    return 0x203, pack("<HHHd", row, column, style, value)


def error(row: int, column: int) -> Record:
    return 0x205, pack("<HHHBB", row, column, 0, 7, 1)


# What stands in place of a formula's number: a text, which follows, or nothing at all.
TEXT_FOLLOWS, NOTHING = b"\x00" * 6 + b"\xff\xff", b"\x03" + b"\x00" * 5 + b"\xff\xff"
# The user that LibreOffice names.
BY_LIBREOFFICE: Record = (0x5C, b"\x04\x00\x00" + b"Calc".ljust(109))


def formula(
    row: int, column: int, value: float | bytes | None, tokens: bytes = b"\x17\x00", style: int = 0, flags: int = 0
) -> Record:
    """``value`` None: the result is an error; ``tokens``: an empty text, or whatever else nobody calculates here."""
    error = b"\x02\x00\x07\x00\x00\x00\xff\xff"
    result = value if isinstance(value, bytes) else error if value is None else pack("<d", value)
    return 0x06, pack("<HHH", row, column, style) + result + pack("<HLH", flags, 0, len(tokens)) + tokens


def text_of_formula(text: str) -> Record:
    return 0x207, pack("<HB", len(text), 1) + text.encode("utf-16-le")


def xls(records: Iterable[Record], formats: Iterable[str] = (), books: Iterable[Record] = ()) -> bytes:
    """One sheet. Style 0 is plain, 1 the built-in 0%, 2 and so on show by ``formats``."""
    codes = list(formats)
    styles = [0, 9, *range(164, 164 + len(codes))]
    globals_before = [_begin(5)]
    globals_before += [
        (0x41E, pack("<HHB", 164 + i, len(code), 1) + code.encode("utf-16-le")) for i, code in enumerate(codes)
    ]
    globals_before += [(0xE0, pack("<HH16x", 0, style)) for style in styles]
    name = "填报"
    after = _joined([*books, (0x0A, b"")])
    before = _joined(globals_before)
    bound = pack("<LBBBB", len(before) + 4 + 8 + 2 * len(name) + len(after), 0, 0, len(name), 1) + name.encode(
        "utf-16-le"
    )
    return compound(before + _joined([(0x85, bound)]) + after + _joined([_begin(0x10), *records, (0x0A, b"")]))


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """An OLE file with one stream, which is made long enough to lie outside the mini stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    chain = [_FAT, _END, *range(3, 2 + sectors), _END]
    fat = b"".join(pack("<L", one) for one in chain).ljust(_SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + pack("<16x5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += pack("<9L", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + pack("<L", 0) + b"\xff" * 4 * 108
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry(name, 2, 2, len(stream))
    return header + fat + directory.ljust(_SECTOR, b"\0") + stream.ljust(sectors * _SECTOR, b"\0")


def xlsb(
    rows: Iterable[tuple[int, int, Iterable[tuple[int, int | None, int, bytes]]]],
    formats: Iterable[str] = (),
    texts: Iterable[bytes] = (),
    fonts: Iterable[tuple[int, int]] = ((0, 0),),
    merged: Iterable[Area] = (),
    conditional: Iterable[tuple[Sequence[Area], bytes]] = (),
    calculation: int | None = None,
    sheet_calculation: int | None = None,
    from_1904: int = 0,
) -> bytes:
    """One sheet of rows: number, flags (0x10 is hidden) and cells, each kind, column (None: left out), style and value.

    ``texts``: the shared ones, see ``rich``; ``fonts``: flags and 1 for raised; the last is that of the last style.
    ``merged``: first and last row, first and last column; ``conditional``: areas, and the one property of their look;
    ``calculation`` and ``sheet_calculation``: flags that say what is still to be calculated.
    """
    codes, looks, shared = list(formats), list(fonts), list(texts)
    sheet = [(129, b""), (148, pack("<4L", 0, 9, 0, 9)), (145, b"")]
    for row, flags, cells in rows:
        sheet.append((0, pack("<LLHBB5x", row, 0, 300, 0, flags)))
        for kind, column, style, value in cells:
            sheet.append((kind, (b"" if column is None else pack("<L", column)) + pack("<L", style) + value))
    rules = list(conditional)
    sheet += [(146, b""), *((663, bytes([one])) for one in (sheet_calculation,) if one is not None)]
    sheet += [(176, pack("<4L", *area)) for area in merged]
    for number, (areas, _) in enumerate(rules):
        sheet.append((461, pack("<3L", 1, 0, len(areas)) + b"".join(pack("<4L", *area) for area in areas)))
        sheet += [(463, pack("<4L", 2, 7, number, 1)), (464, b""), (462, b"")]
    sheet.append((130, b""))
    shown = (0, 9, *range(164, 164 + len(codes)))
    styles = [(615, pack("<L", len(codes))), *((44, pack("<H", 164 + i) + _wide(code)) for i, code in enumerate(codes))]
    styles += [(626, pack("<L", 1)), (47, pack("<HH12x", 0xFFFF, 9)), (627, b""), (617, pack("<L", len(shown)))]
    styles += [
        *((47, pack("<HH12x", 0, one)) for one in shown),
        (47, pack("<HHH10x", 0, 0, len(looks) - 1)),
        (618, b""),
    ]
    styles += [(43, pack("<4H", 220, flags, 400, raised)) for flags, raised in looks]
    styles += [(507, pack("<3H", 0, 0, 1) + look) for _, look in rules]
    strings = [(159, pack("<LL", len(shared), len(shared))), *((19, text) for text in shared), (160, b"")]
    book = [
        (131, b""),
        (153, pack("<L", from_1904)),
        (143, b""),
        (156, pack("<LL", 0, 1) + _wide("rId1") + _wide("填报")),
        (144, b""),
    ]
    book += [(157, bytes(24) + pack("<H", one)) for one in (calculation,) if one is not None]
    book.append((132, b""))
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("xl/_rels/workbook.bin.rels", _RELATIONS)
        for part, records in (
            *(("workbook", book), ("styles", styles)),
            *(("sharedStrings", strings), ("worksheets/sheet1", sheet)),
        ):
            archive.writestr(f"xl/{part}.bin", b"".join(_seven(kind, len(body)) + body for kind, body in records))
    return stream.getvalue()


def rich(text: str, *runs: tuple[int, int]) -> bytes:
    """A shared text of xlsb: the first character and the font of every run."""
    return b"\x01" + _wide(text) + pack("<L", len(runs)) + _run_list(runs)


def rich_in_xls(text: str, *runs: tuple[int, int], wide: int = 1) -> bytes:
    """A shared text of xls, with the phonetic guide that Excel keeps behind texts in Chinese."""
    letters = text.encode("utf-16-le" if wide else "latin-1")
    return pack("<HBHL", len(text), 0x0C | wide, len(runs), 5) + letters + _run_list(runs) + b"guide"


def _run_list(runs: Iterable[tuple[int, int]]) -> bytes:
    return b"".join(pack("<HH", *run) for run in runs)


def _begin(kind: int) -> Record:
    return 0x809, pack("<HH12x", 0x0600, kind)


def _joined(records: Iterable[Record]) -> bytes:
    return b"".join(pack("<HH", kind, len(body)) + body for kind, body in records)


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + pack("<HBB3L", len(text) + 2, kind, 1, _FREE, _FREE, child)
    return head + pack("<36xLQ", start, size)


def _wide(text: str) -> bytes:
    return pack("<L", len(text)) + text.encode("utf-16-le")


def _seven(kind: int, length: int) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + (bytes([length]) if length < 0x80 else bytes([length & 0x7F | 0x80, length >> 7]))
