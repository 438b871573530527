"""The months in which each version of a dated fact of the plan holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from minsheng.plan.dated import Dated

_BEFORE_ALL = "0000-01"


@dataclass(frozen=True)
class VersionSpan:
    """The months in which a version of a dated fact holds: up to, and without, ``to_period``.

    Null: ever since, and still.
    """

    from_period: str | None
    to_period: str | None
    document_no: str | None

    @property
    def month(self) -> str:
        """One of them."""
        return self.from_period or _BEFORE_ALL

    @property
    def row(self) -> dict[str, object]:
        """The same as columns."""
        return dict(vars(self))


def spans(changes: Iterable[Dated], *keys: str) -> Iterator[VersionSpan]:
    """The spans of the versions of what stands under these keys, oldest first."""
    ours = [change for change in changes if any(getattr(change, key) is not None for key in keys)]
    begins = [(None, None), *((change.valid_from, change.document_no) for change in ours)]
    ends = [change.valid_from for change in ours]
    for (begin, document_no), end in zip(begins, [*ends, None], strict=True):
        yield VersionSpan(begin, end, document_no)
