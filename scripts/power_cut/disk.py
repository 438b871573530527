"""A disk that remembers: one file, served to the kernel over FUSE, that logs each write and each flush in order.

A loop device on that file is a disk like any other. What a power cut leaves of it is known exactly: every write before
the last flush that was answered, and of those after it any part, in any order, as disks with a cache have it.
"""

from __future__ import annotations

import ctypes
import os
import random
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Process
from pathlib import Path

SIZE = 256 << 20
_BLOCK = 4096
_MOST = 1 << 17

_REQUEST = struct.Struct("<IIQQIIIHH")
_REPLY = struct.Struct("<IiQ")
_ATTRIBUTES = struct.Struct("<6Q10I")
_TRANSFER = struct.Struct("<QQIIQII")
_RECORD = struct.Struct("<QI")
_FLUSH = 1 << 63

_GETATTR, _OPEN, _READ, _WRITE, _RELEASE, _FSYNC, _FLUSH_FILE, _INIT = 3, 14, 15, 16, 18, 20, 25, 26
_WITHOUT_REPLY = (2, 36, 42)  # forget, interrupt, forget many
_ENOSYS = 38

# What is answered always the same: how we talk, what the file is like, that it is open, that it is done.
_FIXED = {
    _INIT: (0, struct.pack("<4I2H2I2HI7I", 7, 31, _MOST, 1 << 5, 16, 12, _MOST, 1, 32, 0, 0, *([0] * 7))),
    _GETATTR: (
        0,
        struct.pack("<QII", 3600, 0, 0)
        + _ATTRIBUTES.pack(1, SIZE, SIZE // 512, 0, 0, 0, 0, 0, 0, 0o100600, 1, 0, 0, 0, _BLOCK, 0),
    ),
    _OPEN: (0, struct.pack("<QII", 0, 0, 0)),
    _RELEASE: (0, b""),
    _FSYNC: (0, b""),
    _FLUSH_FILE: (0, b""),
}


@dataclass(frozen=True)
class Disk:
    """A block device, and the log of what was done to it."""

    device: Path
    log: Path

    @property
    def position(self) -> int:
        """Where the log ends now: a moment at which the power can be cut."""
        return self.log.stat().st_size


@contextmanager
def remembering_disk(folder: Path) -> Iterator[Disk]:
    """An empty disk with a file ``log`` in ``folder``, which holds everything ever written to it."""
    file, log = folder / "disk", folder / "log"
    file.touch()
    log.touch()
    connection = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={connection},rootmode=100000,user_id=0,group_id=0,max_read={_MOST}"
    _mount("disk", file, "fuse", options)
    server = Process(target=_serve, args=(connection, log), daemon=True)
    server.start()
    os.close(connection)
    try:
        found = subprocess.run(["losetup", "--find", "--show", file], capture_output=True, text=True, check=True)
        device = Path(found.stdout.strip())
        try:
            yield Disk(device, log)
        finally:
            subprocess.run(["losetup", "--detach", device], check=True)
    finally:
        _unmount(file)
        server.kill()
        server.join()


@contextmanager
def mounted(device: Path, folder: Path, options: str = "noatime") -> Iterator[Path]:
    """The ext4 file system of a device, or of a file, in a folder; the journal is replayed on mounting."""
    folder.mkdir(exist_ok=True)
    is_file = device.is_file()
    subprocess.run(["mount", "-o", f"loop,{options}" if is_file else options, device, folder], check=True)
    try:
        yield folder
    finally:
        _unmount(folder)


def image_after_cut(log: Path, position: int, target: Path, chance: random.Random | None) -> None:
    """Write what the disk holds when power is cut at a position of its log.

    Without ``chance`` all that was written had reached it; with it, of what no flush has covered a random part.
    """
    flushed, waiting = _until(log, position)
    kept = [write for write in waiting if chance is None or chance.random() < 0.5]
    with target.open("wb") as image, log.open("rb") as source:
        image.truncate(SIZE)
        for offset, start, length in (*flushed, *kept):
            source.seek(start)
            image.seek(offset)
            image.write(source.read(length))


@dataclass(frozen=True)
class Place:
    """Where a record of the log ends, and whether it is a flush."""

    end: int
    is_flush: bool


def positions(log: Path) -> Iterator[Place]:
    """Every moment at which power can be cut."""
    with log.open("rb") as file:
        while record := file.read(_RECORD.size):
            offset, length = _RECORD.unpack(record)
            file.seek(length, os.SEEK_CUR)
            yield Place(file.tell(), offset == _FLUSH)


def _until(log: Path, position: int) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
    """The writes up to a position as offset, place in the log and length: those a flush has covered, and the others."""
    flushed: list[tuple[int, int, int]] = []
    waiting: list[tuple[int, int, int]] = []
    with log.open("rb") as file:
        while file.tell() + _RECORD.size <= position:
            offset, length = _RECORD.unpack(file.read(_RECORD.size))
            if offset == _FLUSH:
                flushed += waiting
                waiting = []
            else:
                start = file.tell()
                waiting += ((offset + at, start + at, min(_BLOCK, length - at)) for at in range(0, length, _BLOCK))
                file.seek(length, os.SEEK_CUR)
    return flushed, waiting


def _serve(connection: int, log: Path) -> None:
    """Answer the kernel until the file is unmounted."""
    content = bytearray(SIZE)
    log_file = os.open(log, os.O_WRONLY | os.O_APPEND)
    while True:
        try:
            request = os.read(connection, _MOST + 4096)
        except OSError:
            return
        _, operation, unique, *_ = _REQUEST.unpack_from(request)
        if operation not in _WITHOUT_REPLY:
            error, body = _answer(operation, memoryview(request)[_REQUEST.size :], content, log_file)
            os.write(connection, _REPLY.pack(_REPLY.size + len(body), -error, unique) + body)


def _answer(operation: int, body: memoryview, content: bytearray, log_file: int) -> tuple[int, bytes]:
    """The error, 0 for none, and the body of the reply."""
    if operation in (_READ, _WRITE):
        _, offset, size, *_ = _TRANSFER.unpack_from(body)
        if operation == _READ:
            return 0, bytes(content[offset : offset + size])
        data = body[_TRANSFER.size : _TRANSFER.size + size]
        os.write(log_file, _RECORD.pack(offset, size) + data)
        content[offset : offset + size] = data
        return 0, struct.pack("<II", size, 0)
    if operation == _FSYNC:
        os.write(log_file, _RECORD.pack(_FLUSH, 0))
    return _FIXED.get(operation, (_ENOSYS, b""))


def _mount(source: str, target: Path, kind: str, options: str) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.mount(source.encode(), bytes(target), kind.encode(), 0, options.encode()):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(target))


def _unmount(folder: Path) -> None:
    """What has just been closed may be busy for a moment."""
    for _ in range(50):
        if not subprocess.run(["umount", folder], capture_output=True, check=False).returncode:
            return
        time.sleep(0.1)
    subprocess.run(["umount", "--lazy", folder], check=True)
