"""Counties made up from the example: each with names, targets, registers and files of its own, always the same ones."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from bench.delivery import PERIOD, numbers
from examples.make_examples import HERE, Maker, Parcel
from examples.scenario import load_scenario
from minsheng.core.declarations import ROOT
from minsheng.plan.loader import load_plan
from minsheng.plan.obligations import obligations

PLAN = ROOT / "plans" / "lushan-2022"
YEAR = 2022
# Of the files of each county one in so many is faulty, and of the next county another one.
_ONE_FAULTY_IN = 13
_FIRST = "东西南北上下中安平新长永"
_SECOND = "川河阳陵原城泉林海湖沙宁江溪"
# What the plan promises, and each county promises otherwise.
_TARGETS = (2032, 639)


@dataclass(frozen=True)
class Made:
    """A file of the example as every county's is made from: right, and faulty where there is a number to spoil."""

    unit_code: str
    name: str
    right: bytes
    faulty: bytes | None


@dataclass(frozen=True)
class County:
    """One of the counties, by its number from 1."""

    number: int

    @property
    def name(self) -> str:
        """What its home and its plan folder are called."""
        return f"xian{self.number:03d}"

    @property
    def plan_id(self) -> str:
        """The one plan it has."""
        return f"{self.name}-{YEAR}"

    @property
    def _wording(self) -> Mapping[str, str]:
        title = _FIRST[self.number % len(_FIRST)] + _SECOND[self.number // len(_FIRST) % len(_SECOND)]
        targets = {f"{target}": f"{target + self.number * 10}" for target in _TARGETS}
        code = f"41{self.number:04d}"
        return {"lushan": self.name, "鲁山": title, "露峰": title, "410423": code, **targets}

    def said(self, text: str) -> str:
        """A text of the example as it reads in this county."""
        return _SPOKEN.sub(lambda found: self._wording[found[0]], text)

    def write_plan(self, folder: Path) -> Path:
        """Its plan folder below ``folder``; gives where that is."""
        target = folder / self.plan_id
        for path in (each for each in PLAN.rglob("*") if each.is_file()):
            written = target / path.relative_to(PLAN)
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(self.said(path.read_text(encoding="utf-8")), encoding="utf-8")
        return target

    def write_files(self, folder: Path) -> Path:
        """What its units send for the month, below ``folder``; gives where that is."""
        inbox = folder / self.name
        shutil.rmtree(inbox, ignore_errors=True)
        for number, made in enumerate(example_files()):
            is_faulty = (number + self.number) % _ONE_FAULTY_IN == 0
            path = inbox / made.unit_code / made.name
            path.parent.mkdir(parents=True)
            path.write_bytes(self._respelled(made.faulty if is_faulty and made.faulty else made.right))
        return inbox

    def _respelled(self, workbook: bytes) -> bytes:
        """The workbook with this county's words and targets in every part."""
        result = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                new.writestr(part, self.said(old.read(part).decode()).encode())
        return result.getvalue()


# None of them within a longer number; the code of the county also begins those of its streets.
_SPOKEN = re.compile(rf"lushan|鲁山|露峰|410423|(?<![\d.])(?:{'|'.join(map(str, _TARGETS))})(?![\d.])")


@cache
def example_files() -> tuple[Made, ...]:
    """A workbook of every unit of the example for the month, filled in once."""
    return tuple(_made_files())


def _made_files() -> Iterator[Made]:
    maker = Maker(load_plan(PLAN), load_scenario(HERE / "scenario.yaml"))
    with TemporaryDirectory() as name:
        for unit_code in sorted({duty.unit_code for duty in obligations(maker.plan, PERIOD)}):
            parcel = Parcel("made", unit_code, str(PERIOD), f"{PERIOD}.xlsx", "accepted", "2022-02-07")
            maker.write(parcel, Path(name))
            path = Path(name) / "made" / unit_code / parcel.file_name
            yield Made(unit_code, parcel.file_name, path.read_bytes(), _spoilt(path))


def _spoilt(path: Path) -> bytes | None:
    """The same with a guess in place of a number; None where the unit reports no number."""
    workbook = load_workbook(path)
    cell = next(numbers(workbook.worksheets[0]), None)
    if cell is None:
        return None
    cell.value = "约150"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()
