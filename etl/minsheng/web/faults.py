"""Refusals and faults as answers: a sentence in Chinese, and nothing of the inside of this machine."""

from __future__ import annotations

import logging

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from minsheng.core.errors import BusyError, UserError
from minsheng.web.refusals import WHERE, Refused
from minsheng.web.rendering import error_page

log = logging.getLogger("minsheng.web")

_RETRY_SECONDS = 30
# Errors of the flow that a unit can do something about. Of any other it is told only that it is ours.
_TOLD = {"county_not_begun": 409, "too_much_waiting": 429}
_ABSENT = (404, 405)


def install(app: FastAPI) -> None:
    """Have whatever is said no to answered here; faults of ours are the shell's."""
    app.add_exception_handler(Refused, lambda request, error: answer_refused(request, _refused(error)))
    app.add_exception_handler(UserError, lambda request, error: answer_refused(request, _refused(error)))
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _http)


def answer_refused(request: Request, refused: Refused) -> Response:
    """The answer, as a page for whoever looks at one."""
    error = refused.error
    if "text/html" in request.headers.get("accept", ""):
        content = error_page(refused)
        return Response(content, refused.status, refused.headers, "text/html; charset=utf-8")
    told = {"error": error.code, "message": error.problem, "remedy": error.remedy}
    return JSONResponse(told, refused.status, refused.headers)


def _refused(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, UserError) and error.code in _TOLD:
        return Refused(_TOLD[error.code], error)
    log.error("%s", error)
    if isinstance(error, BusyError):
        return Refused(503, UserError("service_busy", WHERE), retry_seconds=_RETRY_SECONDS)
    return Refused(503, UserError("service_unable", WHERE))


def _unfit(request: Request, error: Exception) -> Response:
    return answer_refused(request, Refused(422, UserError("request_unfit", WHERE)))


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = UserError("nothing_here", WHERE) if status in _ABSENT else UserError("request_unfit", WHERE)
    return answer_refused(request, Refused(status, code))
