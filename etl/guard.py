"""Personal data stays out: what a report must not hold, looked for before anything of the file is stored.

Found are places, never contents: neither numbers nor names leave this module.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import PurePosixPath

from etl.form import Form, label_key
from etl.landing import PersonalData, Withheld
from etl.reader.features import RefusedError
from etl.reader.form import read_form
from etl.reader.labels import read_labels
from etl.reader.lexicon import Lexicon
from etl.reader.notes import notes
from etl.reader.numbers import CellValue, fold_width
from etl.reader.opening import open_grids
from etl.reader.reading import ReadCell, Reading
from etl.reader.workbook import Grid, address

# Kind, sheet and cell of one place: no sheet for the file's name and for a text without cells, no cell for a note.
_Place = tuple[str, str, str]
_MOST_NAMED = 20
_OUTSIDE_CELLS = "批注、页眉页脚、下拉列表、名称或属性"

# What has an inside that we do not read: a list of persons in it would not be found.
_OPAQUE = frozenset({"word", "pdf", "image", "archive", "encrypted", "macro", "too_large"})
_NAMELESS = frozenset({"personal_data", "word", "pdf", "image", "archive"})
# Words that head a column of a list of persons; a report has none of them.
_ROSTER_HEADINGS = frozenset(
    map(
        label_key,
        (
            *("姓名", "人员姓名", "学员姓名", "儿童姓名", "患者姓名", "产妇姓名", "户主", "户主姓名"),
            *("监护人", "监护人姓名", "身份证", "身份证号", "身份证号码", "公民身份号码", "证件号", "证件号码"),
            *("残疾证", "残疾证号", "残疾人证号", "出生日期", "出生年月", "出生年月日", "家庭住址"),
            *("手机号", "手机号码", "银行卡号", "银行账号", "社保卡号"),
        ),
    )
)
# A list of persons without headings: what looks like names, each beside a sex or an age. Villages are called 张庄, too.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易"
    "乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管"
)
_NAME = re.compile(rf"[{_SURNAMES}]\s*[一-鿿]?(?![村庄镇乡街组户校院所站园区])[一-鿿]")
_OF_ONE_PERSON = re.compile(r"[男女]|[0-9]{1,3}周?岁")
_FEWEST_PERSONS = 5
# Reporter, reviewer and their telephone: more contacts than a signature has are a list of persons.
_MOST_CONTACTS = 4
_LONG_ENOUGH = re.compile(r"(?:\d[\s.\-]?){10}\d")
_PARTED = re.compile(r"(?<=\d)[\s.\-](?=\d)")
_ID_18 = re.compile(r"(?<!\d)[1-8]\d{5}(\d{8})\d{3}[\dXx](?!\d)")
_ID_15 = re.compile(r"(?<!\d)[1-8]\d{5}(\d{6})\d{3}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)?86)?1[3-9]\d{9}(?!\d)")
_CARD = re.compile(r"(?<!\d)[3-69]\d{15,18}(?!\d)")
_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+?1[4-8]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_MARKUP = re.compile(r"<[^>]*>")
# What programs number documents by, and decimal numbers: their digits are nobody's.
_SERIAL = re.compile(
    r"\b[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}\b|(?<![^|])-?\d+\.\d+(?:[Ee]-?\d+)?(?![^|])"
)


def withhold(content: bytes | None, file_name: str, lexicon: Lexicon) -> Withheld | None:
    """Why this file must not be stored: it holds personal data, or nobody can look into it; None: it may be.

    ``content`` None: there is more of it than is read.
    """
    if content is None:
        return Withheld("too_large")
    grids, reading = open_grids(content)
    if reading in _OPAQUE or (reading != "ok" and _is_binary(content)):
        return Withheld(reading)
    try:
        found = [*_in_name(file_name), *_in_grids(grids, lexicon.forms[-1]), *_beside_cells(content, reading)]
    except RefusedError as refused:
        return Withheld(refused.reading)
    if not found:
        return None
    grouped = groupby(sorted(found, key=_kind_and_sheet), key=_kind_and_sheet)
    return Withheld(
        "personal_data",
        read_form(content, file_name, lexicon).period,
        tuple(PersonalData(kind, sheet, tuple(cell for *_, cell in places)) for (kind, sheet), places in grouped),
    )


def withheld_reading(withheld: Withheld) -> Reading:
    """What is known of a file whose bytes were not kept: its month, and the places to be cleared."""
    cells = tuple(
        ReadCell(one.sheet, one.cells[0] or None, None, "withheld", one.kind, "personal_data", text_value=_named(one))
        for one in withheld.found
    )
    return Reading(withheld.reading, period=withheld.period, cells=cells)


def storable_name(name: str) -> str:
    """The name of a file, folder or sheet as it may be kept: a person's number in it loses its digits."""
    return re.sub(r"\d", "*", name) if _text_kind(name) else name


def kept_name(file_name: str, withheld: Withheld | None) -> str:
    """What a file is called from now on: what holds persons' data or is no spreadsheet may be named after a person."""
    return unnamed(file_name) if withheld and withheld.reading in _NAMELESS else storable_name(file_name)


def unnamed(file_name: str) -> str:
    """What a file is called whose name is not kept."""
    path = PurePosixPath(file_name)
    return f"名称未保存-{hashlib.sha256(file_name.encode()).hexdigest()[:8]}{path.suffix[:5]}"


def _kind_and_sheet(place: _Place) -> tuple[str, str]:
    return place[:2]


