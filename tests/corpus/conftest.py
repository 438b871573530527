"""The corpus, judged once for all tests of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.corpus.case import Values, sent_files, truth
from tests.corpus.judging import Fate, fates
from tests.sharing import made_once


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Fate]]:
    """Where the home lies in which the corpus was judged, and what became of every file, by its name."""
    return made_once(tmp_path_factory, "corpus", lambda folder: (folder, fates(sent_files(), folder)))


@pytest.fixture(scope="session")
def folder(judged: tuple[Path, Mapping[str, Fate]]) -> Path:
    return judged[0]


@pytest.fixture(scope="session")
def found(judged: tuple[Path, Mapping[str, Fate]]) -> Mapping[str, Fate]:
    return judged[1]


@pytest.fixture(scope="session")
def true() -> Mapping[tuple[str, str], Values]:
    """What each unit truly did, by unit and month."""
    return truth()
