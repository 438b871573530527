"""The page in a real browser, by pointer and by keyboard, on a telephone and on a desk: ``make browser``.

Not named like other tests, so that ``make test`` leaves it alone: a machine that tests need not have a browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from minsheng.landing import all_receipts
from tests.web.browser import Browser
from tests.web.conftest import Desk
from tests.workbooks import as_bytes, manholes, streets, table_rows

pytestmark = pytest.mark.slow

WIDTHS = (390, 1280)
_FAULTS = Path(__file__).with_name("faults.js").read_text(encoding="utf-8")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Files as they lie on a clerk's desk."""
    many = streets()
    for sheet in ("明细", "配合事项"):
        for row in table_rows(many[sheet]):
            for heading in ("数量", "本月数", "累计数"):
                if heading in row and row["指标编码"].value:
                    row[heading].value = "约50"
    contents = {"good": manholes(310, 710), "bad": manholes(600, 520), "many": many}
    paths = {name: tmp_path / f"{name}.xlsx" for name in contents}
    for name, workbook in contents.items():
        paths[name].write_bytes(as_bytes(workbook))
    return paths


def sign_in(browser: Browser, desk: Desk, token: str, width: int) -> None:
    browser.width(width)
    browser.call("Network.clearBrowserCookies")
    browser.open(f"{desk.url}/")
    browser.tab_to("#token")
    browser.type(token)
    browser.press("Enter")
    browser.until(lambda: browser.run("!!document.querySelector('#file, .refused')"), "an answer to the token")
    browser.until(lambda: browser.run("document.readyState") == "complete", "the page with its style")


def result(browser: Browser, words: str) -> str:
    """The answer, when it is there and says so; it has the focus, so that it is read aloud."""
    browser.until(lambda: words in browser.text("#result"), words)
    assert browser.run("document.activeElement.id") == "result-title"
    assert browser.run("document.querySelector('#status').getAttribute('aria-live')") == "polite"
    return browser.text("#result")


def faults(browser: Browser) -> Any:
    return browser.run(_FAULTS)


def test_by_pointer_faults_are_seen_the_marked_file_is_saved_and_the_mended_one_sent(
    browser: Browser, desk: Desk, files: dict[str, Path], tmp_path: Path
) -> None:
    sign_in(browser, desk, desk.token, WIDTHS[1])
    assert faults(browser) == []
    browser.drop("#drop", files["bad"])
    told = result(browser, "核对没有通过")
    assert "填报!F6" in told and "怎样改" in told and "报送这份文件" not in told
    assert faults(browser) == []
    browser.save_into(tmp_path)
    browser.click("button[value=marked]")
    saved = tmp_path / "bad（退回）.xlsx"
    browser.until(saved.exists, "the marked file")
    assert openpyxl.load_workbook(saved).sheetnames[0] == "退回清单"
    browser.drop("#drop", files["good"])
    result(browser, "核对通过")
    assert faults(browser) == []
    before = len(all_receipts(desk.county.home))
    browser.click("button[value=send]")
    told = result(browser, "已报送")
    receipt = all_receipts(desk.county.home)[-1]
    assert (len(all_receipts(desk.county.home)), receipt.unit_code) == (before + 1, "CGJ")
    assert receipt.submission_id in told and "good.xlsx" in browser.text("#since")
    assert faults(browser) == []


