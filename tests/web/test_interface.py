"""The interface for programs, on a real server: what a unit gets, and what nobody but that unit gets."""

from __future__ import annotations

import io
from datetime import timedelta

import httpx
import openpyxl
import pytest

from minsheng.core.errors import UserError
from minsheng.flows.handing_in import Reception
from minsheng.landing import all_receipts
from minsheng.stages.parse import parse
from minsheng.stages.validate import validate
from tests.county import CONTACTS, IN_TIME
from tests.web.conftest import Desk
from tests.workbooks import as_bytes, manholes

pytestmark = pytest.mark.slow

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERSON = "410423190001010028"


def upload(name: str, content: bytes) -> dict[str, tuple[str, bytes]]:
    return {"file": (name, content)}


def test_a_file_is_taken_answered_in_the_words_of_the_mail_and_known_when_it_comes_again(desk: Desk) -> None:
    content = as_bytes(manholes())
    with desk.client(desk.token) as client:
        taken = client.post("/submissions", files=upload("五月.xlsx", content))
        again = client.post("/submissions", files=upload("五月.xlsx", content))
    assert (taken.status_code, again.status_code) == (201, 200)
    told, known = taken.json(), again.json()
    keys = ("file", "unit_code", "period", "verdict")
    assert [told[key] for key in keys] == ["五月.xlsx", "CGJ", "2022-05", "accepted"]
    assert (known["verdict"], known["is_new"], known["submission_id"]) == ("duplicate", False, told["submission_id"])
    assert "正式结论在下一次整点核对后以邮件告知" in told["text"] and "此前已经收到" in known["text"]
    receipts = [one for one in all_receipts(desk.county.home) if one.submission_id == told["submission_id"]]
    assert [(one.unit_code, one.received_at.isoformat()) for one in receipts] == [("CGJ", told["received_at"])]


def test_what_was_decided_is_told_by_its_reference_to_its_own_unit_only(desk: Desk) -> None:
    with desk.client(desk.token) as client, desk.client(desk.other_token) as other:
        taken = client.post("/submissions", files=upload("错.xlsx", as_bytes(manholes(600, 520)))).json()
        reference = f"/submissions/{taken['submission_id']}"
        assert (taken["verdict"], taken["is_stored"]) == ("rejected", True)
        assert client.get(reference).json()["verdict"] is None
        run = desk.county.run(desk.moment + timedelta(minutes=1))
        parse(run)
        validate(run, CONTACTS)
        desk.moment = run.as_of
        told = client.get(reference).json()
        foreign, missing = other.get(reference), other.get("/submissions/0123456789abcdef")
    assert (told["verdict"], told["findings"]) == ("rejected", taken["findings"])
    assert {"rule", "severity", "sheet", "cell", "found", "message", "remedy"} <= told["findings"][0].keys()
    assert all(finding["message"] in taken["text"] for finding in told["findings"])
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize(("path", "headers"), [("/checks?marked=1", {}), ("/checks", {"Accept": WORKBOOK})])
def test_a_faulty_file_comes_back_marked_where_that_is_asked_for(
    desk: Desk, path: str, headers: dict[str, str]
) -> None:
    with desk.client(desk.token) as client:
        answer = client.post(path, files=upload("错.xlsx", as_bytes(manholes(600, 520))), headers=headers)
    assert answer.headers["minsheng-verdict"] == "rejected"
    assert answer.headers["content-disposition"].startswith('attachment; filename="workbook.xlsx"; filename*=')
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "退回清单"


def test_of_a_file_with_personal_data_it_is_said_where_they_are_and_nothing_is_kept(desk: Desk) -> None:
    workbook = manholes()
    workbook["填报"]["B20"] = PERSON
    with desk.client(desk.token) as client:
        answer = client.post("/submissions", files=upload(f"{PERSON}.xlsx", as_bytes(workbook)))
    told = answer.json()
    assert (answer.status_code, told["verdict"], told["is_stored"]) == (422, "rejected", False)
    assert any((finding["sheet"], finding["cell"]) == ("填报", "B20") for finding in told["findings"])
    assert PERSON not in answer.text
    kept = [path.read_bytes() for path in desk.county.home.landing.rglob("*") if path.is_file()]
    assert kept and not any(PERSON.encode() in content for content in kept)


