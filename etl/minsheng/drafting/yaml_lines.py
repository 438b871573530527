"""YAML as a person would write it: what is 待定 has what belongs there beside it, a code its word, a guess says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from minsheng.core.contracts import lineage, literal_in, model_in
from minsheng.plan.left_open import LEFT_OPEN
from minsheng.words.chinese import words_of
from minsheng.words.keys import explained

# Text that means itself without quotes, whatever stands around it.
_PLAIN = re.compile(r"[A-Za-z\u3007\u4e00-\u9fff〔《“][\w\u4e00-\u9fff〔〕《》“”（）、，。；：·/.@+-]*")
_MONTH = re.compile(r"\d{4}-\d{2}")
_MISREAD = re.compile(r"(?i)null|true|false|yes|no|on|off|[\d.:eE+-]+")
_LONG, _PIECE = 90, 60


@dataclass(frozen=True)
class Noted:
    """A value with something to be said beside it."""

    value: object
    note: str


def guessed(value: object) -> Noted:
    """A value that was concluded, and that somebody has to look at."""
    return Noted(value, "推定，请核对")


def mapping(model: type[BaseModel], data: Mapping[str, object], *, depth: int = 0, with_all: bool = False) -> list[str]:
    """The keys of a class with their values, a line each; ``with_all``: every key is explained, not only open ones."""
    return [line for key, value in data.items() for line in _entry(model, key, value, depth, with_all)]


def listing(model: type[BaseModel], entries: Iterable[Mapping[str, object]], *, depth: int = 0) -> list[str]:
    """A list of such, the first line of each with its dash."""
    lines: list[str] = []
    for entry in entries:
        first, *more = mapping(model, entry, depth=depth + 1)
        pad = "  " * depth
        lines += [f"{pad}- {first.lstrip()}", *more]
    return lines


def scalar(value: object) -> str:
    """A value as YAML 1.2 reads it back."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, int | date):
        return str(value)
    text = str(value)
    if _MONTH.fullmatch(text) or (_PLAIN.fullmatch(text) and not _MISREAD.fullmatch(text)):
        return text
    return "'" + text.replace("'", "''") + "'"


def _entry(model: type[BaseModel], key: str, value: object, depth: int, with_all: bool) -> Iterator[str]:
    value, note = (value.value, value.note) if isinstance(value, Noted) else (value, "")
    pad, comment = "  " * depth, _comment(model, key, value, note, with_all)
    inner = model_in(model.model_fields[key].annotation)
    match value:
        case dict():
            yield f"{pad}{key}:{comment}"
            yield from mapping(inner, value, depth=depth + 1, with_all=with_all) if inner else _pairs(value, depth + 1)
        case [] | ():
            yield f"{pad}{key}: []{comment}"
        case list() | tuple():
            yield f"{pad}{key}:{comment}"
            yield from listing(inner, value, depth=depth + 1) if inner else _items(value, depth + 1)
        case str() if len(value) > _LONG or "\n" in value:
            yield from _folded(f"{pad}{key}: ", value, pad)
        case _:
            yield f"{pad}{key}: {scalar(value)}{comment}"


def _comment(model: type[BaseModel], key: str, value: object, note: str, with_all: bool) -> str:
    word = words_of(literal_in(model.model_fields[key].annotation)).get(str(value), "")
    meaning = explained(lineage(model), key) if with_all or value == LEFT_OPEN else ""
    said = "；".join(filter(None, (word, meaning, note)))
    return f"  # {said}" if said else ""


def _items(values: Iterable[object], depth: int) -> Iterator[str]:
    for each in values:
        value, note = (each.value, f"  # {each.note}") if isinstance(each, Noted) else (each, "")
        yield f"{'  ' * depth}- {scalar(value)}{note}"


def _pairs(values: Mapping[str, object], depth: int) -> Iterator[str]:
    for key, value in values.items():
        items = value if isinstance(value, list | tuple) else (value,)
        yield f"{'  ' * depth}{key}: [{', '.join(map(scalar, items))}]"


def _folded(head: str, text: str, pad: str) -> Iterator[str]:
    """A long text in double quotes, over several lines that are read as one."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    pieces = list(_pieces(escaped))
    for number, piece in enumerate(pieces):
        begin = f'{head}"' if number == 0 else f"{pad}  "
        yield f'{begin}{piece}"' if number == len(pieces) - 1 else f"{begin}{piece}\\"


def _pieces(text: str) -> Iterator[str]:
    """Cut where neither a space is lost at the break nor an escape taken apart."""
    while text:
        cuts = (at for at in range(_PIECE, len(text)) if text[at] not in ' "\\n' and text[at - 1] not in " \\")
        at = next(cuts, len(text))
        yield text[:at]
        text = text[at:]
