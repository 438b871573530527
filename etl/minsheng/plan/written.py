"""Numbers as a plan's text writes them: ``3.14 万``, ``60%``, ``2032``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_WRITTEN_NUMBER = re.compile(r"(\d+(?:\.\d+)?) ?([万亿%]?)")
_SCALES = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000), "%": Decimal("0.01")}


def numbers_in(text: str) -> Iterator[tuple[str, Decimal]]:
    """Each number of a text as it is written, and what it says."""
    for found in _WRITTEN_NUMBER.finditer(text):
        yield found[0].strip(), Decimal(found[1]) * _SCALES[found[2]]
