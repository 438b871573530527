"""The files behind a question, exported as their units sent them: under their own names, with their hashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.files import atomic_write, make_folder
from minsheng.core.home import Home
from minsheng.landing import find_receipt, read_content
from minsheng.landing.originals import original_name
from minsheng.trace import words
from minsheng.trace.asked import Asked
from minsheng.trace.model import File
from minsheng.trace.received import ReceivedFile, read_received

SUMS = "SHA256SUMS"
LIST = "清单.txt"
_HEAD = ("文件", "原名", "单位", "收到时间", "结论", "sha256")
_NO_MONTH = "月份不明"
_WITHHELD = "没有留存原件（可能含个人信息，或无法查看其内容）"
# Whoever exports them answers for who reads them next.
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


@dataclass(frozen=True)
class Exported:
    """What an export came to. ``saved``: by path below the folder.

    ``withheld``: of which no bytes were ever kept; ``damaged``: whose bytes are lost or not those any more.
    """

    saved: dict[str, ReceivedFile]
    withheld: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def renamed(self) -> dict[str, str]:
        """The name as it was received, by the path it is under now."""
        named = {path: one.file.file_name for path, one in self.saved.items()}
        return {path: name for path, name in named.items() if PurePosixPath(path).name != name}


def export_originals(home: Home, asked: Asked, folder: Path) -> Exported:
    """Write every original to ``<month>/<unit>/<name>`` below ``folder``, with their hashes, for its owner only.

    A bulletin rests on none that came after the revision it was made from.
    Raises UserError when the folder is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("originals_not_empty", folder)
    make_folder(folder, _FOLDER_MODE)
    exported = Exported({})
    received = read_received(home, asked).files
    for one in (each for each in received if each.file.is_published or not asked.bulletin):
        exported = _export(home, asked.plan_id, folder, one, exported)
    sums = "".join(f"{one.file.sha256}  {path}\n" for path, one in sorted(exported.saved.items()))
    atomic_write(folder / SUMS, sums.encode(), _FILE_MODE)
    atomic_write(folder / LIST, "".join(f"{line}\n" for line in _listed(exported)).encode(), _FILE_MODE)
    return exported


def _export(home: Home, plan_id: str, folder: Path, one: ReceivedFile, so_far: Exported) -> Exported:
    label = f"{one.unit_name} {one.file.file_name}"
    receipt = find_receipt(home, plan_id, one.file.submission_id)
    if receipt and receipt.withheld:
        return replace(so_far, withheld=(*so_far.withheld, f"{label}：{_WITHHELD}"))
    try:
        content = read_content(home, plan_id, one.file.sha256)
    except DamagedError as error:
        return replace(so_far, damaged=(*so_far.damaged, f"{label}：{error}"))
    path = _path(one, {known.casefold() for known in so_far.saved})
    for parent in reversed(PurePosixPath(path).parents[:-1]):
        make_folder(folder / parent, _FOLDER_MODE)
    atomic_write(folder / path, content, _FILE_MODE)
    return replace(so_far, saved={**so_far.saved, path: one})


def _path(one: ReceivedFile, taken: set[str]) -> str:
    """Below the month and the unit, its own name; of two alike the later one says when it came."""
    folder = PurePosixPath(one.file.period or _NO_MONTH, original_name(one.unit_name))
    return next(path for name in _names(one.file) if (path := str(folder / name)).casefold() not in taken)


def _names(file: File) -> Iterator[str]:
    name = PurePosixPath(original_name(file.file_name))
    yield str(name)
    came = words.moment(file.received_at).replace(":", "")
    yield f"{name.stem}（{came} 收到）{name.suffix}"
    yield f"{name.stem}（{file.submission_id}）{name.suffix}"


def _listed(exported: Exported) -> Iterator[str]:
    yield "\t".join(_HEAD)
    for path, one in sorted(exported.saved.items()):
        file = one.file
        verdict = words.verdict_by_revision(file)
        told = (file.file_name, one.unit_name, words.moment(file.received_at), verdict, file.sha256)
        yield "\t".join((path, *told))
    yield from (*exported.withheld, *exported.damaged)
