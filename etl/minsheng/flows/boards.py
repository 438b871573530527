"""The boards of an installation: made from each county's warehouse, and kept as pages for whoever only reads pages.

Airflow's api-server shows the kept ones: it opens no warehouse, which would keep the stages waiting (docs/adr/0040).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
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


def boards(installation: Installation, settings: Settings, now: datetime, county: str | None = None) -> Iterator[Board]:
    """The board of a county, or of each that can be looked at; raises UserError where the one asked for cannot."""
    for standing in standings(installation, settings, now):
        if county not in (None, standing.county):
            continue
        try:
            if isinstance(standing.grounds, UserError):
                raise standing.grounds
            yield _board(installation, standing.grounds, now)
        except UserError as error:
            if county is not None:
                raise
            log.warning("%s：%s", standing.county, error)


def keep_boards(installation: Installation, settings: Settings, now: datetime) -> list[Path]:
    """Write the page of every county that can be looked at, and the page of all; gives them."""
    made = list(boards(installation, settings, now))
    links = Links(airflow="../..", others="../" if len(made) > 1 else "")  # as the plugin serves them
    return [*_written(installation, made, links)]


def _board(installation: Installation, here: Grounds, now: datetime) -> Board:
    with open_to_read(here.home.warehouse, _PATIENCE) as connection:
        records = list(dag_records(installation))
        watched = replace(last_watched(installation, now), titles={here.run.county.name: here.run.county.title})
        return make_board(connection, here.run, here.sources, records, watched)


def _written(installation: Installation, made: Sequence[Board], links: Links) -> Iterator[Path]:
    folder = installation.watch / "boards"
    pages = {board.county: board_page(board, links) for board in made}
    if len(made) > 1:
        pages["index"] = boards_page(made)
    for name, page in pages.items():
        atomic_write(folder / f"{name}.html", page.encode())
        yield folder / f"{name}.html"
