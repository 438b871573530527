"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from minsheng.core.collector import collect_rarely
from tests.web.browser import Browser, chromium, find_chromium

collect_rarely()  # as the command does


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all pages; without one those who ask for it are left out."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium here: `apt install chromium`, or name another with CHROMIUM=/path/to/it")
    with chromium(program, tmp_path_factory.mktemp("profile")) as opened:
        yield opened
