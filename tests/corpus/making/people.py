"""Personal data as units let it slip in. Every number is made up; none can belong to a person alive."""

from __future__ import annotations

import struct
import zlib

from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.corpus.making.book import Book
from tests.workbooks import present

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# Born 1900-01-01, in a district number that was never given out.
_PERSON = "41049919000101"
_NAMES = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "赵磊", "黄丽", "周涛", "吴敏", "徐强", "孙燕")
_TOWNS = ("马楼", "张良", "董周", "梁洼", "熊背", "辛集", "尧山", "赵村", "瓦屋", "下汤", "团城", "张店")
# Words for what a step, whose words are parted by spaces, cannot say.
_SEPARATORS = {"space": " ", "lines": "\n"}


def identity(order: int = 1) -> str:
    """An identity number with the right check digit."""
    stem = f"{_PERSON}{order:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True)) % 11
    return stem + "10X98765432"[rest]


def card() -> str:
    """A bank card number of 19 digits with the right check digit."""
    stem = "622202000000000000"
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(stem)))
    return stem + str(-sum(each - 9 if each > 9 else each for each in doubled) % 10)


def identity_in(book: Book, address: str, way: str = "plain") -> None:
    """An identity number in a cell: by itself, beside others or in a sentence, in many spellings, or as a number."""
    number, other = identity(order=3), identity(order=4)
    ways: dict[str, str | float] = {
        "plain": number,
        "wide": "".join(chr(ord(digit) + 0xFEE0) for digit in number),
        "spaced": f"{number[:6]} {number[6:14]} {number[14:]}",
        "sentence": f"受助儿童身份证号：{number}，已核对",
        "lower": _with_x().lower(),
        "old": f"{number[:6]}{number[8:17]}",
        "lines": f"1.{number}\n2.{other}",
        "beside": f"{number} {other}",
        "aged": f"{number} 62",
        "together": number + other,
        "unseen": "\u200b".join(number),
        "rounded": float(f"{number[:15]}000"),
    }
    book[address.replace("/", " ")].value = ways[way]


def card_in(book: Book, address: str) -> None:
    """A bank card number in a remark."""
    book[address.replace("/", " ")].value = f"补贴发放至 {card()}"


def roster(book: Book, state: str = "visible") -> None:
    """A sheet with one line a person: names and birthdays, no numbers."""
    sheet = book.workbook.create_sheet("名单")
    sheet.append(["序号", "姓名", "性别", "出生日期", "监护人", "家庭住址"])
    for number in range(1, 6):
        sheet.append([number, f"示例{number}", "女", "1900-01-01", f"示例{number}之父", "示例村"])
    sheet.sheet_state = state


def identity_sheet(book: Book, state: str = "hidden") -> None:
    """A sheet, out of sight, with identity numbers."""
    sheet = book.workbook.create_sheet("Sheet2")
    sheet.append(["证件号"])
    for order in range(1, 4):
        sheet.append([identity(order)])
    sheet.sheet_state = state


def identity_in_comment(book: Book) -> None:
    """An identity number in the comment of a cell."""
    book.first["P6"].comment = Comment(f"联系对象 {identity()}", "示例")


def identity_in_list(book: Book) -> None:
    """Identity numbers in a drop-down list."""
    rule = DataValidation(type="list", formula1=f'"{identity(1)},{identity(2)}"')
    rule.add("P6")
    book.first.add_data_validation(rule)


def identity_in_name(book: Book) -> None:
    """An identity number in a defined name."""
    book.workbook.defined_names["联系人"] = DefinedName("联系人", attr_text=f'"{identity()}"')


def identity_in_footer(book: Book) -> None:
    """An identity number in the footer."""
    present(book.first.oddFooter).center.text = f"经办人 {identity()}"


def identity_in_properties(book: Book) -> None:
    """An identity number in what the file says of itself."""
    book.workbook.properties.description = f"经办人 {identity()}"


def identity_in_link(book: Book) -> None:
    """An identity number in where a link leads, which the cell does not show."""
    book.first["P6"].value = "见佐证材料"
    book.first["P6"].hyperlink = f"https://example.org/{identity()}"


def picture(book: Book) -> None:
    """A picture of one white point pasted beside the table; the program that saves it writes what belongs to one."""
    image = Image.__new__(Image)  # its own way in would need a library for pictures, to know the size
    image.anchor, image.format, image.width, image.height = "R6", "png", 40, 40
    image._data = _white_point  # type: ignore[attr-defined]
    book.first.add_image(image)


def _white_point() -> bytes:
    """A PNG of one point."""
    head, point = struct.pack(">IIBBBBB", 1, 1, 1, 0, 0, 0, 0), zlib.compress(b"\0\xff")
    chunks = ((b"IHDR", head), (b"IDAT", point), (b"IEND", b""))
    made = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def identity_pieces(book: Book) -> None:
    """An identity number in three cells side by side."""
    number = identity()
    pieces(book, number[:6], number[6:14], number[14:])


def pieces(book: Book, *texts: str) -> None:
    """A number in pieces side by side, in the cells for words."""
    for field, text in zip(("issue", "evidence", "remark"), texts, strict=False):
        book[f"M03-01 {field}"].value = text


def names_in(book: Book, address: str, separator: str = "、") -> None:
    """Twelve names in one cell."""
    book[address.replace("/", " ")].value = _SEPARATORS.get(separator, separator).join(_NAMES)


def names_beside(book: Book, *beside: str) -> None:
    """A sheet without headings, of names beside a sex or an age."""
    sheet = book.workbook.create_sheet("附表")
    for number, name in enumerate(_NAMES, start=1):
        sheet.append([number, name, beside[number % len(beside)]])


def names_under(book: Book, heading: str) -> None:
    """A sheet with names under a heading."""
    sheet = book.workbook.create_sheet("附表")
    for value in (heading, *_NAMES[:3]):
        sheet.append([value])


def towns_beside(book: Book, *beside: str) -> None:
    """A sheet with a line a town, by its short name, beside a sex or an age."""
    sheet = book.workbook.create_sheet("各乡镇情况")
    sheet.append(["五月"])
    for number, name in enumerate(_TOWNS):
        sheet.append([name, beside[number % len(beside)], 120 + number])


def disability_in(book: Book, address: str) -> None:
    """The number of a disabled person's card: an identity number and two digits more."""
    book[address.replace("/", " ")].value = f"{identity()}43"


def names_in_comment(book: Book) -> None:
    """Names in the comment of a cell."""
    book.first["P6"].comment = Comment("、".join(_NAMES), "示例")


def _with_x() -> str:
    return next(number for number in map(identity, range(1, 200)) if number.endswith("X"))