def _named(data: PersonalData) -> str:
    """Where, in words: the cells, or what has none."""
    named = "、".join(filter(None, data.cells[:_MOST_NAMED])) or data.sheet or "文件名或正文"
    return f"{named} 等 {len(data.cells)} 处" if len(data.cells) > _MOST_NAMED else named


def _in_name(file_name: str) -> Iterator[_Place]:
    if kind := _text_kind(file_name):
        yield kind, "", ""


def _beside_cells(content: bytes, reading: str) -> Iterator[_Place]:
    """Whatever a workbook holds besides cells; all of a text that could not be opened. Raises RefusedError."""
    if reading != "ok":
        yield from _in_text(content)
        return
    for kind in {_text_kind(_SERIAL.sub("", text)) for text in notes(content)} - {None}:
        yield str(kind), _OUTSIDE_CELLS, ""


def _in_text(content: bytes) -> Iterator[_Place]:
    """A page or text that is no workbook, but is kept as received all the same."""
    if kind := _text_kind(_MARKUP.sub(" ", content.decode("utf-8", errors="ignore"))):
        yield kind, "", ""


def _is_binary(content: bytes) -> bool:
    return b"\0" in content


def _in_grids(grids: Sequence[Grid], form: Form) -> Iterator[_Place]:
    for number, grid in enumerate(grids, start=1):
        yield from _in_grid(grid, _sheet_name(grid, number, form), form)


def _sheet_name(grid: Grid, number: int, form: Form) -> str:
    """The form's own name of a sheet; any other may be a person's."""
    is_ours = any(label_key(grid.name) in sheet.keys for sheet in form.sheets)
    return grid.name if is_ours else f"第{number}张表"


def _in_grid(grid: Grid, name: str, form: Form) -> Iterator[_Place]:
    if kind := _text_kind(grid.name):
        yield kind, name, ""
    contacts = _contacts(grid, form)
    yield from (("roster", name, cell) for cell in _unheaded_rosters(grid))
    for row, values in enumerate(grid.rows):
        for column, value in enumerate(values):
            kind, cell = _kind(value), address(row, column)
            if kind and not (kind == "phone" and cell in contacts):
                yield kind, name, cell
            elif _heads_a_roster(grid, row, column):
                yield "roster", name, cell


def _contacts(grid: Grid, form: Form) -> frozenset[str]:
    """The cells of the signature line, where the reporter's own telephone belongs."""
    signed = list(read_labels(grid, form.signature, range(len(grid.rows))))
    phones = sum(_kind(found.value) == "phone" for found in signed)
    return frozenset(found.cell_ref for found in signed) if phones <= _MOST_CONTACTS else frozenset()


def _heads_a_roster(grid: Grid, row: int, column: int) -> bool:
    value = grid.at(row, column)
    is_heading = isinstance(value, str) and label_key(value) in _ROSTER_HEADINGS
    return is_heading and bool(grid.text(row + 1, column).strip())


def _unheaded_rosters(grid: Grid) -> Iterator[str]:
    """The first name of every column of names, none of which stands there often, as those of places do."""
    named: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for row, values in enumerate(grid.rows):
        texts = [value.strip() if isinstance(value, str) else "" for value in values]
        if any(map(_OF_ONE_PERSON.fullmatch, texts)):
            for column in (column for column, text in enumerate(texts) if _NAME.fullmatch(text)):
                named[column].append((texts[column], row))
    for column, names in named.items():
        distinct = len({name for name, _ in names})
        if distinct >= _FEWEST_PERSONS and 2 * distinct > len(names):
            yield address(names[0][1], column)


def _kind(value: CellValue) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _text_kind(value) if isinstance(value, str) else _number_kind(value)


def _text_kind(text: str) -> str | None:
    folded = fold_width(text).strip()
    if _ROUNDED.fullmatch(folded):
        return _number_kind(float(folded))
    if not _LONG_ENOUGH.search(folded):
        return None
    joined = _PARTED.sub("", folded)
    return next((kind for kind, is_in in _SEARCHES if is_in(joined)), None)


def _number_kind(value: int | float) -> str | None:
    """A number typed as such: a spreadsheet keeps 15 digits of it, so that no check digit can be relied on."""
    if not math.isfinite(value) or value != int(value):
        return None
    digits = f"{Decimal(f'{value:.15g}'):f}"
    if len(digits) == 11:
        return "phone" if _PHONE.fullmatch(digits) else None
    if len(digits) == 18 and _is_birth_date(digits[6:14]):
        return "id_number"
    return "card" if 16 <= len(digits) <= 19 else "id_number" if _has_id_15(digits) else None


def _has_id_18(text: str) -> bool:
    return any(_is_birth_date(match[1]) and _is_checked(match[0]) for match in _ID_18.finditer(text))


def _has_id_15(text: str) -> bool:
    return any(_is_birth_date("19" + match[1]) for match in _ID_15.finditer(text))


def _has_phone(text: str) -> bool:
    return _PHONE.search(text) is not None


def _has_card(text: str) -> bool:
    return any(_is_luhn(match[0]) for match in _CARD.finditer(text))


_SEARCHES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("id_number", _has_id_18),
    ("id_number", _has_id_15),
    ("card", _has_card),
    ("phone", _has_phone),
)


def _is_birth_date(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= 1900
    except ValueError:
        return False


def _is_checked(number: str) -> bool:
    """The check digit of GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return _ID_CHECKS[total % 11] == number[-1].upper()


def _is_luhn(number: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
