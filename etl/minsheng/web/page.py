"""The page for clerks: one form that checks, sends and gives back the marked-up file, with or without a script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from importlib.resources import files
from typing import Literal, get_args
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.flows.handing_in import Handed, Reception, Reply, ToSign
from minsheng.warehouse.signing import Signer
from minsheng.web.interface import as_download, handed_in
from minsheng.web.months import standing_of
from minsheng.web.refusals import WHERE, Refused
from minsheng.web.rendering import Result, desk_page, refusal, result_of, sign_in_page, signing_result
from minsheng.web.service import COOKIE, Caller, by_session, require_reporter, require_try, service_of
from minsheng.web.tokens import sender_of
from minsheng.web.uploads import read_fields, read_upload, require_fitting

Action = Literal["check", "send", "marked"]

router = APIRouter()
_PAGES = files("minsheng.web") / "pages"


@router.get("/")
async def home(request: Request) -> Response:
    """The desk of who has a session, else the place to begin one."""
    caller = await run_in_threadpool(by_session, request)
    return await _desk(request, caller, None) if caller else HTMLResponse(sign_in_page())


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
    return await _done_at_desk(request, _looked_at)


@router.post("/sign")
async def sign_report(request: Request) -> Response:
    """Sign the report that the form names, for who came with a signer's token."""
    return await _done_at_desk(request, _signed)


@router.get("/page.css")
def style() -> Response:
    """How it looks."""
    return Response(_file("page.css"), media_type="text/css; charset=utf-8")


@router.get("/page.js")
def script() -> Response:
    """What makes it quicker to use."""
    return Response(_file("page.js"), media_type="text/javascript; charset=utf-8")


async def _done_at_desk(request: Request, act: Callable[[Request, Caller], Awaitable[Result | Response]]) -> Response:
    """What ``act`` gives, at the desk of who has a session; what it refuses is told there, too."""
    _require_own_site(request)
    caller = await run_in_threadpool(by_session, request)
    if caller is None:
        refused = Refused(401, UserError("session_over", WHERE))
        return HTMLResponse(sign_in_page(refused), refused.status)
    try:
        given = await act(request, caller)
    except Refused as refused:
        return await _refused_at_desk(request, caller, refused)
    return given if isinstance(given, Response) else await _desk(request, caller, given)


async def _looked_at(request: Request, caller: Caller) -> Result | Response:
    """What came of a file, or the file marked; raises Refused when it is not to be had."""
    service = service_of(request)
    require_fitting(request)
    require_reporter(caller)
    require_try(request, caller)
    async with service.judging.place(caller.sender.token_id):
        upload = await read_upload(request)
        if not service.sessions.is_form_key(request.cookies[COOKIE], upload.fields.get("form_key", "")):
            raise Refused(403, UserError("session_over", WHERE))
        handed = handed_in(request, caller, upload.require_file())
        action = _action(upload.fields.get("action", ""))
        reply = await service.judging.do(partial(_work, action=action, handed=handed))
    return as_download(reply.marked_up) if action == "marked" and reply.marked_up else result_of(reply, handed.said)


def _work(reception: Reception, action: Action, handed: Handed) -> Reply:
    if action == "send":
        return reception.receive(handed, unless_rejected=True)
    return reception.check(handed, marked=action == "marked")


def _action(given: str) -> Action:
    return next((action for action in get_args(Action) if action == given), "check")


async def _signed(request: Request, caller: Caller) -> Result:
    """What came of a signature; raises Refused when it is not to be had."""
    service = service_of(request)
    require_try(request, caller)
    fields = await read_fields(request)
    if not service.sessions.is_form_key(request.cookies[COOKIE], fields.get("form_key", "")):
        raise Refused(403, UserError("session_over", WHERE))
    if not caller.is_signer:
        raise Refused(403, UserError("reporter_signs", WHERE))
    name = f"{caller.unit_name}审签人（网上，口令 {caller.sender.token_id}）"
    signer = Signer(caller.sender.unit_code, name, "网上审签", county_time(service.clock(caller.home)))
    reference = fields.get("reference", "")
    work = partial(Reception.sign, home=caller.home, county=caller.county, reference=reference, signer=signer)
    async with service.judging.place(caller.sender.token_id):
        return signing_result(await service.judging.do(work))


async def _refused_at_desk(request: Request, caller: Caller, refused: Refused) -> Response:
    page = await _desk(request, caller, refusal(refused))
    page.status_code = refused.status
    page.headers.update(refused.headers)
    return page


async def _desk(request: Request, caller: Caller, result: Result | None) -> HTMLResponse:
    """The desk; of who signs with what waits for him."""
    to_sign: list[ToSign] = []
    if caller.is_signer:
        work = partial(
            Reception.unsigned,
            home=caller.home,
            county=caller.county,
            unit_code=caller.sender.unit_code,
            moment=service_of(request).clock(caller.home),
        )
        to_sign = await service_of(request).judging.do(work)
    return await run_in_threadpool(_shown, request, caller, result, to_sign)


def _shown(request: Request, caller: Caller, result: Result | None, to_sign: list[ToSign]) -> HTMLResponse:
    standing = standing_of(caller.home, caller.county, caller.sender.unit_code, caller.moment)
    return HTMLResponse(desk_page(request, caller, standing, request.cookies[COOKIE], result, to_sign))


def _require_own_site(request: Request) -> None:
    """Raises Refused for a form of another site; a browser that names none is held to the form's key."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused(403, UserError("foreign_form", WHERE))


def _file(name: str) -> bytes:
    return (_PAGES / name).read_bytes()
