"""Around every request: who asks too often is held back, what is answered is safe to show, what happened is logged.

The log names unit and token number, never a token, a file's name, a person or an address.
"""

from __future__ import annotations

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from minsheng.core.errors import UserError
from minsheng.web.faults import answer_refused
from minsheng.web.refusals import WHERE, Refused
from minsheng.web.service import service_of

log = logging.getLogger("minsheng.web")

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_FOR_A_YEAR = "max-age=31536000"


class Shell:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message), scope["scheme"])
            await send(message)

        request = Request(scope, receive)
        try:
            if refused := _asks_too_often(request):
                await answer_refused(request, refused)(scope, receive, told)
            else:
                await self._app(scope, receive, told)
        except ClientDisconnect:  # went away, or was cut off
            pass
        except Exception:
            log.exception("a fault of ours")
            if not status:
                await answer_refused(request, Refused(500, UserError("service_unable", WHERE)))(scope, receive, told)
        finally:
            _log(scope, status, time.monotonic() - began)


def _asks_too_often(request: Request) -> Refused | None:
    address = request.client.host if request.client else ""
    wait = service_of(request).tries_by_address.wait(address)
    return (
        Refused(429, UserError("too_many_requests", WHERE, seconds=round(wait) or 1), retry_seconds=wait)
        if wait
        else None
    )


def _add_headers(headers: MutableHeaders, scheme: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
    if scheme == "https":
        headers["Strict-Transport-Security"] = _FOR_A_YEAR


def _log(scope: Scope, status: int, seconds: float) -> None:
    """The route as it was declared: a path somebody guessed may hold anything."""
    route = getattr(scope.get("route"), "path", "-")
    sender = scope.get("state", {}).get("sender")
    who = f"{sender.county} {sender.unit_code} {sender.token_id}" if sender else "-"
    log.info("%s %s %s %.0f ms %s", scope["method"], route, status or "-", seconds * 1000, who)
