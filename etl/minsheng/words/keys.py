"""What every key of a plan's files and of the contacts means, read from ``keys.zh.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from minsheng.core.contracts import load
from minsheng.words.chinese import with_words

FILE = Path(__file__).with_name("keys.zh.yaml")


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Class by class, what its own keys mean."""
    return load(FILE, dict[str, dict[str, str]], FILE.name)


def explained(contracts: Iterable[str], key: str) -> str:
    """What a key of a class means; ``contracts``: the class and those it derives from. Empty where nobody says it."""
    found = (meanings()[name][key] for name in contracts if key in meanings().get(name, {}))
    return with_words(next(found, ""))
