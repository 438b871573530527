"""What lies in a folder, at home or far away, and which of it nobody looks into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from minsheng.core.outcome import Outcome

MAX_DEPTH = 8
MAX_ENTRIES = 5000

# An empty folder beside what we have moved away: whichever source comes by, and whatever it declares, leaves it alone.
MOVED_MARK = "minsheng-moved"

EntryKind = Literal["file", "folder", "link", "special"]

# Left behind by Excel, WPS, LibreOffice, macOS and file managers; never a report.
_DEBRIS_PREFIXES = ("~$", "~WPS", ".~", "._")
# Also what a file system or a network store keeps for itself beside the folders of its users.
_DEBRIS_NAMES = frozenset(
    {"Thumbs.db", "desktop.ini", ".DS_Store", "lost+found", "$RECYCLE.BIN", "System Volume Information", "@eaDir"}
    | {"#recycle", "#snapshot"}
)
LINK = "是链接，不是报表；不跟随链接取件"
SPECIAL = "是管道、设备等特殊文件，不是报表"
NO_SENDER = "放在单位文件夹之外，无法确定报送单位"
TOO_DEEP = f"文件夹套得太深（超过 {MAX_DEPTH} 层），里面的没有取件；请移到浅处"
TOO_MANY = f"文件和文件夹超过 {MAX_ENTRIES} 个，其余没有取件；请清理或归档已报送的文件"
MOVED_HERE = f"是收下之后移来的文件（旁边有 {MOVED_MARK}），不再取件"
_DEBRIS = "是程序或系统留下的临时文件，不是报表"
_HIDDEN = "名称以“.”开头，是隐藏的，没有取件；如是报表，请改名"


@dataclass(frozen=True)
class FolderEntry:
    """One name in a folder: its bytes as they are there, the same as text, and what bears it."""

    raw: bytes
    name: str
    kind: EntryKind


def holds_moved(raw_names: Iterable[bytes]) -> bool:
    """Whether a folder with these names in it is one into which files are moved, of this source or another."""
    return MOVED_MARK.encode() in raw_names


def passed_over(label: str, entry: FolderEntry) -> Outcome | None:
    """Why nobody looks into this entry; None: it is a file or a folder like any other."""
    if entry.kind == "link":
        return Outcome(label, "misplaced", LINK)
    if entry.kind == "special":
        return Outcome(label, "misplaced", SPECIAL)
    if entry.name.startswith(_DEBRIS_PREFIXES) or entry.name in _DEBRIS_NAMES:
        return Outcome(label, "ignored", _DEBRIS)
    return Outcome(label, "ignored", _HIDDEN) if entry.name.startswith(".") else None
