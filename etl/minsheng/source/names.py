"""What the files and folders of an inbox are called: text that everything after can hold, no two alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePosixPath

from minsheng.core.text import REPLACED, on_one_line
from minsheng.guard import storable_name

# A folder's name becomes a unit's code: a folder of the outbox, a label in Airflow, a word in a subject line.
_LONGEST_CODE = 60
# Other breaks of a line, and marks that turn the direction of writing: a name could show as one it is not.
_MISLEADING = re.compile("[\x80-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def readable_name(raw: bytes) -> str:
    """A name as text of one line; names left by Windows over FTP are in GB18030."""
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        name = raw.decode("gb18030", errors="backslashreplace")
    return _MISLEADING.sub(REPLACED, on_one_line(name))


def told_apart(raw_names: Iterable[bytes]) -> dict[bytes, str]:
    """Each entry of one folder with its readable name; those that would be stored under one name get a mark each.

    Else the two would pass for two versions of one file, and each run would take them for new.
    """
    names = {raw: readable_name(raw) for raw in raw_names}
    counts = Counter(map(storable_name, names.values()))
    return {
        raw: name if counts[storable_name(name)] == 1 or raw == storable_name(name).encode() else _marked(name, raw)
        for raw, name in names.items()
    }


def sender_code(name: str) -> str:
    """The code of the sender whose folder has this name: the name itself, as it may be stored, cut if it is long."""
    code = storable_name(name)
    if len(code) <= _LONGEST_CODE:
        return code
    return f"{code[: _LONGEST_CODE - 9]}…{_digest(name.encode())}"


def _marked(name: str, raw: bytes) -> str:
    path = PurePosixPath(name)
    return f"{path.stem}~{_digest(raw)}{path.suffix}"


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:8]
