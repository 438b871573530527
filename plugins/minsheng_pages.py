"""The board, a county's reports and the runbook, for whoever is logged in to Airflow and may read the DAG ``watch``.

Served are pages that were written before, by the watch and by the stage ``report``, and letters and files as they are
kept: no warehouse is opened here, which would keep the stages waiting (docs/adr/0040).
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
from airflow.api_fastapi.core_api.security import get_user
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from markdown_it import MarkdownIt

from minsheng.core.home import Home, Installation
from minsheng.core.settings import read_settings
from minsheng.watch.runs import last_run

RUNBOOK = Path(__file__).resolve().parents[1] / "docs" / "runbook.md"
_NOT_YET = "看板还没有生成：DAG“值守”每小时写一次，也可以手工运行一次。"
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 1100px; margin: 0 auto; padding: 16px; font: 15px/1.6 sans-serif; overflow-wrap: anywhere; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
td, th {{ border: 1px solid #ddd; padding: 4px 8px; vertical-align: top; text-align: left; }}
code {{ background: #f3f3f3; }}
:target {{ background: #fff3c4; }}
</style></head><body>{body}</body></html>
"""
# A unit's file is only ever saved, whatever it says it is.
_UNTRUSTED = {"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff"}
router = APIRouter()


@cache
def application() -> FastAPI:
    """All pages, none of them without a log-in."""
    app = FastAPI(dependencies=[Depends(require_reader)], openapi_url=None)
    app.include_router(router)
    return app


def require_reader(user: Annotated[BaseUser, Depends(get_user)]) -> None:
    """Refuse whoever may not read the DAG that writes the board; ``get_user`` refuses whoever is not logged in."""
    if not get_auth_manager().is_authorized_dag(method="GET", details=DagDetails(id="watch"), user=user):
        raise HTTPException(403, "没有查看看板的权限")


@router.get("/")
def all_boards() -> Response:
    """The page of all counties, or the board of the only one."""
    counties = sorted(path.stem for path in _boards().glob("*.html") if path.stem != "index")
    if len(counties) == 1:
        return RedirectResponse(f"{counties[0]}/")
    return HTMLResponse(_text(_boards() / "index.html") or _PAGE.format(title="看板", body=_NOT_YET))


@router.get("/run/{dag_id}/{run_id}")
def board_of_run(dag_id: str, run_id: str) -> Response:
    """The board, at the month of a run where it is the last one of its DAG and was about one month."""
    ended = last_run(_installation(), dag_id)
    month = ended.period if ended and ended.run_id == run_id else None
    return RedirectResponse(f"../../{f'#{quote(month)}' if month else '#runs'}")


@router.get("/runbook")
def runbook() -> Response:
    """The runbook, with an anchor at the section of each DAG and of each alarm."""
    return HTMLResponse(_runbook())


@router.get("/{county}/")
def board(county: str) -> Response:
    """A county's board."""
    page = _text(_boards() / f"{county}.html") if _is_known(county) else None
    if page is None:
        raise HTTPException(404, "没有这个县的看板")
    return HTMLResponse(page)


@router.get("/{county}/reports/{path:path}")
def report(county: str, path: str) -> Response:
    """A page of a county's reports; nothing else that lies there, and nothing that lies elsewhere."""
    folder = _home(county).reports.resolve()
    file = (folder / path).resolve()
    if not (file.is_relative_to(folder) and file.suffix == ".html" and file.is_file()):
        raise HTTPException(404, "没有这一页")
    return FileResponse(file, media_type="text/html")


@router.get("/{county}/letters/{mail_id}")
def letter(county: str, mail_id: str) -> Response:
    """What a letter of the county says, wherever it is on its way; without the addresses in its head."""
    from minsheng.mail.folders import STATES, mails

    home = _home(county)
    found = next((eml for state in STATES for eml in mails(home, state) if eml.stem == mail_id), None)
    body = message_from_bytes(found.read_bytes(), policy=default).get_body(("html", "plain")) if found else None
    if not isinstance(body, EmailMessage):
        raise HTTPException(404, "没有这封信")
    text = str(body.get_content())
    is_html = body.get_content_type() == "text/html"
    page = text if is_html else _PAGE.format(title="信", body=f"<pre>{escape(text)}</pre>")
    return HTMLResponse(page, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})


@router.get("/{county}/files/{submission_id}")
@router.get("/{county}/originals/{submission_id}/{name}")
def submitted_file(county: str, submission_id: str) -> Response:
    """A file as its unit sent it, to be saved; what was withheld was never kept. Reports lead here by its name."""
    from minsheng.core.errors import DamagedError
    from minsheng.landing import find_receipt, read_content
    from minsheng.landing.receipts import plans

    home = _home(county)
    found = (find_receipt(home, plan_id, submission_id) for plan_id in plans(home))
    receipt = next(filter(None, found), None)
    if receipt is None or receipt.withheld:
        raise HTTPException(404, "没有这个文件，或没有留存")
    try:
        content = read_content(home, receipt.plan_id, receipt.sha256)
    except DamagedError as error:
        raise HTTPException(404, str(error)) from None
    name = quote(Path(receipt.file_name).name)
    return Response(content, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"} | _UNTRUSTED)


def _home(county: str) -> Home:
    if not _is_known(county):
        raise HTTPException(404, "没有这个县")
    return _installation().home(county)


def _installation() -> Installation:
    return Installation(read_settings().home)


def _is_known(county: str) -> bool:
    return county != "index" and county in {path.stem for path in _boards().glob("*.html")}


def _boards() -> Path:
    return _installation().watch / "boards"


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


@cache
def _runbook() -> str:
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(_text(RUNBOOK) or "")
    for heading, words in pairwise(tokens):
        code = next((each.content for each in words.children or () if each.type == "code_inline"), None)
        if heading.type == "heading_open" and code:
            heading.attrSet("id", code)
    return _PAGE.format(title="运行手册", body=markdown.renderer.render(tokens, markdown.options, {}))
