"""The contract of ``cases/*.yaml``: one file as a unit sends it, and what must become of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field

from minsheng.core.codes import Verdict

HERE = Path(__file__).parent
FILES = HERE / "files"
ZONE = ZoneInfo("Asia/Shanghai")
_IN_TIME = datetime(2022, 6, 2, 10, tzinfo=ZONE)

Written = str | int | float | bool | date | datetime | time | None
# By address, e.g. "M01-01 month", "contribution M01-01 month", "detail M06-02 410423001 value".
Values = Mapping[str, Decimal]


class Case(BaseModel):
    """One line of the corpus. ``saved`` names the ways it is saved, each a file of its own.

    ``set``, ``formats`` and ``steps`` are what is done to the filled workbook, ``bytes`` what is done
    to the file when it is saved. ``loads`` are the numbers an accepted file must give where they
    differ from what was truly filled in, and null where none may be loaded; ``refused_by`` is the
    exact set of refusing rules, ``tells`` the warnings and notes that must be among the others. Unless
    it ``is_whole``, the workbook comes without what is half of it and says nothing: see ``Book.lean``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    case: str
    unit: str
    what: str
    verdict: Verdict = "rejected"
    input: tuple[int, ...] = ()
    period: str = "2022-05"
    sent_by: str | None = None
    sent_as: str | None = None
    at: datetime = _IN_TIME
    set: dict[str, Written] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    steps: tuple[str, ...] = ()
    saved: tuple[str, ...] = ("xlsx",)
    bytes: str | None = None
    is_whole: bool = False
    refused_by: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    loads: dict[str, Decimal | None] = Field(default_factory=dict)

    @property
    def received_at(self) -> datetime:
        """When it arrives, in the county's zone."""
        return self.at.replace(tzinfo=ZONE)

    @property
    def sender(self) -> str:
        """The folder it comes through."""
        return self.sent_by or self.unit


class Sent(BaseModel):
    """One file of the corpus: a case, saved one way."""

    model_config = ConfigDict(frozen=True)

    case: Case
    saved: str

    @property
    def name(self) -> str:
        """What the case is called in tests and reports, and its file without the suffix."""
        return self.case.case if self.saved == "xlsx" else f"{self.case.case}.{self.saved}"

    @property
    def path(self) -> Path:
        """The committed file."""
        return FILES / f"{self.name}.{suffix(self.saved)}"

    @property
    def file_name(self) -> str:
        """The name the unit gives it."""
        return self.case.sent_as or self.path.name


class Rewritten(Sent):
    """A file of the corpus that a test has written anew, where it lies and what it is called."""

    kept: Path
    called: str = "报表.xlsx"

    @property
    def path(self) -> Path:
        """Where the test has put it."""
        return self.kept

    @property
    def file_name(self) -> str:
        """The name it is sent under."""
        return self.called


def suffix(saved: str) -> str:
    """The suffix of a way of saving: ``lo-xls`` is xls, ``gb18030-csv`` is csv."""
    return saved.rpartition("-")[2]


def load_cases() -> tuple[Case, ...]:
    """Every case, in the order of the files."""
    paths = sorted((HERE / "cases").glob("*.yaml"))
    documents = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths)
    return tuple(Case.model_validate(one) for document in documents for one in document)


def sent_files() -> tuple[Sent, ...]:
    """Every file of every case."""
    return tuple(Sent(case=case, saved=saved) for case in load_cases() for saved in case.saved)


def truth() -> dict[tuple[str, str], Values]:
    """What each unit truly did by month, by unit and period; see ``truth.yaml``."""
    document = yaml.safe_load((HERE / "truth.yaml").read_text(encoding="utf-8"))
    return {(one["unit"], one["period"]): _numbers(one["values"]) for one in document}


def must_load(sent: Sent, true: Mapping[tuple[str, str], Values]) -> Values:
    """The numbers this file must put into the warehouse, and no others."""
    if sent.case.verdict != "accepted":
        return {}
    values = {**true[sent.case.unit, sent.case.period], **sent.case.loads}
    return {address: number for address, number in values.items() if number is not None}


def history() -> Iterator[tuple[str, str, Path]]:
    """Files accepted before: unit, period and file."""
    for path in sorted((FILES / "history").glob("*.xlsx")):
        unit, period = path.stem.split("_")
        yield unit, period, path


def _numbers(values: Mapping[str, str]) -> Values:
    return {address: Decimal(number) for address, number in values.items()}
