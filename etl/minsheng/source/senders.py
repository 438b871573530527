"""Whose the files of a source are: by folders called after units, by folders called otherwise, or all of one unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from minsheng.core.outcome import Outcome
from minsheng.guard import storable_name
from minsheng.source.entries import MAX_ENTRIES, NO_SENDER, TOO_MANY, FolderEntry, passed_over
from minsheng.source.names import sender_code

_NOT_DECLARED = "文件夹没有写在来源声明的 folders 中，里面的没有取件"


@dataclass(frozen=True)
class Senders:
    """``unit``: whose everything is. ``folders``: the unit of each folder; those not named are nobody's.

    Neither: each folder is called by the code of its unit.
    """

    unit: str | None = None
    folders: Mapping[str, str] = field(default_factory=dict)

    def code(self, folder: str) -> str:
        """The sender whose folder has this name."""
        return sender_code(self.folders.get(folder, folder))

    def is_sender(self, folder: str) -> bool:
        """Whether a folder of this name is looked into."""
        return not self.folders or folder in self.folders


BY_FOLDER = Senders()


def parted(
    entries: Iterable[FolderEntry], by: Senders, source: str = "", most: int = MAX_ENTRIES
) -> tuple[tuple[FolderEntry, ...], tuple[Outcome, ...]]:
    """The folders of senders, and what is told of all that lies beside them; ``most``: how many of each are taken."""
    listed = list(entries)
    folders = [one for one in listed if one.kind == "folder" and passed_over("", one) is None]
    senders = tuple(one for one in folders if by.is_sender(one.name))
    strays = [_stray(one, source, one in folders) for one in listed if one not in senders]
    too_many = (Outcome(source or ".", "too_many", TOO_MANY),) if len(listed) > most else ()
    return senders[:most], (*strays[:most], *too_many)


def _stray(entry: FolderEntry, source: str, is_folder: bool) -> Outcome:
    label = "/".join(filter(None, (source, storable_name(entry.name))))
    told = _NOT_DECLARED if is_folder else NO_SENDER
    return passed_over(label, entry) or Outcome(label, "misplaced", told)
