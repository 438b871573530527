"""Our pages inside Airflow's own application: nobody sees one without a log-in, and none leads out of the reports."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.home import Installation
from minsheng.core.layout import begin
from minsheng.landing.content import land
from minsheng.landing.receipts import Receipt, Withheld, submission_id
from tests.dags.conftest import ROOT, Airflow

pytestmark = pytest.mark.slow

_ASK = """
import json, sys
import airflow.plugins_manager
airflow.plugins_manager.get_fastapi_plugins()
heavy = sorted({{"minsheng_pages", "markdown_it", "minsheng.watch"}} & set(sys.modules))
from airflow.api_fastapi.app import create_app
from starlette.testclient import TestClient
client = TestClient(create_app(), follow_redirects=False)
told = {{"heavy": heavy, "nobody": {{}}, "lead": {{}}, "home": client.get("/").text}}
for path in {paths!r}:
    told["nobody"][path] = client.get(path).status_code
token = client.post("/auth/token", json={{"username": "lead", "password": "secret"}}).json()["access_token"]
client.cookies.set("_token", token)
for path in {paths!r}:
    answer = client.get(path)
    told["lead"][path] = [answer.status_code, answer.headers.get("location", ""), answer.text[:4000]]
print(json.dumps(told))
"""
_CAME_AT = datetime(2022, 6, 3, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
_CONTENT = "一份报表".encode()


def _receipt(name: str, withheld: Withheld | None = None) -> Receipt:
    sha256 = hashlib.sha256(_CONTENT).hexdigest()
    key = submission_id("lushan-2022", "CGJ", name, sha256)
    return Receipt(key, "lushan-2022", "CGJ", name, sha256, len(_CONTENT), _CAME_AT, withheld=withheld)


FILE, WITHHELD = _receipt("5月.xlsx"), _receipt("名单.xlsx", Withheld("personal_data"))
_PAGES = {
    "/minsheng/": (307, "lushan/", ""),
    "/minsheng/lushan/": (200, "", "看板"),
    "/minsheng/nowhere/": (404, "", "没有这个县的看板"),
    "/minsheng/runbook": (200, "", "运行手册"),
    "/minsheng/run/open_period/one": (307, "../../#runs", ""),
    "/minsheng/lushan/reports/lushan-2022/2022-05.html": (200, "", "五月"),
    "/minsheng/lushan/reports/lushan-2022/secret.json": (404, "", "没有这一页"),
    "/minsheng/lushan/reports/..%2Foutbox%2Fmail.html": (404, "", "没有这一页"),
    "/minsheng/lushan/reports/link.html": (404, "", "没有这一页"),
    "/minsheng/lushan/letters/a-1": (200, "", "您的报表退回"),
    "/minsheng/lushan/letters/a-2": (404, "", "没有这封信"),
    f"/minsheng/lushan/files/{FILE.submission_id}": (200, "", "一份报表"),
    f"/minsheng/lushan/originals/{FILE.submission_id}/5月.xlsx": (200, "", "一份报表"),
    f"/minsheng/lushan/files/{WITHHELD.submission_id}": (404, "", "没有留存"),
}


@pytest.fixture
def told(airflow: Airflow, tmp_path: Path) -> Any:
    """What each page answers to nobody, and to a viewer."""
    home = Installation(tmp_path / "home").home("lushan")
    begin(home)
    for name, text in (("reports/lushan-2022/2022-05.html", "五月"), ("reports/lushan-2022/secret.json", "{}")):
        (home.root / name).parent.mkdir(parents=True, exist_ok=True)
        (home.root / name).write_text(text, encoding="utf-8")
    (home.root / "outbox").mkdir()
    (home.root / "outbox" / "mail.html").write_text("geheim", encoding="utf-8")
    (home.reports / "link.html").symlink_to(home.root / "outbox" / "mail.html")
    land(home, FILE, _CONTENT)
    land(home, WITHHELD, _CONTENT)
    letter = EmailMessage()
    letter["To"] = "geheim@lushan.example"
    letter.set_content("您的报表退回")
    (home.outbox / "sent" / "CGJ").mkdir(parents=True)
    (home.outbox / "sent" / "CGJ" / "a-1.eml").write_bytes(letter.as_bytes())
    boards = home.installation.watch / "boards"
    boards.mkdir(parents=True)
    (boards / "lushan.html").write_text("看板", encoding="utf-8")
    passwords = tmp_path / "passwords.json"
    passwords.write_text(json.dumps({"lead": "secret"}), encoding="utf-8")
    env = {
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "lead:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "MINSHENG_HOME": str(home.installation.root),
    }
    return airflow.python(_ASK.format(paths=list(_PAGES)), **env)


def test_pages_are_for_whoever_is_logged_in_and_lead_nowhere_else(told: Any) -> None:
    assert told["nobody"] == dict.fromkeys(_PAGES, 401)
    for path, (code, location, text) in _PAGES.items():
        answered = told["lead"][path]
        assert (answered[0], answered[1]) == (code, location), path
        assert text in answered[2]
    assert "geheim" not in json.dumps(told, ensure_ascii=False)
    assert told["heavy"] == []
    assert all(key in told["home"] for key in ("zh-CN", "Asia/Shanghai"))
