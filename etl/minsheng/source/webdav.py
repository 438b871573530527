"""WebDAV, by webdav4 and httpx. Files are read without the back end of fsspec, which resumes what has since changed."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from minsheng.core.access import Access
from minsheng.source.memory import Mark
from minsheng.source.store import ANSWER_SECONDS, CHUNK_BYTES, Listed

if TYPE_CHECKING:
    from httpx import Response
    from webdav4.client import Client


@contextmanager
def open_webdav(access: Access) -> Iterator[WebdavStore]:
    """The share at this address; raises what httpx raises. Nothing is asked yet."""
    from webdav4.client import Client

    client = Client(
        base_url(access),
        auth=(access.login, access.password) if access.login else None,
        retry=False,
        timeout=ANSWER_SECONDS,
        verify=ssl.create_default_context(cafile=access.extra.get("ca_file")),
        trust_env=False,
    )
    try:
        yield WebdavStore(client)
    finally:
        client.http.close()


def base_url(access: Access) -> str:
    """``https://host:port/path`` where the host is that, or a name only."""
    if "://" in access.host:
        return access.host
    port = f":{access.port}" if access.port else ""
    return f"{access.scheme or 'https'}://{access.host}{port}"


@dataclass
class WebdavStore:
    """A client; each question is a request of its own."""

    client: Client

    def entries(self, path: str) -> Iterable[Listed]:
        """What lies in a folder."""
        found: Any = self.client.ls(quote(path or "/"), detail=True, allow_listing_resource=False)
        return [_listed(one) for one in found]

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file from its beginning on."""
        with self.client.http.stream("GET", self.client.join_url(quote(path))) as response:
            response.raise_for_status()
            yield from response.iter_bytes(CHUNK_BYTES)

    def rename(self, path: str, folder: str, name: str, *, is_ours: bool) -> None:
        """Give a file another place; what is there is never replaced."""
        target = str(self.client.join_url(quote(f"{folder.rstrip('/')}/{name}")))
        answer = self._asked("MOVE", path, {"Destination": target, "Overwrite": "F"})
        if answer.status_code == _TAKEN:
            raise FileExistsError(target)
        answer.raise_for_status()

    def state(self, path: str) -> Mark:
        """Size, time and tag of a file."""
        return _listed(self.client.info(quote(path))).mark

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._asked("DELETE", path).raise_for_status()

    def make_folder(self, path: str) -> None:
        """Make a folder; no-op if it is there."""
        answer = self._asked("MKCOL", path)
        if answer.status_code != _EXISTS:
            answer.raise_for_status()

    def _asked(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> Response:
        url = self.client.join_url(quote(path))
        answer: Response = self.client.http.request(method, url, headers=dict(headers or {}))
        return answer


_EXISTS = 405
_TAKEN = 412


def _listed(found: Mapping[str, Any]) -> Listed:
    path = str(found["name"]).rstrip("/")
    changed: datetime | None = found.get("modified")
    return Listed(
        path.rpartition("/")[2].encode("utf-8", "surrogateescape"),
        path,
        "folder" if found["type"] == "directory" else "file",
        Mark(found.get("content_length"), changed.isoformat() if changed else "", found.get("etag") or ""),
        changed.astimezone(UTC) if changed else None,
    )
