"""Whether a file that lies at a source has been received before, by what has landed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from minsheng.guard import storable_name, unnamed
from minsheng.landing import Receipt
from minsheng.source.delivery import Delivery
from minsheng.source.taking import Arrived


def _of_its_name(arrived: Arrived, delivery: Delivery) -> Iterator[Sequence[Receipt]]:
    """What came under its name, and under the one it bears when it is withheld."""
    for name in (storable_name(delivery.name), unnamed(delivery.name)):
        yield arrived.get((delivery.unit_code, name), ())


def is_last(arrived: Arrived, delivery: Delivery, sha256: str) -> bool:
    """Whether these bytes are what came last under its name."""
    return any(came[-1].sha256 == sha256 for came in _of_its_name(arrived, delivery) if came)


def is_before(arrived: Arrived, delivery: Delivery, sha256: str, since: datetime | None) -> bool:
    """Whether these bytes came under its name, and after ``since`` if that is given."""
    came_at = (one.received_at for came in _of_its_name(arrived, delivery) for one in came if one.sha256 == sha256)
    return any(since is None or since <= moment for moment in came_at)
