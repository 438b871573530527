"""The page for clerks: one form that checks, sends and gives back the marked-up file, with or without a script."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import Literal, get_args
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from minsheng.core.errors import UserError
from minsheng.flows.handing_in import Handed, Reception, Reply
from minsheng.web.interface import as_download, handed_in
from minsheng.web.months import standing_of
from minsheng.web.refusals import WHERE, Refused
from minsheng.web.rendering import Result, desk_page, refusal, result_of, sign_in_page
from minsheng.web.service import COOKIE, Caller, by_session, require_try, service_of
from minsheng.web.tokens import sender_of
from minsheng.web.uploads import read_fields, read_upload, require_fitting

Action = Literal["check", "send", "marked"]

router = APIRouter()
_PAGES = files("minsheng.web") / "pages"


@router.get("/")
def home(request: Request) -> Response:
    """The desk of who has a session, else the place to begin one."""
    caller = by_session(request)
    return _desk(request, caller, None) if caller else HTMLResponse(sign_in_page())


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session by a token."""
    _require_own_site(request)
    service = service_of(request)
    token = (await read_fields(request)).get("token", "").strip()
    sender = sender_of(token, service.homes())
    if sender is None:
        refused = Refused(401, UserError("token_wrong", WHERE))
        return HTMLResponse(sign_in_page(refused), refused.status)
    request.state.sender = sender
    cookie = service.sessions.open(sender, service.clock(service.homes()[sender.county]))
    response = RedirectResponse("/", 303)
    is_secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, cookie, path="/", secure=is_secure, httponly=True, samesite="strict")
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session on this machine."""
    _require_own_site(request)
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


@router.post("/")
async def hand_in(request: Request) -> Response:
    """Check, send, or give back marked the file of the form."""
    _require_own_site(request)
    caller = await run_in_threadpool(by_session, request)
    if caller is None:
        refused = Refused(401, UserError("session_over", WHERE))
        return HTMLResponse(sign_in_page(refused), refused.status)
    try:
        action, reply = await _looked_at(request, caller)
    except Refused as refused:
        page = await run_in_threadpool(_desk, request, caller, refusal(refused))
        page.status_code = refused.status
        page.headers.update(refused.headers)
        return page
    if action == "marked" and reply.marked_up:
        return as_download(reply.marked_up)
    return await run_in_threadpool(_desk, request, caller, result_of(reply))


@router.get("/page.css")
def style() -> Response:
    """How it looks."""
    return Response(_file("page.css"), media_type="text/css; charset=utf-8")


@router.get("/page.js")
def script() -> Response:
    """What makes it quicker to use."""
    return Response(_file("page.js"), media_type="text/javascript; charset=utf-8")


async def _looked_at(request: Request, caller: Caller) -> tuple[Action, Reply]:
    """What was asked, and what came of it; raises Refused when it is not to be had."""
    service = service_of(request)
    require_fitting(request)
    require_try(request, caller)
    async with service.judging.place(caller.sender.token_id):
        upload = await read_upload(request)
        if not service.sessions.is_form_key(request.cookies[COOKIE], upload.fields.get("form_key", "")):
            raise Refused(403, UserError("session_over", WHERE))
        handed = handed_in(request, caller, upload.require_file())
        action = _action(upload.fields.get("action", ""))
        return action, await service.judging.do(partial(_work, action=action, handed=handed))


def _work(reception: Reception, action: Action, handed: Handed) -> Reply:
    if action == "send":
        return reception.receive(handed, unless_rejected=True)
    return reception.check(handed, marked=action == "marked")


def _action(given: str) -> Action:
    return next((action for action in get_args(Action) if action == given), "check")


def _desk(request: Request, caller: Caller, result: Result | None) -> HTMLResponse:
    standing = standing_of(caller.home, caller.county, caller.sender.unit_code, caller.moment)
    return HTMLResponse(desk_page(request, caller, standing, request.cookies[COOKIE], result))


def _require_own_site(request: Request) -> None:
    """Raises Refused for a form of another site; a browser that names none is held to the form's key."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused(403, UserError("foreign_form", WHERE))


def _file(name: str) -> bytes:
    return (_PAGES / name).read_bytes()
