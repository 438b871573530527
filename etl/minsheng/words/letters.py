"""What letters say: the sentences that ship with the project, and what a county says otherwise (docs/adr/0033)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from minsheng.core.contracts import load, read_document
from minsheng.words.letter_words import Wording

FILE = Path(__file__).with_name("letters.zh.yaml")
GUIDE = "docs/letters.md（文件位置由 MINSHENG_LETTERS 指定）"


@cache
def shipped() -> Wording:
    """What is said where the county says nothing else."""
    return load(FILE, Wording, FILE.name)


def county_wording(path: Path | None, county: str) -> Wording:
    """What a county's letters say: its own sentences over those that are shipped.

    ``path``: a file, or a folder with a ``<county>.yaml`` for each county that has one; null: there are none. Raises
    UserError that lists every fault of the file.
    """
    own = path / f"{county}.yaml" if path and path.is_dir() else path
    if own is None or (path != own and not own.exists()):
        return shipped()
    return load(own, Annotated[Wording, BeforeValidator(_over_shipped)], GUIDE)  # type: ignore[arg-type]


def _over_shipped(said: object) -> object:
    """A county's parts put over the shipped ones; what is no part is left for the contract to refuse."""
    if not isinstance(said, Mapping):
        return said
    parts = read_document(FILE.parent, FILE.name, FILE.name).data
    assert isinstance(parts, Mapping)
    return {**parts, **{kind: _over(parts.get(kind), own) for kind, own in said.items()}}


def _over(parts: object, own: object) -> object:
    return {**parts, **own} if isinstance(parts, Mapping) and isinstance(own, Mapping) else own
