"""The page that explains every key of a plan's files, made from their contracts: ``docs/generated/plan.md``.

Made again by ``make docs``; a test holds it current.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from minsheng.core.contracts import Shape, lineage, literal_in, model_in
from minsheng.core.declarations import ROOT
from minsheng.mail.contacts import Contacts
from minsheng.plan.indicators import Item
from minsheng.plan.models import Calendar, CalendarFile, Closure, Erratum, OpeningValue, PlanHeader, Reading, Waiver
from minsheng.plan.units import Register, Unit
from minsheng.words.chinese import words_of
from minsheng.words.keys import explained

PAGE = ROOT / "docs" / "generated" / "plan.md"
_HEAD = """# 方案文件的键

由 `make docs` 从 `etl/minsheng/plan/` 和 `etl/minsheng/words/keys.zh.yaml` 生成，请勿手改。
怎样一步一步新建方案，见 [plans/README.md](../../plans/README.md)。

- 没有写到的键都会被退回，并指出文件、行号和可能的本意。
- 数量写基本单位（31400），比率写小数（0.6）。
- 还不知道的写“待定”，`minsheng plan check` 会逐处列出；确实没有的才写 `null`。
- “不写时”一栏为“必填”的必须写。
- 代码以大写字母开头，只含大写字母、数字和“-”，如 RSJ、M01-01；规则代码如 H04，勘误编号如 E01。
"""


@dataclass(frozen=True)
class PlanFile:
    """A kind of file: ``is_list``: it is a list of entries, each with these keys."""

    name: str
    contract: type[BaseModel]
    purpose: str
    is_list: bool = False


FILES = (
    PlanFile("plan.yaml", PlanHeader, "方案总表：名称、文号、年度、报送时间、亮灯界限。"),
    PlanFile("items/*.yaml", Item, "每个项目一个文件：原文、责任单位、指标。"),
    PlanFile("units.yaml", Unit, "责任单位。", is_list=True),
    PlanFile("registers/*.yaml", Register, "名录：街道、社区、行政村等，一个文件一份。没有名录的，没有这个文件夹。"),
    PlanFile("calendar.yaml", CalendarFile, "节假日和调休：用哪几年的全国安排，本县另有哪些。"),
    PlanFile("calendars/*.yaml", Calendar, "一年的全国放假和调休，与各方案文件夹并列，各县共用。"),
    PlanFile("readings.yaml", Reading, "方案没有写明、暂定的理解，以及要问谁。没有的写 `[]`。", is_list=True),
    PlanFile("waivers.yaml", Waiver, "规则豁免。可以没有这个文件。", is_list=True),
    PlanFile("closures.yaml", Closure, "销号。可以没有这个文件。", is_list=True),
    PlanFile("errata.yaml", Erratum, "方案勘误。可以没有这个文件。", is_list=True),
    PlanFile("opening.yaml", OpeningValue, "年中才开始的县：开始以前的累计数。可以没有这个文件。", is_list=True),
    PlanFile("<县>.yaml", Contacts, "通讯录。不在方案文件夹里，位置由 `MINSHENG_CONTACTS` 指定。"),
)


def page() -> str:
    """The whole page: a chapter a file, a table each for its own keys and for what is nested in it."""
    return "\n".join([_HEAD, *(line for file in FILES for line in _chapter(file))])


def _chapter(file: PlanFile) -> Iterator[str]:
    yield f"## `{file.name}`\n"
    yield f"{file.purpose}{'整个文件是一个列表，每条以“- ”开头，有这些键：' if file.is_list else ''}\n"
    shown: dict[type[BaseModel], str] = {}
    yield from _tables(file.contract, "", shown)


def _tables(model: type[BaseModel], path: str, shown: dict[type[BaseModel], str]) -> Iterator[str]:
    """The table of a class, then those of what is nested in it, each once a file."""
    shown[model] = path
    nested = {name: inner for name, field in model.model_fields.items() if (inner := model_in(field.annotation))}
    if path:
        yield f"### `{path}`\n"
    yield "| 键 | 含义 | 写什么 | 不写时 |\n|---|---|---|---|"
    for name, field in model.model_fields.items():
        yield _line(model, name, field, shown.get(nested[name]) if name in nested else None)
    yield ""
    for name, inner in nested.items():
        if inner not in shown:
            yield from _tables(inner, f"{path}.{name}".removeprefix("."), shown)


def _line(model: type[BaseModel], name: str, field: FieldInfo, known_as: str | None) -> str:
    same = f"，键同 `{known_as}`" if known_as else ""
    written = f"{in_words(field.annotation, field.metadata)}{same}"
    return f"| `{name}` | {explained(lineage(model), name)} | {written} | {_default(field)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "必填"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return "各项的默认值"
    if value is None or value in ((), "", {}):
        return "没有"
    return f"`{value if isinstance(value, str | Decimal) else json.dumps(value)}`"


def in_words(annotation: Any, metadata: list[Any]) -> str:
    """What is to be written, by the type of a field and what else its contract asks of it."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return in_words(inner, [*metadata, *more])
    if shape := next((one.func for one in metadata if _has_shape(one)), None):
        return str(shape.expected).partition("：")[0]
    return _of_several(annotation, metadata) or _coded(annotation) or _plain(annotation, metadata)


def _of_several(annotation: Any, metadata: list[Any]) -> str | None:
    """A list, a mapping, or what may be null."""
    parts = get_args(annotation)
    if get_origin(annotation) is tuple:
        return f"列表，每项为{in_words(parts[0], [])}"
    if get_origin(annotation) is dict:
        return f"若干“键: 值”，键为{in_words(parts[0], [])}；值为{in_words(parts[1], [])}"
    if type(None) in parts:
        (known,) = (part for part in parts if part is not type(None))
        return f"{in_words(known, metadata)}；或 `null`"
    return None


def _coded(annotation: Any) -> str:
    codes = literal_in(annotation)
    words = words_of(codes)
    return "、".join(f"`{code}` {words.get(code, '')}".strip() for code in codes)


def _plain(annotation: Any, metadata: list[Any]) -> str:
    if model_in(annotation):
        return "若干“键: 值”"
    said = {
        bool: "`true` 或 `false`",
        int: "整数",
        Decimal: "数字",
        date: "日期，如 2022-12-31",
        time: "时刻，如 18:00",
    }
    return f"{said.get(annotation, '文字')}{''.join(map(_bound, metadata))}"


def _bound(bound: object) -> str:
    match bound:
        case Ge():
            return f"，不小于 {bound.ge}"
        case Gt():
            return f"，大于 {bound.gt}"
        case Le():
            return f"，不大于 {bound.le}"
        case _:
            return ""


def _has_shape(constraint: object) -> bool:
    return isinstance(constraint, AfterValidator) and isinstance(constraint.func, Shape)
