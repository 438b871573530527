"""What a plain word in YAML 1.2 is: a number, a boolean, nothing, or just that word.

YAML 1.1, which most libraries still read, has more of them: there ``NO`` (a unit's code) is false, ``18:00`` is 1080
and ``010`` is eight.
"""

from __future__ import annotations

import re

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class Plain(str):
    """Text that stands without quotes in the file, so that it may be a number or a boolean."""

    __slots__ = ()


def is_null(word: str) -> bool:
    """Whether a plain word stands for nothing."""
    return word in _NULLS


def values_of(data: object) -> object:
    """Data of a document with every plain word as the value that it is."""
    if isinstance(data, dict):
        return {key: values_of(value) for key, value in data.items()}
    if isinstance(data, list):
        return [values_of(value) for value in data]
    return _value_of(data) if isinstance(data, Plain) else data


def _value_of(word: Plain) -> bool | int | float | str:
    if word in FLAGS:
        return FLAGS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    return float(word) if _DECIMAL.fullmatch(word) else str(word)