def test_by_keyboard_alone_a_file_is_sent_and_the_session_ended(
    browser: Browser, desk: Desk, files: dict[str, Path]
) -> None:
    files["good"].write_bytes(as_bytes(manholes(345, 745)))
    sign_in(browser, desk, desk.token, WIDTHS[0])
    assert faults(browser) == []
    browser.tab_to("#file")
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.choose("#file", files["good"])
    result(browser, "核对通过")
    assert faults(browser) == []
    browser.press("Tab")
    assert browser.run("document.activeElement.value") == "send"
    browser.press("Enter")
    result(browser, "已报送")
    assert faults(browser) == []
    browser.run("document.activeElement.blur(); document.body.focus()")
    browser.open(f"{desk.url}/")
    browser.press("Tab")
    assert browser.text(":focus") == "跳到正文"
    browser.tab_to(".who button")
    browser.press(" ")
    browser.until(lambda: browser.run("!!document.querySelector('#token')"), "the sign-in page")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_fault_of_a_bad_file_can_be_read(
    browser: Browser, desk: Desk, files: dict[str, Path], width: int
) -> None:
    sign_in(browser, desk, desk.other_token, width)
    assert "县城管局" not in browser.text() and "good.xlsx" not in browser.text()
    browser.drop("#drop", files["many"])
    result(browser, "核对没有通过")
    assert browser.run("document.querySelectorAll('.findings.reject li').length") >= 8
    assert faults(browser) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_by_keyboard_a_doubt_is_explained_beside_it_and_sent(
    browser: Browser, desk: Desk, files: dict[str, Path], width: int
) -> None:
    files["good"].write_bytes(as_bytes(manholes(1500 + width, 1900 + width)))
    sign_in(browser, desk, desk.token, width)
    browser.choose("#file", files["good"])
    result(browser, "可在这里写明为什么")
    assert faults(browser) == []
    browser.tab_to("textarea")
    browser.type("汛期前集中改造")
    browser.press("Tab")
    assert browser.text(":focus") == "连同说明报送这份文件"
    browser.press("Enter")
    told = result(browser, "已报送")
    assert "已收到说明“汛期前集中改造”" in told and not browser.run("!!document.querySelector('textarea')")
    assert faults(browser) == []


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("document.querySelector('.hint').style.color = '#999'", "contrast 2.8"),
        ("document.querySelector('label').remove()", "no name: <input"),
        ("document.querySelector('#token-hint').remove()", "nothing is called token-hint"),
        ("document.querySelector('h1').outerHTML = '<h3>网上报送</h3>'", "not one h1"),
        ("document.querySelector('main').style.minWidth = '2000px'", "too wide: "),
        ("document.querySelector('button').style.cssText = 'min-height: 0; padding: 0'", "small: 进入"),
    ],
)
def test_what_is_wrong_with_a_page_would_be_found(browser: Browser, desk: Desk, harm: str, found: str) -> None:
    browser.width(WIDTHS[1])
    browser.call("Network.clearBrowserCookies")
    browser.open(f"{desk.url}/")
    assert faults(browser) == []
    browser.run(f"{harm}; 0")
    assert any(fault.startswith(found) for fault in faults(browser)), faults(browser)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_wrong_token_is_told_and_shows_nothing(browser: Browser, desk: Desk, width: int) -> None:
    sign_in(browser, desk, desk.token + "x", width)
    assert "口令不对，或已经作废" in browser.text() and "县城管局" not in browser.text()
    assert browser.run("document.querySelector('[role=alert]').innerText").startswith("没有办成")
    assert faults(browser) == []


def test_without_scripts_the_page_checks_all_the_same(browser: Browser, desk: Desk, files: dict[str, Path]) -> None:
    sign_in(browser, desk, desk.token, WIDTHS[1])
    browser.scripts(are_on=False)
    try:
        browser.open(f"{desk.url}/")
        browser.choose("#file", files["bad"])
        browser.click("#check")
        browser.until(lambda: "核对没有通过" in browser.text("#result"), "the answer")
        assert browser.run("location.pathname") == "/"
    finally:
        browser.scripts(are_on=True)


def test_two_files_at_once_are_told_and_a_service_that_is_away_too(
    browser: Browser, desk: Desk, files: dict[str, Path]
) -> None:
    sign_in(browser, desk, desk.token, WIDTHS[1])
    browser.drop("#drop", files["good"], files["bad"])
    browser.until(lambda: "请一次只放一个文件" in browser.text("#status"), "two files are told")
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.call("Network.enable")
    browser.call("Network.emulateNetworkConditions", **offline)
    try:
        browser.drop("#drop", files["bad"])
        browser.until(lambda: "没有连上服务" in browser.text("#status"), "no service")
    finally:
        browser.call("Network.emulateNetworkConditions", **(offline | {"offline": False}))
