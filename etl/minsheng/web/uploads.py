"""Forms as they come in: their size is counted on the way, and nothing of a file touches the disk."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from minsheng.core.errors import UserError
from minsheng.spreadsheet.container import MAX_BYTES
from minsheng.web.refusals import WHERE, Refused

# Beside the file: the borders of its parts, a few short fields, and an explanation of every doubt.
_MARGIN_BYTES = 512 << 10
_MOST_FIELDS = 600
_FIELD_BYTES = 4 << 10
_MEGABYTE = 1 << 20
SAID = "why-"
_RFC_2231_NAME = re.compile(rb"filename\*=(?P<charset>[\w-]*)'[\w-]*'(?P<name>[^;\s]+)", re.IGNORECASE)
_CHARSETS = {b"gbk": "gb18030", b"gb2312": "gb18030", b"gb18030": "gb18030"}


@dataclass(frozen=True)
class Upload:
    """A form: its file, if it has one that is not empty, and its fields."""

    file_name: str
    content: bytes
    fields: dict[str, str]

    @property
    def said(self) -> dict[str, str]:
        """What is said of the file's doubts, by their keys."""
        return {
            name.removeprefix(SAID): words
            for name, value in self.fields.items()
            if name.startswith(SAID) and (words := _on_one_line(value))
        }

    def require_file(self) -> Upload:
        """Itself; raises Refused when there is no file in it."""
        if not self.file_name and not self.content:
            raise Refused(422, UserError("upload_without_file", WHERE))
        return self


def _on_one_line(text: str) -> str:
    """Text without line breaks, Word's soft ones too, and without what no cell can hold."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


class _InMemory(MultiPartParser):
    spool_max_size = MAX_BYTES + _MARGIN_BYTES

    def on_headers_finished(self) -> None:
        part = self._current_part
        part.content_disposition = with_plain_name(part.content_disposition or b"")
        super().on_headers_finished()


async def read_upload(request: Request) -> Upload:
    """A form with a file; raises Refused when it is too large or no such form."""
    require_fitting(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise Refused(415, UserError("upload_no_form", WHERE))
    stream = _counted(request, MAX_BYTES + _MARGIN_BYTES)
    parser = _InMemory(request.headers, stream, max_files=1, max_fields=_MOST_FIELDS, max_part_size=_FIELD_BYTES)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Refused(400, UserError("upload_unreadable", WHERE)) from error
    return await _upload(form)


def with_plain_name(disposition: bytes) -> bytes:
    """The header of a part with the file's name in UTF-8, whatever way it came: by RFC 2231, or in GB 18030."""
    if named := _RFC_2231_NAME.search(disposition):
        name = unquote_to_bytes(named["name"]).decode(_CHARSETS.get(named["charset"].lower(), "utf-8"), "replace")
        quoted = name.replace("\\", "_").replace('"', "_")
        disposition = disposition[: named.start()] + f'filename="{quoted}"'.encode() + disposition[named.end() :]
    try:
        disposition.decode()
    except UnicodeDecodeError:
        return disposition.decode("gb18030", "replace").encode()
    return disposition


async def read_fields(request: Request) -> dict[str, str]:
    """The fields of a form without a file; raises Refused when it is too large."""
    form = await FormParser(request.headers, _counted(request, _FIELD_BYTES)).parse()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def require_fitting(request: Request) -> None:
    """Raises Refused for a request that itself says it is too large."""
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > MAX_BYTES + _MARGIN_BYTES:
        raise _too_large()


async def _counted(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    count = 0
    async for chunk in request.stream():
        count += len(chunk)
        if count > most:
            raise _too_large()
        yield chunk


async def _upload(form: FormData) -> Upload:
    name, content = "", b""
    for value in form.values():
        if isinstance(value, UploadFile):
            name, content = value.filename or "", await value.read(MAX_BYTES + 1)
    await form.close()
    if len(content) > MAX_BYTES:
        raise _too_large()
    return Upload(name, content, {name: value for name, value in form.items() if isinstance(value, str)})


def _too_large() -> Refused:
    return Refused(413, UserError("upload_too_large", WHERE, most=MAX_BYTES // _MEGABYTE))
