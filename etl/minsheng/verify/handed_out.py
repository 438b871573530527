"""What is made from the rest, and handed out: the units' workbooks and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from minsheng.core.files import digest
from minsheng.core.home import Home
from minsheng.publication.freezes import freezes
from minsheng.publication.revisions import last_readable
from minsheng.verify.hurt import Hurt, at
from minsheng.verify.remembered import Remembered


def verify_templates(home: Home, remembered: Remembered) -> Iterator[Hurt]:
    """A workbook for every unit that owes a report in an opened month."""
    for plan_id, period, unit_code in sorted(remembered.duties):
        folder = home.templates / plan_id / period
        found = list(folder.glob(f"{unit_code}_*.xlsx"))
        if not found:
            yield Hurt("template_lost", at(home, folder / f"{unit_code}_*.xlsx"), "没有这个单位的填报表")
        yield from (Hurt("template_damaged", at(home, path), "填报表打不开") for path in found if not _opens(path))


def verify_pages(home: Home) -> Iterator[Hurt]:
    """A page for every published month, and of every frozen one the page that was issued, as it was."""
    published = last_readable(home)
    for plan_id, period in sorted(published.months) if published else ():
        page = home.reports / plan_id / f"{period}.html"
        if not page.exists() or not page.read_bytes().rstrip().endswith(b"</html>"):
            yield Hurt("page_lost", at(home, page), "没有这个月的页面，或页面不完整")
    for freeze in freezes(home).values():
        page = home.reports / freeze.plan_id / freeze.page
        if freeze.page_sha256 and (not page.exists() or digest(page) != freeze.page_sha256):
            yield Hurt("page_lost", at(home, page), "没有定稿的页面，或与定稿时不同；先移走它")


def _opens(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            return archive.testzip() is None
    except (BadZipFile, OSError):
        return False
