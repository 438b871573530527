"""Mobile telephones in a folded text: in one piece or in the pieces people write them in.

The same digits may be an amount, the number of a document or of a house, a list of counts: what stands beside them
tells, and how they are parted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from minsheng.guard.digits import GAP
from minsheng.guard.labels import is_numbered

_ABROAD = r"(?:(?:(?:00?)?86|0|17951|12593)[\s()\-/]{0,3})?"
# In how many digits each piece is written.
_SHAPES = (
    *((3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 3, 5), (3, 5, 3), (5, 3, 3), (3, 2, 6), (3, 8), (7, 4), (8, 3), (4, 7)),
    *(
        (5, 6),
        (6, 5),
        (3, 4, 2, 2),
        (3, 2, 2, 4),
        (3, 2, 2, 2, 2),
        (3, 2, 3, 3),
        (3, 3, 3, 2),
        (1, 2, 4, 4),
        (2, 4, 5),
        (2, 5, 4),
        (3, 4, 3, 1),
        (1,) * 11,
    ),
    *((3, *(1,) * 8), (3, 4, *(1,) * 4), (1, 3, 3, 4)),
)
_FIRST = rf"(?=1(?:{GAP})?[3-9])"


def _in_pieces(shape: tuple[int, ...]) -> str:
    return GAP.join(rf"\d{{{length}}}" for length in shape)


# After a number: no digit, or more of its kind run together.
_END = r"(?=(?:\d{17}[\dXx])*+(?!\d)|(?:1[3-9]\d{9})*+(?!\d))"
_WHOLE = re.compile(rf"(?<!\d)(?<!\b0\.){_ABROAD}(1[3-9]\d{{9}}){_END}")
_PIECES = re.compile(rf"(?<!\d)(?={_ABROAD}({_FIRST}(?:{'|'.join(map(_in_pieces, _SHAPES))}))(?!\d))")

# Where a telephone is named its pieces may be of any length.
_NAMED = re.compile(rf"(?:电话|手机|联系方式|联系人)\D{{0,6}}(?<!\d)(1(?:{GAP})?[3-9](?:(?:{GAP})?\d){{9}})(?!\d)")

# What may be looked at before and after a number.
_REACH = 24
_CALLED = re.compile(r"(?:电话|手机|手机号码?|联系方式|号码|致电|拨打|tel|phone|mobile|微信)[^\w]{0,3}$", re.I)
_MONEY = re.compile(
    r"(?:[¥$€]|人民币|rmb|cny|金额|资金|投资|总额|总价|造价|产值|收入|支出|预算|拨款|经费|贷款|价款|合计|共计|总计|总量)"
    r"额?(?:\([千万亿]?元\))?[\s:(约共计为是达到了]{0,4}$",
    re.I,
)
_STREET = re.compile(r"(?:[路街道巷弄村组院区]|大道)\s?$")
# A code that letters begin: JY-150-2022-0531, HT2022-13800138000.
_CODE = re.compile(
    rf"(?<![A-Za-z&])(?=[A-Za-z0-9/-]{{1,{_REACH}}}$)([A-Za-z]+)[A-Za-z0-9]*+(?:[-/][A-Za-z0-9]+)*+[-/]?$"
)
_WORDS = frozenset(
    {
        "t",
        "tel",
        "tele",
        "phone",
        "telephone",
        "mobile",
        "mob",
        "m",
        "p",
        "call",
        "wx",
        "vx",
        "weixin",
        "wechat",
        "qq",
        "sj",
        "dh",
        "sjh",
        "mailto",
        "sms",
        "x",
        "h",
        "whatsapp",
    }
)
_MEASURED = re.compile(
    r"\s?[余多]?\s?(?:万?千?[元人户][次天]?(?![民员事大主口籍])|[千万亿百]+(?:[元人户名平公立吨个件]|人次)|元|人民币|人次"
    r"|平方|立方|公里|千米|公斤|千克|千瓦|吨|亩|斤|株|米|㎡|m[23²³]|k[gmw]|[%‰℃])",
    re.I,
)
_COUNTED = re.compile(r"\s?[余多]?\s?(?:[人户](?![民员事大主口籍])|[个名](?![人单字称])|[台套件辆盏棵份座场期批所])")
_HOUSE = re.compile(r"\s?(?:号(?!码)|室|栋|幢|单元|楼)")
_CENTS = re.compile(r"\.\d{2}(?!\d)")
_EACH = re.compile(r"(?:分别|依次|各|目标|任务|累计|完成|本月|年度)\D{0,8}$")
_OF_A_LIST = frozenset(",、;\n")
_SHAPES_OF_A_LIST = frozenset({(3, 4, 4), (3, 8), (7, 4)})
_MANY_PIECES = 5
_YEAR = re.compile(r"19[89]\d|20[0-3]\d")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_RUNS_OF_DIGITS = re.compile(r"\d+")
_GAPS = re.compile(r"\D+")
_LEADS = re.compile(r"\d(\D{1,6})$")
_FOLLOWS = re.compile(r"(\D{1,6})\d")
_DECIMALS = re.compile(r"\.\d")
_ADDRESS = re.compile(r"\bhttps?://\S++", re.I)


def phones(text: str) -> Iterator[str]:
    """The digits of every mobile telephone in a folded text."""
    text = _ADDRESS.sub(lambda found: " " * len(found[0]), text)
    starts: set[int] = set()
    for match in _matches(text):
        if match.start(1) not in starts:
            starts.add(match.start(1))
            yield _GAPS.sub("", match[1])


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Every telephone, its digits in the first group; one may come twice."""
    for match in _WHOLE.finditer(text):
        if not _is_other_number(text, *match.span()):
            yield match
    for match in _PIECES.finditer(text):
        start, end = match.start(), match.end(1)
        if _is_in_pieces(text, start, match.span(1)) and not _is_other_number(text, start, end):
            yield match
    yield from _NAMED.finditer(text)


