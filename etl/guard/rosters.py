"""A list of persons, by its headings or by what looks like names beside a sex or an age."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from etl.form import label_key
from etl.reader.workbook import Grid, address

# Words that head a column of a list of persons; a report has none of them.
_HEADINGS = frozenset(
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


def rosters(grid: Grid) -> Iterator[str]:
    """The cells that head a list of persons, and the first name of one without headings."""
    yield from _unheaded(grid)
    for row, values in enumerate(grid.rows):
        for column in range(len(values)):
            if _is_heading(grid, row, column):
                yield address(row, column)


def _is_heading(grid: Grid, row: int, column: int) -> bool:
    value = grid.at(row, column)
    is_heading = isinstance(value, str) and label_key(value) in _HEADINGS
    return is_heading and bool(grid.text(row + 1, column).strip())


def _unheaded(grid: Grid) -> Iterator[str]:
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
