"""Folders that a web server lists as pages of links, as nginx, Apache and file boxes do, by httpx."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from minsheng.core.access import Access
from minsheng.source.entries import MAX_ENTRIES
from minsheng.source.memory import Mark
from minsheng.source.store import ANSWER_SECONDS, CHUNK_BYTES, Listed
from minsheng.source.troubles import StoreError
from minsheng.source.webdav import base_url

if TYPE_CHECKING:
    import httpx

# Of a page of links: many times what the entries we look at take.
_MOST_PAGE_BYTES = 8 << 20
# What an address has of its own, and the marks of what is written in hexadecimal.
_AS_WRITTEN = "/%:@!$&'()*+,;=~"
_NOT_A_LISTING = "应答不是网页，不是文件夹的列表"
_PAGE_TOO_LARGE = "列表网页过大，请清理或归档"


@contextmanager
def open_http(access: Access) -> Iterator[HttpStore]:
    """The site at this address; raises what httpx raises. Nothing is asked yet."""
    import httpx

    with httpx.Client(
        auth=(access.login, access.password) if access.login else None,
        headers={"Accept-Encoding": "identity"},  # lengths are those of the files
        timeout=ANSWER_SECONDS,
        verify=ssl.create_default_context(cafile=access.extra.get("ca_file")),
        trust_env=False,
    ) as client:
        yield HttpStore(client, base_url(access).rstrip("/"))


@dataclass
class HttpStore:
    """A client; each question is a request of its own. Paths are as addresses write them, and begin below ``base``."""

    client: httpx.Client
    base: str

    def entries(self, path: str) -> Iterable[Listed]:
        """What a folder's page links to that lies in it; size, time and tag of a file are asked for one by one.

        No more of it than anybody looks at: each is a question to the server.
        """
        inside = "/".join(filter(None, (self.base, path.strip("/")))) + "/"
        return [self._listed(inside, name) for name in islice(_names(inside, self._page(inside)), MAX_ENTRIES + 1)]

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file from its beginning on."""
        with self.client.stream("GET", f"{self.base}/{path}") as response:
            response.raise_for_status()
            yield from response.iter_bytes(CHUNK_BYTES)

    def _page(self, url: str) -> str:
        content = bytearray()
        with self.client.stream("GET", url) as response:
            response.raise_for_status()
            if "html" not in response.headers.get("content-type", ""):
                raise StoreError("missing", _NOT_A_LISTING)
            for chunk in response.iter_bytes(CHUNK_BYTES):
                content += chunk
                if len(content) > _MOST_PAGE_BYTES:
                    raise StoreError("forbidden", _PAGE_TOO_LARGE)
            return content.decode("utf-8", "replace")  # addresses are ASCII, whatever the words beside them are in

    def _listed(self, inside: str, name: str) -> Listed:
        raw, path = unquote_to_bytes(name.rstrip("/")), f"{inside}{name}".removeprefix(f"{self.base}/").rstrip("/")
        if name.endswith("/"):
            return Listed(raw, path, "folder", Mark())
        answer = self.client.head(f"{inside}{name}")
        told = answer.headers if answer.is_success else {}  # who answers no such question gives the file all the same
        length, changed = told.get("content-length", ""), told.get("last-modified", "")
        mark = Mark(int(length) if length.isdecimal() else None, changed, told.get("etag", ""))
        return Listed(raw, path, "file", mark, _moment(changed))


class _Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an ``a`` leads to."""
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _names(inside: str, page: str) -> Iterator[str]:
    """What lies directly in the folder, each once, a folder with a slash; not its parent, nor a page's other orders."""
    links = _Links()
    links.feed(page)
    addresses = (address for link in links.found if (address := _address(inside, link)))
    for address in dict.fromkeys(addresses):
        name = address.removeprefix(inside)
        if address.startswith(inside) and _is_name(unquote_to_bytes(name)):
            yield name


def _address(inside: str, link: str) -> str:
    """A link as a whole address; empty: it is none, or asks for more than a file."""
    try:
        address = quote(urljoin(inside, link.strip()), safe=f"{_AS_WRITTEN}?#")
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.query or parts.fragment else address


def _is_name(decoded: bytes) -> bool:
    """Whether it is one name, also for a server that reads an encoded slash as a slash."""
    name = decoded.removesuffix(b"/")
    return name not in (b"", b".", b"..") and not any(mark in name for mark in (b"/", b"\\", b"\0"))


def _moment(told: str) -> datetime | None:
    try:
        return parsedate_to_datetime(told).astimezone(UTC)
    except ValueError:
        return None
