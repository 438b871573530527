"""What tests of several folders share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from minsheng.core.collector import collect_rarely
from tests.web.browser import Browser, chromium, find_chromium

collect_rarely()  # as the command does


def pytest_xdist_auto_num_workers() -> int:
    """How many processes test: one more than there are processors, for some of them wait for servers."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all pages; without one those who ask for it are left out."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium here: `apt install chromium`, or name another with CHROMIUM=/path/to/it")
    with chromium(program, tmp_path_factory.mktemp("profile")) as opened:
        yield opened
