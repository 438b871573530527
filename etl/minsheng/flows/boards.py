"""The boards of an installation: made from each county's warehouse, and kept as pages for whoever only reads pages.

Airflow's api-server shows the kept ones: it opens no warehouse, which would keep the stages waiting (docs/adr/0040).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from minsheng.core.errors import UserError
from minsheng.core.files import atomic_write
from minsheng.core.home import Installation
from minsheng.core.settings import Settings
from minsheng.views.board import Board, make_board
from minsheng.views.board_page import Links, board_page, boards_page
from minsheng.warehouse.connection import open_to_read
from minsheng.watch.grounds import Grounds
from minsheng.watch.places import standings
from minsheng.watch.runs import dag_records
from minsheng.watch.telling import last_watched

log = logging.getLogger(__name__)
# Seconds for which a stage that writes is waited for; the page of before stays until the next time.
_PATIENCE = 10.0


def board(installation: Installation, settings: Settings, now: datetime, county: str) -> Board:
    """The board of a county; raises UserError where it cannot be looked at."""
    (found,) = standings(installation, settings, now, {county})
    if isinstance(found.grounds, UserError):
        raise found.grounds
    return _board(installation, found.grounds, now)


def boards(
    installation: Installation, settings: Settings, now: datetime, only: Collection[str] | None = None
) -> Iterator[Board]:
    """The board of each county that can be looked at; null ``only``: of all."""
    for found in standings(installation, settings, now, only):
        try:
            if isinstance(found.grounds, UserError):
                raise found.grounds
            yield _board(installation, found.grounds, now)
        except UserError as error:
            log.warning("%s：%s", found.county, error)


def keep_boards(
    installation: Installation, settings: Settings, now: datetime, only: Collection[str] | None = None
) -> list[Path]:
    """Write the pages of these counties, or of every one and, where there are several, the page of all; gives them."""
    made, is_one_of_several = list(boards(installation, settings, now, only)), len(installation.counties) > 1
    links = Links(airflow="../..", others="../" if is_one_of_several else "", evidence="")  # as the plugin serves
    pages = {each.county: board_page(each, links) for each in made}
    if is_one_of_several and only is None:
        pages["index"] = boards_page(made)
    paths = {name: installation.watch / "boards" / f"{name}.html" for name in pages}
    for name, page in pages.items():
        atomic_write(paths[name], page.encode())
    return [*paths.values()]


def _board(installation: Installation, here: Grounds, now: datetime) -> Board:
    with open_to_read(here.home.warehouse, _PATIENCE) as connection:
        records = list(dag_records(installation))
        watched = replace(last_watched(installation, now), titles={here.home.county: here.run.county.title})
        return make_board(connection, here.run, here.sources, records, watched)
