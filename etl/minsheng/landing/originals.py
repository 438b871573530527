"""Files under the names their units gave them: a link to the bytes in landing, which says who may open it.

``originals/<submission_id>/<name>`` leads to ``landing/<plan>/objects/<sha256>``; pages lead there (docs/adr/0056). It
holds no bytes, can be made again, and opens to whoever may read landing.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path, PurePosixPath

from minsheng.core.files import make_folder, sync_folder
from minsheng.core.home import Home
from minsheng.core.text import on_one_line
from minsheng.landing.content import content_path

_UNNAMED = "未命名"
# What Windows has no room for in a name, or takes for a device; a name is 255 bytes at most, some of them for a mark.
_FORBIDDEN = re.compile(r'[<>:"|?*\ufffd]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST, _LONGEST_SUFFIX = 180, 10


def original_name(file_name: str) -> str:
    """What a file may be called in a folder of any system: its own name, with only what would not do replaced."""
    last = PurePosixPath(on_one_line(file_name).replace("\\", "/")).name
    name = _FORBIDDEN.sub("_", last).rstrip(". ").lstrip()
    if name.startswith((".", "-", "~")) or _DEVICE.match(name):
        name = f"_{name}"
    return _shortened(name) or _UNNAMED


def link_original(home: Home, plan_id: str, submission_id: str, file_name: str, sha256: str) -> Path:
    """Have a file under its own name; what is there stays."""
    link = original_path(home, submission_id, file_name)
    if not link.is_symlink():
        make_folder(link.parent)
        up = Path(*[".."] * len(link.parent.relative_to(home.root).parts))
        with suppress(FileExistsError):  # another process was faster
            link.symlink_to(up / content_path(home, plan_id, sha256).relative_to(home.root))
            sync_folder(link.parent)
    return link


def original_path(home: Home, submission_id: str, file_name: str) -> Path:
    """Where a file is to be found under its own name."""
    return home.originals / submission_id / original_name(file_name)


def _shortened(name: str) -> str:
    """Cut before its ending, between two characters."""
    if len(name.encode()) <= _LONGEST:
        return name
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix) <= _LONGEST_SUFFIX else ""
    return path.stem.encode()[: _LONGEST - len(suffix.encode())].decode(errors="ignore") + suffix