def test_a_unit_sees_its_months_and_gets_its_form(desk: Desk) -> None:
    with desk.client(desk.token) as client:
        months = client.get("/months").json()
        form = client.get("/form", params={"period": "2022-05"})
        assert client.get("/form", params={"period": "2022-07"}).status_code == 404
        assert client.get("/form", params={"period": "../2022-05"}).status_code == 404
    assert [month["period"] for month in months] == ["2022-05", "2022-04", "2022-03"]
    assert months[0]["due_at"] == "2022-06-06T18:00:00+08:00"
    assert months[0]["due"].startswith("6月6日（星期一）18:00 截止，还有 3 天")
    sheet = openpyxl.load_workbook(io.BytesIO(form.content))["填报"]
    assert "M03-01" in {str(cell.value) for row in sheet.iter_rows() for cell in row}
    named = form.headers["content-disposition"]
    assert named.startswith("attachment; filename=\"CGJ__2022-05.xlsx\"; filename*=UTF-8''CGJ_%E5%9F%8E")


FOREIGN = [
    ("GET", "/months"),
    ("GET", "/form?period=2022-05"),
    ("GET", "/submissions/0123456789abcdef"),
    ("POST", "/submissions"),
    ("POST", "/checks"),
]


@pytest.mark.parametrize(("method", "path"), FOREIGN)
def test_wrong_foreign_and_missing_tokens_get_one_answer_and_leave_nothing(desk: Desk, method: str, path: str) -> None:
    county, unit, secret = desk.token.split(".")
    before = all_receipts(desk.county.home)
    answers = set()
    for token in (None, "x", f"{county}.MZJ.{secret}", f"nirgends.{unit}.{secret}", f"{county}.{unit}.{secret}x"):
        with desk.client(token) as client:
            files = upload("x.xlsx", b"x") if method == "POST" else None
            answer = client.request(method, path, files=files)
        answers.add((answer.status_code, answer.text))
    ((status, text),) = answers
    assert status == 401 and "口令不对，或已经作废" in text
    assert all_receipts(desk.county.home) == before


@pytest.mark.parametrize(
    "path",
    ["/tokens.json", "/..%2ftokens.json", "/lushan/landing", "/page.css/../app.py", "/docs", "/openapi.json", "/admin"],
)
def test_a_guessed_path_shows_nothing(desk: Desk, path: str) -> None:
    with desk.client(desk.token) as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json() == {"error": "nothing_here", "message": "没有这一项", "remedy": "请核对地址"}


def test_no_answer_speaks_of_the_inside_of_the_machine(desk: Desk) -> None:
    tokens = desk.county.home.tokens
    kept = tokens.read_bytes()
    with desk.client(desk.token) as client:
        try:
            tokens.write_text("damaged")
            ours = client.get("/months")
        finally:
            tokens.write_bytes(kept)
        answers = [
            ours,
            client.post("/checks", content=b"x", headers={"Content-Type": "text/plain"}),
            client.post("/checks", content=b"x", headers={"Content-Type": "multipart/form-data; boundary=y"}),
            client.post("/checks", files={"file": ("", b"")}),
            client.request("DELETE", "/months"),
            client.post("/checks?marked=perhaps", files=upload("x.xlsx", b"")),
        ]
    assert [answer.status_code for answer in answers] == [503, 415, 400, 422, 405, 422]
    for answer in answers:
        assert set(answer.json()) == {"error", "message", "remedy"}
        assert str(desk.county.home.root) not in answer.text and "Traceback" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("accepted", ["application/json", "text/html"])
def test_a_fault_of_ours_is_logged_and_not_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, accepted: str
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RuntimeError("the inside of the machine")

    monkeypatch.setattr(Reception, "check", stumble)
    with desk.client(desk.token, Accept=accepted) as client:
        answer = client.post("/checks", files=upload("x.xlsx", b"x"))
        assert client.get("/health").status_code == 200
    assert (answer.status_code, answer.headers["x-frame-options"]) == (500, "DENY")
    assert "系统暂时不能受理" in answer.text and "inside" not in answer.text
    assert "RuntimeError: the inside of the machine" in caplog.text


def test_a_service_whose_clock_has_jumped_takes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_receipts(desk.county.home)
    monkeypatch.setattr(desk, "trouble", UserError("clock_gone_back", "系统时钟", now="", written=""))
    with desk.client(desk.token) as client:
        answer = client.post("/submissions", files=upload("x.xlsx", b"x"))
    assert (answer.status_code, answer.json()["error"]) == (503, "service_unable")
    assert all_receipts(desk.county.home) == before


def test_health_asks_for_no_token(desk: Desk) -> None:
    assert httpx.get(f"{desk.url}/health", trust_env=False).json() == {"status": "ok"}
    assert desk.moment >= IN_TIME
