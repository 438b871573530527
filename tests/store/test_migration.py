"""A home of the layout before counties becomes one county's, whole, also when it is cut short anywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.core.layout import enter, enter_home
from minsheng.flows import migration
from minsheng.flows.migration import migrate
from minsheng.verify import verify
from tests.store.conftest import Town

pytestmark = pytest.mark.slow

PARTS = 6


@pytest.fixture(params=["signed", "of before layouts were signed"])
def former(town: Town, request: pytest.FixtureRequest) -> Path:
    """The town as it was laid out before: everything directly in the folder given as --home."""
    root = town.home.installation.root
    shutil.rmtree(root / "published")
    shutil.rmtree(root / ".counties", ignore_errors=True)
    for path in town.home.root.iterdir():
        path.rename(root / path.name)
    town.home.root.rmdir()
    (root / "layout.json").unlink()
    if request.param == "signed":
        (root / "layout.json").write_text(json.dumps({"layout": 1}))
    return root


def test_all_of_it_is_the_countys_and_readers_see_the_same(former: Path, town: Town) -> None:
    published = (former / "published" / "current").resolve().name
    assert migrate(former) == "lushan"
    installation = enter(former)
    assert verify(installation, installation.counties) == []
    assert installation.current.resolve().name == published
    assert enter_home(installation, "lushan") == town.home
    assert town.content == published.split("-")[1]
    assert town.conclude()[-1].counts == {"unchanged": 1}
    with pytest.raises(UserError, match="migrated_already"):
        migrate(former)


@pytest.mark.parametrize("moved", range(PARTS))
def test_cut_short_it_is_called_again(former: Path, moved: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    def cut_short(source: Path, target: Path) -> None:
        nonlocal made
        if made == moved:
            raise KeyboardInterrupt
        made += 1
        source.rename(target)

    with monkeypatch.context() as patch:
        patch.setattr(migration, "move", cut_short)
        with pytest.raises(KeyboardInterrupt):
            migrate(former)
    with pytest.raises(UserError, match="migrate"):
        enter(former)
    migrate(former)
    installation = enter(former)
    assert verify(installation, installation.counties) == []


def test_where_there_is_nothing_nothing_is_moved(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing_to_migrate"):
        migrate(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_home_of_two_counties_is_refused_whole(former: Path) -> None:
    (former / "landing" / "fancheng-2022").mkdir()
    with pytest.raises(UserError, match="migration_of_several"):
        migrate(former)
    assert not (former / "lushan").exists()
