"""Airflow's pages in Chinese and in Beijing time, for whoever has not chosen otherwise in them.

Airflow keeps both choices in the browser, knows no setting for their defaults, and takes UTC for the time. So its one
page brings a line that chooses for a browser that has not yet (docs/adr/0047).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]

# As the pages keep them: the language plain, everything else as JSON.
CHOSEN = {"i18nextLng": "zh-CN", "timezone": json.dumps("Asia/Shanghai")}
_LINE = "".join(
    f"localStorage.getItem({json.dumps(key)}) ?? localStorage.setItem({json.dumps(key)}, {json.dumps(value)});"
    for key, value in CHOSEN.items()
)
_SCRIPT = f"<script>{_LINE}</script>".encode()
_HEAD = b"<head>"
_ROOT = b'<div id="root"'


class ChineseByDefault:
    """Middleware around all of Airflow's pages; it touches the one page that draws all others, and no other answer."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        """Called by the server for each request."""
        is_page = scope["type"] == "http" and scope["method"] == "GET"
        await self.app(scope, receive, _Completing(send) if is_page else send)


class _Completing:
    """Holds back the head of an answer in HTML until its body is known to be the page, or not."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.head: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.head = message
            return
        if self.head is not None:
            head, self.head = self.head, None
            if not message.get("more_body") and _ROOT in message.get("body", b""):
                message = {**message, "body": message["body"].replace(_HEAD, _HEAD + _SCRIPT, 1)}
                head = {**head, "headers": _with_length(head, len(message["body"]))}
            await self.send(head)
        await self.send(message)


def _is_html(head: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in head["headers"])


def _with_length(head: Message, byte_count: int) -> list[tuple[bytes, bytes]]:
    others = [(name, value) for name, value in head["headers"] if name != b"content-length"]
    return [*others, (b"content-length", str(byte_count).encode())]
