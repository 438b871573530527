"""Persons told of in words: names that make a list, somebody's sex, age, birthday or home, how somebody is reached.

One name alone is nobody's secret, and officials are named in their office; it is a name beside what only a person
has that is looked for, or words that say a person's data follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from minsheng.core.text import remembered
from minsheng.guard.digits import folded
from minsheng.guard.persons import Places, name_pattern, runs_of_names, together

_FEWEST_NAMES = 5
_SHORTEST = 4
_HAN = "一-鿿"
_APART = r"[\s,、;:()\[\]/|\-.]"
# An age; not that of a group: 60岁以上, 0-6岁儿童.
_AGE = (
    r"(?:年龄:?|现年|今年)?\s?\d{1,3}\s?周?岁"
    r"(?!\s*(?:[以及至到~\-含组段老儿的人女男群居妇未上下内患学青]|\(含|\d))"
)
_SEX = r"[男女](?:性|孩|童|士)?"
_SEX_ALONE = rf"{_SEX}(?![{_HAN}])"
_BIRTHDAY = (
    r"(?:19[1-9]\d|20[01]\d)(?:年\d{1,2}月(?:\d{1,2}日)?|[-./]\d{1,2}[-./]\d{1,2}(?!\d)|(?:0[1-9]|1[0-2])[0-3]\d(?!\d))"
)
_NAMED = (
    r"(?:姓名|名字|户主|患者|受益人|受助人|监护人|家长|父亲|母亲|配偶|学员|学生|产妇|孕妇|老人|儿童|残疾人|申请人|当事人"
    r"|领取人|就诊人|参保人)"
    r"(?:姓名|名字)?:\s?"
)
# Who is spoken of as a case, and a surname that is hardly anything else.
_SPOKEN_OF = (
    r"(?:患者|学员|户主|孕妇|产妇|受益人|残疾人|申请人|监护人|家长|老人|儿童|低保户|贫困户|脱贫户|救助对象)"
    rf"(?P<name>[王李张刘陈杨赵吴孙朱郭梁宋郑韩冯邓曹袁潘蒋蔡魏薛阎][{_HAN}]{{1,2}}?)(?=[,。;、()\s]|$|已|因|于|等)"
)
_COUNT = r"[\d一二三四五六七八九十]{1,3}"
_VILLAGE_HOUSE = rf"(?:[村庄]|社区)[^,。;\s]{{0,6}}?(?:第?{_COUNT}组)\s?\d{{1,4}}号(?![楼井杆路线塘桩灯池泵变台渠坝桥])"
# 501, 1203: a floor and a door; 120户 are counted.
_DOOR = r"(?:\d{3,4}(?:室|号(?!线)|(?=[,。;、)\s]|$))|\d{1,2}0[1-9]户)"
_FLAT = (
    rf"\d{{1,3}}号?[楼栋幢座]\s?[\d一二三四五六]{{1,2}}单元\s?(?:\d{{1,2}}[楼层])?{_DOOR}"
    rf"|小区\d{{1,3}}(?:号?[楼栋幢座]|-\d{{1,2}}-){_DOOR}"
)
_HOME = (
    r"(?:家庭住址|家庭地址|现?住址|户籍地址|居住地址|户籍所在地)(?:[:为]|是)\s?[^,。;\s]{3,40}"
    r"|(?:家住|现住|住在)[^,。;\s]{2,30}?(?:\d{1,4}号|[组室]|村民组)"
)
_BORN = (
    r"(?:出生日期|出生年月日?|生日|生于)[:为是]?\s?(?:19|20)\d\d"
    rf"|{_BIRTHDAY}(?:出生(?![人儿婴的])|生(?![产效成态活长育物源意])(?=[,。;、)\s]|$))"
)
_ADDRESS = (
    rf"[{_HAN}\d]{{1,14}}?"
    rf"(?:(?:[村庄]|社区)[^,。;\s]{{0,5}}?{_COUNT}[组队]|[村庄路街巷]\d{{1,4}}号(?![楼线杆路井]))"
)
_E_MAIL = r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9_.+\-]{1,40}@[A-Za-z0-9\-]{1,40}(?:\.[A-Za-z0-9\-]{2,20}){1,3}"
_LANDLINE = r"(?<![\d\-])\(?0\d{2,3}\)?[\s\-]?[2-8]\d{6,7}(?!\d)"
_ACCOUNT = re.compile(
    r"(?<![群号])(?:qq|扣扣)(?:号码?|帐号|账号)?[\s:是为]{0,3}[1-9]\d{4,10}(?![\d年月个人万元户])"
    r"|(?:微信|weixin|wechat|\b[wv]x|[v微]信)(?:号码?|id|帐号|账号)?[\s:是为]{0,3}"
    r"(?<=[\s:是为号d])(?:[a-z][a-z0-9_\-]{5,19}|[1-9]\d{5,10}(?![\d年月个人万元户]))(?![a-z0-9_])",
    re.I,
)
_DOCUMENT = re.compile(
    r"(?:护照|通行证|台胞证|回乡证|居住证|军官证|士兵证|警官证|驾驶证|驾照|户口[簿本]|社保卡|社会保障卡|医保卡"
    r"|出生(?:医学)?证明?|残疾人?证|一卡通|学籍)"
    r"(?:号码?|编号|帐号|账号|证号)?[\s:是为]{0,3}(?:no\.?|[军士]?字第)?\s?[a-z]{0,4}\d{6,20}(?!\d|\s?[张个本人户份件万余套元次])",
    re.I,
)
# A passport or permit: letters and seven digits or more.
_PERMIT = r"(?:[EGDPSHM]\d{8}|[EGDPS][A-Z]\d{7}|[HM]\d{10})(?![\dA-Za-z])"


def kind_told(text: str, known: Places) -> str | None:
    """``document``, ``contact``, ``home`` or ``roster`` if a text tells so much of a person, the first; else None."""
    return _kind_told(text, known) if len(text) >= _SHORTEST else None


@remembered
def _kind_told(text: str, known: Places) -> str | None:
    return next(_kinds(together(folded(text)), known), None)


def _kinds(text: str, known: Places) -> Iterator[str]:
    if _DOCUMENT.search(text) or _is_beside_name(_permits(), text, known):
        yield "document"
    if _ACCOUNT.search(text) or any(_is_beside_name(one, text, known) for one in _reached()):
        yield "contact"
    if _home().search(text) or _is_beside_name(_addresses(), text, known):
        yield "home"
    if any(_is_beside_name(one, text, known) for one in _described()):
        yield "roster"
    lists = (*runs_of_names(text, known), (match["name"] for match in _sexes().finditer(text)))
    if any(known.are_persons(names, _FEWEST_NAMES) for names in lists):
        yield "roster"


def _is_beside_name(pattern: re.Pattern[str], text: str, known: Places) -> bool:
    return any(known.is_person(match["name"]) for match in pattern.finditer(text))


@cache
def _home() -> re.Pattern[str]:
    return re.compile("|".join((_HOME, _BORN, _FLAT, _VILLAGE_HOUSE)))


@cache
def _permits() -> re.Pattern[str]:
    return re.compile(_behind_name(_PERMIT))


@cache
def _addresses() -> re.Pattern[str]:
    return re.compile(_behind_name(_ADDRESS))


@cache
def _sexes() -> re.Pattern[str]:
    return re.compile(_behind_name(_SEX_ALONE))


def _behind_name(what: str) -> str:
    """The regular expression of a name and this behind it."""
    return rf"{name_pattern()}{_APART}{{1,3}}(?:{what})"


@cache
def _reached() -> tuple[re.Pattern[str], ...]:
    """A name beside an office's telephone or an e-mail, on either side."""
    words = r"(?:的?(?:办公|联系|固定)?电话|座机|tel|的?邮箱|的?电子邮箱|e-?mail)?"
    ways = f"{_E_MAIL}|{_LANDLINE}"
    return (
        re.compile(rf"{name_pattern()}{_APART}{{0,3}}{words}{_APART}{{0,3}}(?:{ways})", re.I),
        re.compile(rf"(?:{ways}){_APART}{{1,3}}{name_pattern()}(?![{_HAN}])", re.I),
    )


@cache
def _described() -> tuple[re.Pattern[str], ...]:
    """A name with what only a person has: sex and more, an age, a birthday; and what is said to be a name."""
    more = rf"(?:{_AGE}|{_BIRTHDAY}|[{_HAN}]{{1,2}}族|身份|住|电话|手机|生于|患|系|家)"
    return (
        re.compile(rf"{name_pattern()}{_APART}{{1,3}}{_SEX}{_APART}{{0,3}}{more}"),
        re.compile(rf"{name_pattern()}{_APART}{{0,3}}{_AGE}"),
        re.compile(rf"{name_pattern()}{_APART}{{1,3}}{_BIRTHDAY}"),
        re.compile(rf"{name_pattern()}(?:家住|现住)"),
        re.compile(_SPOKEN_OF),
        re.compile(rf"{_NAMED}(?<=[:\s]){name_pattern()}(?![{_HAN}])"),
    )
