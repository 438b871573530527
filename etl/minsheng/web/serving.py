"""The service as a process: uvicorn, which waits for nobody for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds in which a request's header, and then all of it, must have come in.
_HEAD_SECONDS = 10.0
_BODY_SECONDS = 60.0
_MOST_CONNECTIONS = 1000
_LONGEST_HEAD = 16 << 10
_KEEP_ALIVE_SECONDS = 5
_LAST_ANSWERS_SECONDS = 30


class PatientProtocol(H11Protocol):
    """HTTP of which uvicorn itself bounds only the pause between two requests; here also how long one takes to come."""

    seconds: Mapping[Literal["head", "body"], float] = {"head": _HEAD_SECONDS, "body": _BODY_SECONDS}

    _part: Literal["head", "body"] | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a first header."""
        super().connection_made(transport)
        self._wait_for("head")

    def data_received(self, data: bytes) -> None:
        """Take it, and see what is still to come."""
        super().data_received(data)
        parts: dict[object, Literal["head", "body"]] = {h11.IDLE: "head", h11.SEND_BODY: "body"}
        self._wait_for(parts.get(self.conn.their_state))

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_for(None)
        super().connection_lost(exc)

    def _wait_for(self, part: Literal["head", "body"] | None) -> None:
        if part == self._part:
            return
        if self._timer:
            self._timer.cancel()
        self._part, self._timer = part, None
        if part:
            self._timer = self.loop.call_later(self.seconds[part], self.transport.abort)


def server(
    app: FastAPI, host: str, port: int, proxies: str, certificate: Path | None = None, key: Path | None = None
) -> uvicorn.Server:
    """A server that is not started yet; ``proxies``: the addresses of those that may say for whom they ask."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    return uvicorn.Server(config)
