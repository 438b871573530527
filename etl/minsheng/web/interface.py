"""The interface for programs: everything by token, everything about the unit it speaks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from minsheng.core.clock import county_time
from minsheng.core.errors import UserError
from minsheng.flows.handing_in import Handed, Reception, Reply
from minsheng.mail.message import Attachment
from minsheng.web.answers import as_json, judged_json
from minsheng.web.months import form_path, standing_of
from minsheng.web.refusals import WHERE, Refused
from minsheng.web.service import Caller, by_either, by_token, require_reporter, require_try, service_of
from minsheng.web.uploads import Upload, read_upload, require_fitting

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKED = Query(description="answer with the marked-up workbook")

router = APIRouter()


@router.get("/health")
def health() -> dict[str, str]:
    """Whether the service is there."""
    return {"status": "ok"}


@router.post("/checks")
async def check(request: Request, marked: Annotated[bool, _MARKED] = False) -> Response:
    """What would become of a file; it is not kept."""
    caller = by_token(request)
    is_marked = marked or _prefers_workbook(request)
    reply = await judged(request, caller, partial(Reception.check, marked=is_marked))
    return _answer(reply, 200, is_marked)


@router.post("/submissions")
async def submit(request: Request, marked: Annotated[bool, _MARKED] = False) -> Response:
    """Hand a file in: 201 when it was taken, 200 when it was here before, 422 when it must not be kept."""
    caller = by_token(request)
    is_marked = marked or _prefers_workbook(request)
    reply = await judged(request, caller, partial(Reception.receive, marked=is_marked))
    is_withheld = reply.receipt is not None and reply.receipt.withheld is not None
    return _answer(reply, 422 if is_withheld else 201 if reply.is_new else 200, is_marked)


@router.get("/submissions/{reference}")
async def submission(request: Request, reference: str) -> Response:
    """What became of a file the unit handed in; what is another's is as unknown as what never was."""
    caller = by_token(request)
    looked_up = partial(Reception.judged, home=caller.home, unit_code=caller.sender.unit_code, reference=reference)
    found = await service_of(request).judging.do(looked_up)
    if found is None:
        raise Refused(404, UserError("nothing_here", WHERE))
    return JSONResponse(judged_json(found))


@router.get("/months")
def months(request: Request) -> list[dict[str, Any]]:
    """How the unit stands with its months, newest first."""
    caller = by_token(request)
    standing = standing_of(caller.home, caller.county, caller.sender.unit_code, caller.moment)
    return [asdict(month) | {"due": month.due_words(caller.moment)} for month in standing.months]


@router.get("/form")
def form(request: Request, period: str | None = None) -> Response:
    """The unit's form of a month, else of the one to be reported now."""
    caller = by_either(request)
    standing = standing_of(caller.home, caller.county, caller.sender.unit_code, caller.moment)
    month = standing.month(period) if period else standing.current
    path = form_path(caller.home, caller.county, caller.sender.unit_code, month) if month else None
    if path is None or not path.is_file():
        raise Refused(404, UserError("form_missing", WHERE))
    return as_download(Attachment(path.name, path.read_bytes()))


async def judged(request: Request, caller: Caller, work: Callable[..., Reply]) -> Reply:
    """Have the file of a request looked at by ``work`` (reception, handed); raises Refused when it cannot be."""
    service = service_of(request)
    require_fitting(request)
    require_reporter(caller)
    require_try(request, caller)
    async with service.judging.place(caller.sender.token_id):
        upload = (await read_upload(request)).require_file()
        return await service.judging.do(partial(work, handed=handed_in(request, caller, upload)))


def handed_in(request: Request, caller: Caller, upload: Upload) -> Handed:
    """The file of a form: received now that it has come in whole, not when it began to."""
    moment = county_time(service_of(request).clock(caller.home))
    return Handed(caller.home, caller.sender.unit_code, upload.file_name, upload.content, moment, upload.said)


def as_download(attachment: Attachment, headers: dict[str, str] | None = None) -> Response:
    """A workbook to be saved under its name."""
    plain = "".join(char for char in attachment.name if (char.isascii() and char.isalnum()) or char in "._-")
    plain = plain if plain.partition(".")[0] else f"workbook{plain}"  # for programs that take no other
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(attachment.name)}"
    return Response(attachment.content, 200, {"Content-Disposition": disposition, **(headers or {})}, WORKBOOK)


def _prefers_workbook(request: Request) -> bool:
    return WORKBOOK in request.headers.get("accept", "")


def _answer(reply: Reply, status: int, is_marked: bool) -> Response:
    """The marked-up workbook where that was asked for and can be made, else JSON."""
    if is_marked and reply.marked_up:
        response = as_download(reply.marked_up, {"Minsheng-Verdict": reply.checked.verdict})
        response.status_code = status
        return response
    return JSONResponse(as_json(reply), status)
