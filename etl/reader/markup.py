"""Following the XML parts of a workbook as a stream, at no cost in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from xml.parsers import expat

from etl.reader.container import CHUNK_BYTES
from etl.reader.features import Budget, RefusedError

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]

# No spreadsheet program allows more styles than this, nor sheets.
_MAX_LISTED = 100_000


def parser(start: Start, budget: Budget, *, by_namespace: bool = False) -> expat.XMLParserType:
    """A parser that calls ``start`` for every element; a document type, through which XML declares entities, refuses.

    ``by_namespace``: names are told as namespace, space, name, whatever prefix the file has for them.

    Raises RefusedError while it parses: ``damaged`` for a document type, OverBudgetError for too many elements.
    """

    def count(name: str, attributes: Attributes) -> None:
        budget.spend_element()
        start(name, attributes)

    made = expat.ParserCreate("utf-8", " " if by_namespace else None)
    made.StartDoctypeDeclHandler = _refuse_document_type
    made.StartElementHandler = count
    return made


def parse(archive: zipfile.ZipFile, part: str, made: expat.XMLParserType, budget: Budget) -> None:
    """Parse a part; raises what ``parser`` says, KeyError without the part, ExpatError for anything but XML."""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            budget.spend_bytes(len(chunk))
            made.Parse(chunk)
    made.Parse(b"", True)


def elements(archive: zipfile.ZipFile, part: str, tag: str, budget: Budget, within: str = "") -> list[Attributes]:
    """The attributes of every element of a name, whatever its prefix; those before ``within`` begins do not count."""
    found: list[Attributes] = []

    def start(name: str, attributes: Attributes) -> None:
        local = name.rpartition(":")[2]
        if local == within:
            found.clear()
        elif local == tag:
            found.append(attributes)
        if len(found) > _MAX_LISTED:
            raise RefusedError("too_large")

    parse(archive, part, parser(start, budget), budget)
    return found


def is_true(flag: str | None) -> bool:
    """Whether an attribute of XML Schema's type boolean says yes."""
    return flag in ("1", "true")


def _refuse_document_type(*_: object) -> None:
    raise RefusedError("damaged")
