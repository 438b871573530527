"""What a file is called, whatever program sends it."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from starlette.requests import Request

from minsheng.web.refusals import Refused
from minsheng.web.uploads import Upload, read_upload

_NAME = "五月 报表.xlsx"
_GBK = _NAME.encode("gbk")


def sent(disposition: bytes) -> Upload:
    """A form with one file, as it is read."""
    head = b"--b\r\nContent-Disposition: form-data; name=file; " + disposition + b"\r\n\r\n"
    body = [{"type": "http.request", "body": head + b"content\r\n--b--\r\n", "more_body": False}]

    async def receive() -> dict[str, Any]:
        return body.pop()

    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    return asyncio.run(read_upload(Request({"type": "http", "headers": headers}, receive)))


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (f'filename="{_NAME}"'.encode(), _NAME),
        (b'filename="' + _GBK + b'"', _NAME),
        (f"filename*=utf-8''{quote_from_bytes(_NAME.encode())}".encode(), _NAME),
        (f"filename*=GBK'zh'{quote_from_bytes(_GBK)}".encode(), _NAME),
        (b"filename*=utf-8''a%22b%5Cc.xlsx", "a_b_c.xlsx"),
        (b"filename*=utf-8''%FF%FE.xlsx", "��.xlsx"),
        (b"filename=plain.xlsx", "plain.xlsx"),
    ],
)
def test_a_name_is_read_as_it_was_meant(disposition: bytes, name: str) -> None:
    assert sent(disposition) == Upload(name, b"content", {})


def test_two_files_in_one_form_are_refused() -> None:
    second = b"filename=a.xlsx\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=more; filename=b.xlsx"
    with pytest.raises(Refused) as refused:
        sent(second)
    assert refused.value.status == 400
