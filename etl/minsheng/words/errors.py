"""What people are told when something is not as it must be, read from ``errors.zh.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from minsheng.core.contracts import CodeChoice, KeyMeaning, Strict, load, near
from minsheng.core.contracts.sentences import ALLOWED
from minsheng.words.chinese import words_of
from minsheng.words.keys import explained

FILE = Path(__file__).with_name("errors.zh.yaml")
_NONE = "无"


class Sentence(Strict):
    """The problem and its remedy; what is in braces is filled in."""

    problem: str
    remedy: str = ""

    @property
    def fields(self) -> frozenset[str]:
        """What has to be filled in."""
        parts = (part for text in (self.problem, self.remedy) for part in Formatter().parse(text))
        return frozenset(name for _, name, _, _ in parts if name)


@cache
def sentences() -> Mapping[str, Sentence]:
    """Every sentence by its code."""
    return load(FILE, dict[str, Sentence], FILE.name)


def filled(text: str, fields: Mapping[str, object]) -> str:
    """A text with its braces filled in."""
    return text.format_map({name: _said(value) for name, value in fields.items()})


def _said(value: object) -> str:
    """A value in a sentence: several one after the other, and a word for none."""
    if isinstance(value, KeyMeaning):
        return _meaning(value)
    if isinstance(value, CodeChoice):
        return _choice(value)
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(map(str, value)) or _NONE
    return _NONE if value is None else str(value)


def _choice(choice: CodeChoice) -> str:
    return near(choice.word, choice.codes) + _allowed(choice.codes)


def _meaning(key: KeyMeaning) -> str:
    """What a key is for, and its codes, in brackets; nothing for a key that is not explained."""
    said = [explained(key.contracts, key.key), _allowed(key.codes) if key.codes else ""]
    return f"（{'；'.join(filter(None, said))}）" if said[0] else ""


def _allowed(codes: tuple[str, ...]) -> str:
    words = words_of(codes)
    return ALLOWED.format(words="、".join(f"{code} {words[code]}" if code in words else code for code in codes))
