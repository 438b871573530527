"""Sentences with names in braces: which names they may have, and how they are filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from string import Formatter
from typing import Annotated, ClassVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from minsheng.core.contracts import Strict, allowed

_UNCLOSED = "应为成对的花括号；要写花括号本身，请写两次"
_UNKNOWN = "没有“{name}”可填：{options}"
_BARE = "花括号中只写名称，不带“!”“:”"

Text = Annotated[str, Field(min_length=1)]


class Sentences(Strict):
    """The sentences of one kind of letter; ``names`` are those that may stand in braces in them."""

    names: ClassVar[tuple[str, ...]] = ()

    @field_validator("*")
    @classmethod
    def _can_be_filled_in(cls, text: str) -> str:
        for name in _named(text):
            if name not in cls.names:
                options = allowed(name, cls.names)
                raise PydanticCustomError(
                    "name_unknown", "{told}", {"told": _UNKNOWN.format(name=name, options=options)}
                )
        return text


def fill(text: str, words: Mapping[str, object]) -> str:
    """A sentence with its names filled in; one that has nothing to say in this part of the letter is left out."""
    return text.format_map(defaultdict(str, words))


def _named(text: str) -> list[str]:
    """What stands in braces; raises a fault of the contract where they do not match, or hold more than a name."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        raise PydanticCustomError("braces_unclosed", "{told}", {"told": _UNCLOSED}) from None
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise PydanticCustomError("braces_with_more", "{told}", {"told": _BARE})
    return [name for _, name, _, _ in parts if name is not None]
