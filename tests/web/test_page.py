"""The page without a browser's help: what it shows, to whom, and what it takes from whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest

from minsheng.flows.explaining import doubt_key
from minsheng.flows.handing_in import Reply
from minsheng.flows.precheck import Checked
from minsheng.landing import all_receipts
from minsheng.validation.finding import Finding
from minsheng.web.rendering import result_of
from minsheng.web.service import COOKIE
from minsheng.web.tokens import new_token, read_tokens, revoke_token
from tests.county import IN_TIME, ZONE
from tests.web.conftest import Desk
from tests.workbooks import as_bytes, manholes

pytestmark = pytest.mark.slow


def form_key(page: str) -> str:
    found = re.search(r'name="form_key" value="(\w+)"', page)
    assert found
    return found[1]


def hand_in(
    client: httpx.Client, action: str, name: str, content: bytes, said: dict[str, str] | None = None
) -> httpx.Response:
    fields = {"form_key": form_key(client.get("/").text), "action": action, **(said or {})}
    return client.post("/", data=fields, files={"file": (name, content)})


def test_a_session_is_of_the_token_that_was_shown_and_dies_with_it(desk: Desk) -> None:
    token = new_token(desk.county.home, "CGJ", IN_TIME)
    with desk.client(Accept="text/html") as client:
        wrong = client.post("/sign-in", data={"token": token[:-1]})
        assert (wrong.status_code, "口令不对，或已经作废" in wrong.text, "set-cookie" in wrong.headers) == (
            401,
            True,
            False,
        )
        entered = client.post("/sign-in", data={"token": f" {token}\n"})
        kept = entered.headers["set-cookie"]
        assert token.rpartition(".")[2] not in kept
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(kept.split("; "))
        assert "县城管局" in client.get("/").text
        number = read_tokens(desk.county.home)[-1].token_id
        revoke_token(desk.county.home, number, IN_TIME + timedelta(hours=1))
        assert "县城管局" not in client.get("/").text
        assert hand_in_blind(client).status_code == 401


def hand_in_blind(client: httpx.Client, **headers: str) -> httpx.Response:
    return client.post("/", data={"action": "send", "form_key": "0"}, files={"file": ("a.xlsx", b"a")}, headers=headers)


def test_the_cookie_is_for_tls_only_where_there_is_tls(desk: Desk) -> None:
    with desk.client(Accept="text/html") as client:
        assert "Secure" not in client.post("/sign-in", data={"token": desk.token}).headers["set-cookie"]
        forwarded = client.post("/sign-in", data={"token": desk.token}, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" not in forwarded.headers["set-cookie"]  # nobody may say so who is no proxy of ours


def test_without_a_script_a_file_is_checked_then_sent_and_a_faulty_one_is_not(desk: Desk) -> None:
    good, bad = as_bytes(manholes(210, 610)), as_bytes(manholes(600, 520))
    with desk.signed_in() as client:
        before = len(all_receipts(desk.county.home))
        refused = hand_in(client, "send", "错.xlsx", bad)
        assert "核对没有通过，没有报送" in refused.text and "填报!F6" in refused.text
        assert len(all_receipts(desk.county.home)) == before
        sent = hand_in(client, "send", "好.xlsx", good)
    assert re.search(r"<h2 [^>]*>已报送</h2>", sent.text) and "编号" in sent.text
    receipt = all_receipts(desk.county.home)[-1]
    assert len(all_receipts(desk.county.home)) == before + 1 and receipt.submission_id in sent.text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_of_another_site_is_not_taken(desk: Desk, origin: str) -> None:
    before = all_receipts(desk.county.home)
    with desk.signed_in() as client:
        assert hand_in_blind(client, Origin=origin).status_code == 403
        assert hand_in_blind(client).status_code == 403  # without the form's key
        assert client.post("/sign-in", data={"token": desk.token}, headers={"Origin": origin}).status_code == 403
    assert all_receipts(desk.county.home) == before


def test_nobody_gets_in_with_a_cookie_of_their_own_making(desk: Desk) -> None:
    with desk.signed_in() as client:
        cookie = client.cookies[COOKIE]
    for wrong in (cookie.replace("CGJ", "MZJ"), cookie[:-1] + ("0" if cookie[-1] != "0" else "1"), desk.token, "x"):
        with desk.client(Accept="text/html", Cookie=f"{COOKIE}={wrong}") as client:
            page = client.get("/").text
        assert "单位口令" in page and "县民政局" not in page and "县城管局" not in page


def test_the_interface_is_not_opened_by_a_cookie(desk: Desk) -> None:
    with desk.signed_in() as client:
        assert client.post("/submissions", files={"file": ("a.xlsx", b"a")}).status_code == 401
        assert client.get("/months").status_code == 401
        assert client.get("/form", params={"period": "2022-05"}).status_code == 200


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2022, 6, 6, 15, 30, tzinfo=ZONE), "6月6日（星期一）18:00 截止，还有 2 小时"),
        (datetime(2022, 6, 6, 17, 30, tzinfo=ZONE), "6月6日（星期一）18:00 截止，还有不到 1 小时"),
        (datetime(2022, 6, 9, 9, 0, tzinfo=ZONE), "已于 6月6日（星期一）18:00 截止，已逾期 2 天，请尽快报送"),
        (datetime(2022, 6, 20, 9, 0, tzinfo=ZONE), "本月已定稿，现在报送记为补报"),
        (datetime(2022, 7, 1, 9, 0, tzinfo=ZONE), "2022年6月报表尚未开放"),
    ],
)
def test_when_a_month_is_due_is_said_in_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: datetime, told: str
) -> None:
    monkeypatch.setattr(desk, "moment", moment)
    with desk.signed_in() as client:
        assert told in client.get("/").text


def test_nothing_a_file_is_called_or_holds_becomes_a_part_of_the_page(desk: Desk) -> None:
    workbook = manholes()
    workbook["填报"]["F6"] = "<script>alert(1)</script>"
    with desk.signed_in() as client:
        page = hand_in(client, "check", '"><img src=x onerror=alert(1)>.xlsx', as_bytes(workbook)).text
    assert "<img" not in page and "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page and "onerror=alert(1)&gt;.xlsx" in page


def test_a_doubt_is_explained_beside_it_and_sent_with_the_file(desk: Desk) -> None:
    content = as_bytes(manholes(1250, 1650))
    with desk.signed_in() as client:
        checked = hand_in(client, "check", "5月.xlsx", content).text
        (key,) = re.findall(r'<textarea id="(why-[0-9a-f]+)" name="why-[0-9a-f]+" form="hand-in"', checked)
        assert f'<label for="{key}">' in checked and "连同说明报送这份文件" in checked
        sent = hand_in(client, "send", "5月.xlsx", content, {key: "一次</p>\x0b完工"}).text
    assert "写明为什么，重新报送整份表" not in checked
    assert "已收到说明“一次&lt;/p&gt; 完工”" in sent and "<textarea" not in sent
    assert all_receipts(desk.county.home)[-1].submission_id in sent


def test_what_has_been_said_stays_in_its_field() -> None:
    doubt = Finding("H04", "warn", "填报", "F6", "1250", "", "", asks_why=True)
    said = {doubt_key(doubt): "一次</textarea>完工"}
    told = replace(doubt, explanation=said[doubt_key(doubt)])
    result = result_of(Reply(Checked("5月.xlsx", "CGJ", "2022-05", "accepted", (told,))), said)
    assert result.to_explain == {told: "一次</textarea>完工"}
    assert result_of(Reply(Checked("5月.xlsx", "CGJ", "2022-05", "accepted", (told,))), {}).to_explain == {}


def test_what_is_refused_is_told_on_the_same_page(desk: Desk) -> None:
    with desk.signed_in() as client:
        empty = hand_in(client, "check", "", b"")
        away = client.get("/nirgends")
    assert empty.status_code == 422 and "还没有选择文件" in empty.text and 'id="hand-in"' in empty.text
    assert away.status_code == 404 and "没有这一项" in away.text and 'href="/"' in away.text


def test_the_page_asks_nothing_of_anybody_else_and_has_no_script_or_style_of_its_own(desk: Desk) -> None:
    with desk.signed_in() as client:
        page, style, script = (client.get(path) for path in ("/", "/page.css", "/page.js"))
    assert not re.search(r"https?://", page.text + style.text + script.text)
    assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=", page.text)
    assert page.headers["cache-control"] == "no-store"
