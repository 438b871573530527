"""Signing on the page: the second person sees the figures and confirms them; neither can do the other's part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from minsheng.landing.decisions import decisions
from minsheng.landing.editions import land_edition
from minsheng.plan.county import as_county
from minsheng.plan.loader import load_plan
from minsheng.plan.models import Plan
from minsheng.plan.run import Run
from minsheng.stages.parse import parse
from minsheng.stages.pull import pull
from minsheng.stages.validate import validate
from minsheng.web.tokens import new_token
from tests.county import IN_MAY, IN_TIME
from tests.web.conftest import Desk, served
from tests.workbooks import as_bytes, lushan, manholes

pytestmark = pytest.mark.slow


def signed_plan(folder: Path) -> Plan:
    """Lushan's plan, as if it asked for signatures from May on."""
    for name, content in lushan().files.items():
        path = folder / "lushan-2022" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content + (b"\nsigned_from: 2022-05\n" if name == "plan.yaml" else b""))
    return load_plan(folder / "lushan-2022")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A county whose plan asks for signatures, and in which a report of 县城管局 has been accepted."""
    desk, plan = Desk(tmp_path), signed_plan(tmp_path / "plan")
    land_edition(desk.county.home, plan, IN_MAY - timedelta(days=60))
    run = Run(desk.county.home, as_county([plan]), IN_TIME, "run")
    (tmp_path / "inbox" / "CGJ").mkdir(parents=True)
    (tmp_path / "inbox" / "CGJ" / "5月.xlsx").write_bytes(as_bytes(manholes()))
    pull(run, tmp_path / "inbox")
    parse(run)
    validate(run)
    desk.moment = IN_TIME + timedelta(hours=1)
    with served(desk) as serving:
        yield serving


def shown(client: httpx.Client) -> tuple[str, dict[str, str]]:
    """The page, and what its form to sign would send."""
    page = client.get("/").text
    return page, dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def enter(desk: Desk, client: httpx.Client, *, is_signer: bool, unit: str = "CGJ") -> None:
    token = new_token(desk.county.home, unit, IN_MAY, is_signer=is_signer)
    assert client.post("/sign-in", data={"token": token}).status_code == 303


def test_who_signs_sees_the_figures_and_confirms_them_once(desk: Desk) -> None:
    with desk.client(Accept="text/html") as client:
        enter(desk, client, is_signer=True)
        page, fields = shown(client)
        assert "“5月.xlsx”" in page and "本月数 120、累计数 520" in page and 'id="hand-in"' not in page
        refused = client.post("/sign", data=fields | {"form_key": "0"})
        assert refused.status_code == 403
        signed = client.post("/sign", data=fields)
        assert re.search(r"<h2 [^>]*>已审签</h2>", signed.text) and "现在没有待审签的报表" in signed.text
        again = client.post("/sign", data=fields)
        assert "没有审签" in again.text and "不必再审签" in again.text
    (decision,) = decisions(desk.county.home, "lushan-2022")
    assert (decision.kind, decision.unit_code, decision.period) == ("signed", "CGJ", "2022-05")


def test_neither_of_the_two_does_the_others_part(desk: Desk) -> None:
    file = {"file": ("6月.xlsx", as_bytes(manholes(210, 610)))}
    with desk.client(Accept="text/html") as signer, desk.client(Accept="text/html") as reporter:
        enter(desk, signer, is_signer=True)
        _, fields = shown(signer)
        handed_in = signer.post("/", data={"form_key": fields["form_key"], "action": "send"}, files=file)
        assert handed_in.status_code == 403 and "审签口令只能审签" in handed_in.text
        enter(desk, reporter, is_signer=False)
        page, own = shown(reporter)
        assert "核对无误，审签" not in page
        refused = reporter.post("/sign", data=fields | own)
        assert refused.status_code == 403 and "报送口令不能审签" in refused.text
    assert decisions(desk.county.home, "lushan-2022") == []


def test_another_units_report_is_as_unknown_as_none(desk: Desk) -> None:
    with desk.client(Accept="text/html") as signer, desk.client(Accept="text/html") as other:
        enter(desk, signer, is_signer=True)
        _, fields = shown(signer)
        enter(desk, other, is_signer=True, unit="MZJ")
        page, own = shown(other)
        assert "5月.xlsx" not in page
        key = re.search(r'name="form_key" value="(\w+)"', page)
        told = other.post("/sign", data=fields | own | ({"form_key": key[1]} if key else {}))
    assert "没有审签" in told.text or told.status_code == 403
    assert decisions(desk.county.home, "lushan-2022") == []
