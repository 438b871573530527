"""What asks too often, too much or too slowly is held back, and the service goes on."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from minsheng.landing import all_receipts
from minsheng.spreadsheet.container import MAX_BYTES
from minsheng.web.buckets import Buckets
from minsheng.web.serving import PatientProtocol
from minsheng.web.sessions import LIFETIME, Sessions
from minsheng.web.tokens import Sender
from tests.county import IN_TIME
from tests.web.conftest import PATIENT, Desk, served


def test_a_bucket_grants_so_many_and_then_one_now_and_again() -> None:
    now = [0.0]
    buckets = Buckets(capacity=2, refill_seconds=6, clock=lambda: now[0])
    assert [buckets.wait("a"), buckets.wait("a"), buckets.wait("a"), buckets.wait("b")] == [0, 0, 6, 0]
    now[0] = 4.0
    assert buckets.wait("a") == pytest.approx(2)
    now[0] = 6.0
    assert [buckets.wait("a"), buckets.wait("a")] == [0, 6]
    now[0] = 1000.0
    assert [buckets.wait("a"), buckets.wait("a"), buckets.wait("a")] == [0, 0, 6]


def test_buckets_do_not_grow_for_ever() -> None:
    buckets = Buckets(capacity=1, refill_seconds=6)
    for number in range(20_000):
        buckets.wait(str(number))
    assert len(buckets._held) == 10_000


def test_a_session_is_of_its_sender_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, sender = Sessions(b"k" * 32), Sender("lushan", "CGJ", "0a1b2c3d")
    cookie = sessions.open(sender, IN_TIME)
    assert sessions.sender(cookie, IN_TIME) == sender
    assert sessions.sender(cookie, IN_TIME + LIFETIME) is None
    for wrong in ("", "....", cookie.replace("CGJ", "MZJ"), cookie[:-1], Sessions(b"x" * 32).open(sender, IN_TIME)):
        assert sessions.sender(wrong, IN_TIME) is None
    other = sessions.open(Sender("lushan", "MZJ", "0a1b2c3d"), IN_TIME)
    assert sessions.is_form_key(cookie, sessions.form_key(cookie))
    assert not sessions.is_form_key(cookie, sessions.form_key(other)) and not sessions.is_form_key(cookie, "")


@pytest.mark.slow
def test_of_500_uploads_in_a_minute_most_are_refused_politely_and_the_service_lives(tmp_path: Path) -> None:
    desk, by_token = Desk(tmp_path), Buckets(capacity=3, refill_seconds=6)
    with served(desk, PATIENT, by_token), desk.client(desk.token) as client, ThreadPoolExecutor(8) as pool:
        client.post("/checks", files={"file": ("a.xlsx", b"first: what is slow is loaded")})
        before = memory_bytes()
        files = [{"file": (f"{number}.xlsx", b"no spreadsheet" * number)} for number in range(500)]
        answers = list(pool.map(lambda each: client.post("/submissions", files=each), files))
        grown = memory_bytes() - before
        assert client.get("/health").status_code == 200
        with desk.client(desk.other_token) as other:
            assert other.post("/checks", files={"file": ("a.xlsx", b"")}).status_code == 200
    counts = Counter(answer.status_code for answer in answers)
    assert counts.keys() <= {201, 422, 429, 503} and counts[429] > 450, counts
    assert len(all_receipts(desk.county.home)) <= 20
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 6
    assert refused.json()["message"] == "短时间内核对和报送的文件太多" and "秒后再试" in refused.json()["remedy"]
    assert grown < 100 << 20


def memory_bytes() -> int:
    """What this process, with the service in it, holds in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.slow
def test_an_address_that_asks_too_often_is_refused_whatever_it_asks(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(desk, Buckets(capacity=5, refill_seconds=60)), desk.client(Accept="text/html") as client:
        answers = [client.get("/") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert "请求太频繁" in answers[-1].text and answers[-1].headers["retry-after"] == "60"
    assert answers[-1].headers["x-frame-options"] == "DENY"


@pytest.mark.slow
def test_what_is_too_large_is_refused_by_what_it_says_and_by_what_it_is(desk: Desk) -> None:
    def parts() -> list[bytes]:
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        return [head, *[b"x" * (1 << 20)] * (MAX_BYTES // (1 << 20) + 1), b"\r\n--b--\r\n"]

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    with desk.client(desk.token) as client:
        counted = client.post("/checks", content=iter(parts()), headers=headers)
        said = client.post("/checks", content=b"".join(parts()), headers=headers)
    assert counted.status_code == said.status_code == 413
    assert counted.json()["message"] == "文件超过 20 MB"


@pytest.mark.slow
def test_who_sends_too_slowly_is_cut_off_and_keeps_nobody_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientProtocol, "seconds", {"head": 0.3, "body": 0.6})
    bearer = f"Authorization: Bearer {desk.token}\r\nHost: x\r\n"
    half_a_head = f"POST /checks HTTP/1.1\r\n{bearer}"
    half_a_body = f"{half_a_head}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b"
    whole_then_half = "GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /hea"
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        slow = [pool.submit(cut_off_after, desk.url, text) for text in ("", half_a_head, half_a_body, whole_then_half)]
        assert httpx.get(f"{desk.url}/health", trust_env=False).status_code == 200
        assert [one.result() < 10 for one in slow] == [True] * 4
    assert time.monotonic() - began < 20
    with desk.client(desk.token) as client:
        assert client.get("/months").status_code == 200


def cut_off_after(url: str, text: str) -> float:
    """Send something and then a byte now and again; gives the seconds until the other side hangs up."""
    at = urlsplit(url)
    began = time.monotonic()
    with socket.create_connection((at.hostname, at.port), timeout=30) as connection:
        connection.sendall(text.encode())
        drip = threading.Event()
        while not drip.wait(0.1):
            try:
                connection.sendall(b"x" if "\r\n\r\n--b" in text else b"")
                connection.settimeout(0.01)
                if not connection.recv(1 << 16):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - began


@pytest.mark.slow
def test_no_more_than_two_files_of_one_token_are_looked_at_together(desk: Desk) -> None:
    with desk.client(desk.token) as client, ThreadPoolExecutor(6) as pool:
        files = {"file": ("a.xlsx", b"no spreadsheet")}
        answers = list(pool.map(lambda _: client.post("/checks", files=files), range(6)))
    busy = [answer for answer in answers if answer.status_code == 503]
    assert 2 <= len(busy) <= 4
    assert busy[0].headers["retry-after"] == "10" and "系统正忙" in busy[0].text