def _is_other_number(text: str, start: int, end: int) -> bool:
    """Whether what stands beside the digits makes an amount or the number of a document of them."""
    before, after = text[max(start - _REACH, 0) : start], text[end : end + _REACH]
    if _CALLED.search(before):
        return False
    return (
        _MEASURED.match(after) is not None
        or _CENTS.match(after) is not None
        or _MONEY.search(before) is not None
        or is_numbered(text, start)
        or _is_in_code(before, after)
        or (before.rstrip()[-1:] in ("〕", "]", "】") and after.lstrip().startswith("号"))
    )


def _is_in_code(before: str, after: str) -> bool:
    """Whether letters begin what the digits are part of, unless they say that it is a telephone, or enclose them."""
    code = _CODE.search(before)
    is_enclosed = after[:1].isascii() and after[:1].isalpha()
    return code is not None and (is_enclosed or code[1].casefold() not in _WORDS)


def _is_in_pieces(text: str, start: int, span: tuple[int, int]) -> bool:
    """Whether pieces of a number are one telephone, not counts, a range, a decimal, a date or a longer code."""
    number = text[slice(*span)]
    pieces, marks = _RUNS_OF_DIGITS.findall(number), set(map(_mark, _GAPS.findall(number)))
    before, after = text[max(start - _REACH, 0) : start], text[span[1] : span[1] + _REACH]
    return not (
        _goes_on(len(pieces), marks, before, after)
        or _is_decimal(pieces, marks)
        or _is_dated(pieces, marks, before)
        or _is_listed(pieces, marks, before)
        or (len(pieces) == 2 and _is_pair(pieces, marks))
        or _COUNTED.match(after)
        or _HOUSE.match(after)
        or _STREET.search(before)
    )


def _mark(gap: str) -> str:
    """What parts two pieces, without the white space around it."""
    return gap.strip() or ("\n" if "\n" in gap else " ")


def _goes_on(piece_count: int, marks: set[str], before: str, after: str) -> bool:
    """Whether more digits go before or follow, parted by the same mark, so that this is a piece of something longer."""
    leads, follows = _LEADS.search(before), _FOLLOWS.match(after)
    beside = {_mark(found[1]) for found in (leads, follows) if found}
    may_stand_beside = {" ", "/"} if piece_count < _MANY_PIECES else set()
    is_decimal = _DECIMALS.match(after) is not None
    return is_decimal or bool(beside & (marks - may_stand_beside | {"-"}))


def _is_decimal(pieces: list[str], marks: set[str]) -> bool:
    """Whether a point makes a decimal of two pieces, or the address of a machine of four."""
    is_machine = len(pieces) == 4 and max(map(len, pieces)) == 3
    return "." in marks and (len(pieces) == 2 or is_machine or marks != {"."})


def _is_dated(pieces: list[str], marks: set[str], before: str) -> bool:
    """Whether one of the pieces is a day or, as in the numbers of documents, a year."""
    if any(map(_DAY.fullmatch, pieces)):
        return True
    may_be_document = marks <= {"-", "/", "."} and not _CALLED.search(before)
    return may_be_document and any(map(_YEAR.fullmatch, pieces))


def _is_listed(pieces: list[str], marks: set[str], before: str) -> bool:
    """Whether the pieces are counts, which stand in lists and lines, too."""
    if not marks <= _OF_A_LIST:
        return False
    shape = tuple(map(len, pieces))
    are_round = all(piece.endswith("00") and not piece.startswith("0") for piece in pieces[1:])
    return shape not in _SHAPES_OF_A_LIST or are_round or _EACH.search(before) is not None


def _is_pair(pieces: list[str], marks: set[str]) -> bool:
    """Whether two pieces are a fraction or, with round ends, a range: 15630/320000, 15000-160000."""
    is_range = marks <= {"-", "~"} and all(piece.endswith("00") for piece in pieces)
    return is_range or (len(pieces[0]) != 3 and not marks <= {" ", "-", "*", "\n"})
