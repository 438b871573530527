"""Object stores that speak S3, by s3fs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from minsheng.core.access import Access
from minsheng.source.memory import Mark
from minsheng.source.store import ANSWER_SECONDS, Listed
from minsheng.source.webdav import base_url
from minsheng.spreadsheet.container import MAX_BYTES

if TYPE_CHECKING:
    from s3fs import S3FileSystem


@contextmanager
def open_s3(access: Access) -> Iterator[S3Store]:
    """The store at this address, login and password being its keys. Nothing is asked yet."""
    from s3fs import S3FileSystem

    verify = access.extra.get("ca_file")
    files = S3FileSystem(
        key=access.login,
        secret=access.password,
        endpoint_url=base_url(access) if access.host else None,
        client_kwargs={"region_name": access.extra.get("region"), "verify": verify} if verify else {},
        config_kwargs={
            "connect_timeout": ANSWER_SECONDS,
            "read_timeout": ANSWER_SECONDS,
            "retries": {"max_attempts": 1},
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    files.retries = 1  # a run that fails is followed by another; in between nobody waits
    try:
        yield S3Store(files)
    finally:
        files.close_session(files.loop, files.s3)


@dataclass
class S3Store:
    """A bucket as folders: what stands before a slash in a key is one."""

    files: S3FileSystem

    def entries(self, path: str) -> Iterable[Listed]:
        """What lies in a folder; nothing lies in one that holds no key, so that there is none."""
        here = path.strip("/")
        found = self.files.ls(here, detail=True, refresh=True)
        return [_listed(one) for one in found if str(one["name"]).strip("/") != here]

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file whole, and no more of it than we take."""
        yield self.files.cat_file(path, start=0, end=MAX_BYTES + 1)


def _listed(found: Mapping[str, Any]) -> Listed:
    path = str(found["name"]).rstrip("/")
    changed = found.get("LastModified")
    is_folder = found["type"] == "directory"
    return Listed(
        path.rpartition("/")[2].encode("utf-8", "surrogateescape"),
        path,
        "folder" if is_folder else "file",
        Mark(None if is_folder else found["size"], changed.isoformat() if changed else "", found.get("ETag", "")),
        changed,
    )
