"""A file's content as its contract has it, or all its faults."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from minsheng.core.contracts.document import Document, read_document
from minsheng.core.contracts.faults import explain, refuse
from minsheng.core.errors import UserError

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Generic[T]):
    """One file, its contract, and its content or the faults that leave it without one."""

    document: Document
    contract: object
    content: T | None = None
    faults: tuple[UserError, ...] = ()

    @property
    def value(self) -> T:
        """The content of a file without faults; raises its first fault otherwise."""
        if self.content is None:
            raise self.faults[0]
        return self.content


def load(path: Path, contract: type[T], guide: str) -> T:
    """One file's content; raises one UserError that lists every fault. ``guide``: where the content is explained."""
    part = read_part(path.parent, path.name, contract, guide)
    if len(part.faults) == 1:
        (fault,) = part.faults
        raise fault.at(f"{path.parent}/{fault.where}")
    refuse(path, part.faults)
    return part.value


def read_part(folder: Path, name: str, contract: type[T], guide: str) -> Part[T]:
    """One file of a folder, faulty or not; ``name`` is relative to the folder and shown with every fault."""
    try:
        document = read_document(folder, name, guide)
    except UserError as fault:
        return Part(Document(name), contract, faults=(fault,))
    try:
        content = TypeAdapter(contract).validate_python(document.data)
    except ValidationError as error:
        return Part(document, contract, faults=(*document.unread.values(), *explain(document, contract, error)))
    faults = tuple(document.unread.values())
    return Part(document, contract, None if faults else content, faults)
