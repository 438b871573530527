"""The pages of leaders in a real browser, on a telephone, a tablet and a desk, and printed: ``make browser``.

Not named like other tests, so that ``make test`` leaves it alone: a machine that tests need not have a browser.
Pictures of what it saw lie in ``var/browser`` for people to look at.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from axe_core_python.base import AXE_SCRIPT

from minsheng.core.declarations import ROOT
from minsheng.core.home import Home
from tests.web.browser import Browser

pytestmark = pytest.mark.slow

WIDTHS = (390, 768, 1280)
PICTURES = ROOT / "var" / "browser"
PAGES = {
    "front": "index.html",
    "month": "lushan-2022/2022-06.html",
    "issued": "lushan-2022/2022-05.定稿.html",
    "indicator": "lushan-2022/indicators/M03-01.html",
    "streets": "lushan-2022/indicators/M06-02.html",
    "lines": "lushan-2022/indicators/index.html",
    "exceptions": "lushan-2022/exceptions.html",
}
_TELEPHONE = 844  # how many pixels one is high
_VIOLATIONS = """
    axe.run(document).then(told => told.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join()))
"""
each_page = pytest.mark.parametrize("name", PAGES)
each_width = pytest.mark.parametrize("width", WIDTHS)


def show(browser: Browser, county: Home, name: str, width: int) -> None:
    browser.width(width)
    browser.open((county.reports / PAGES[name]).as_uri())


def violations(browser: Browser) -> object:
    browser.run(f"{AXE_SCRIPT}; 0")
    return browser.run(_VIOLATIONS)


@each_width
@each_page
def test_a_page_fits_and_can_be_read_by_everybody(browser: Browser, county: Home, name: str, width: int) -> None:
    show(browser, county, name, width)
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser.picture(PICTURES / f"{name}-{width}.png")
    assert browser.run("document.documentElement.scrollWidth") == width
    assert violations(browser) == []


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("document.querySelector('.note').style.color = '#aaa'", "color-contrast"),
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.querySelector('svg').removeAttribute('aria-label')", "svg-img-alt"),
    ],
)
def test_what_is_wrong_with_a_page_would_be_found(browser: Browser, county: Home, harm: str, found: str) -> None:
    show(browser, county, "indicator", 1280)
    browser.run(f"{harm}; 0")
    assert found in str(violations(browser))


def test_a_telephone_shows_the_month_in_three_screens(browser: Browser, county: Home) -> None:
    show(browser, county, "front", WIDTHS[0])
    assert browser.run("document.documentElement.scrollHeight") <= 3 * _TELEPHONE


def test_the_front_is_printed_on_one_sheet(browser: Browser, county: Home) -> None:
    fronts = sorted((county.reports / "lushan-2022").glob("*.一页.html"))
    assert len(fronts) == 6
    for front in fronts:
        browser.open(front.as_uri())
        assert len(printed(browser, PICTURES / f"{front.stem}.pdf")) == 1, front.name


def printed(browser: Browser, path: Path) -> list[bytes]:
    """The sheets of the page on paper, which is kept to be looked at."""
    content = base64.b64decode(browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])
    PICTURES.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return [part for part in content.split(b"/Type /Page")[1:] if not part.startswith(b"s")]


def test_every_link_of_the_front_is_followed_to_the_indicators(browser: Browser, county: Home) -> None:
    show(browser, county, "front", 1280)
    links = browser.run("[...new Set([...document.querySelectorAll('main a')].map(a => a.href))]")
    assert len(links) > 30
    for link in links:
        browser.open(link)
        assert browser.run("document.querySelectorAll('h1').length") == 1, link
        assert browser.run("!location.hash || !!document.querySelector(location.hash)"), link


def test_by_keyboard_one_comes_from_the_front_to_an_indicator_and_back(browser: Browser, county: Home) -> None:
    show(browser, county, "front", 1280)
    browser.press("Tab")
    assert browser.text(":focus") == "跳到正文"
    browser.tab_to("a[href$='indicators/M03-01.html']", most=60)
    browser.press("Enter")
    browser.until(lambda: browser.text("h1") == "窨井设施维护改造数", "the page of the indicator")
    browser.tab_to("a[href='../../index.html']")
    browser.press("Enter")
    browser.until(lambda: "完成情况" in browser.text("h1"), "the front again")
