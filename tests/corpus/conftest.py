"""The corpus, judged once for all tests of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.corpus.case import Values, sent_files, truth
from tests.corpus.judging import Fate, fates


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home lies in which the corpus was judged."""
    return tmp_path_factory.mktemp("corpus")


@pytest.fixture(scope="session")
def found(folder: Path) -> Mapping[str, Fate]:
    """What became of every file, by its name."""
    return fates(sent_files(), folder)


@pytest.fixture(scope="session")
def true() -> Mapping[tuple[str, str], Values]:
    """What each unit truly did, by unit and month."""
    return truth()
