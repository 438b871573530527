"""What following a workbook comes to: what is known of its sheets, and the workbook as calamine is to read it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from minsheng.spreadsheet.features import Features
from minsheng.spreadsheet.xml import quoted

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class Followed:
    """The features of every sheet, in order, and the content calamine reads the same sheets from."""

    features: list[Features]
    content: bytes


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts, not compressed: it is read once and forgotten."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def relations_part(kind: str, targets: Mapping[str, str]) -> bytes:
    """The part that says where others of a kind are: relation to target."""
    listed = "".join(
        f'<Relationship Id={quoted(name)} Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'.encode()
