"""``make bench``: ratios of speed, measured in one run. What they mean is in ``docs/benchmarks.md``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.live import Live
from rich.table import Table

from bench.delivery import Homes
from bench.home import compare_home
from bench.month import compare_months
from bench.province import take_province
from bench.stages import compare_stages
from bench.timing import Amounts, Comparison
from bench.year import compare_year
from minsheng.core.collector import collect_rarely
from minsheng.core.declarations import ROOT
from minsheng.views.terminal import console


def main() -> None:
    """Measure and print; asserts nothing, for a time is no truth."""
    collect_rarely()
    asked = _asked()
    if asked.scale == "province":
        take_province(asked.counties, asked.folder)
        return
    table = _empty_table()
    with tempfile.TemporaryDirectory() as workshop, Live(table, console=console):
        for comparison in _comparisons(Homes(Path(workshop)), asked.scale):
            table.add_row(*_cells(comparison))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", choices=("month", "year", "province"), default="month")
    parser.add_argument("--counties", type=int, default=158, help="of the province")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "province", help="where the province is kept")
    return parser.parse_args()


def _comparisons(homes: Homes, scale: str) -> Iterator[Comparison]:
    if scale == "year":
        yield from compare_year(homes)
        return
    yield from compare_stages(homes)
    yield from compare_home(homes)
    yield from compare_months(homes)


def _empty_table() -> Table:
    table = Table(title="Processor time (ms) or memory and disk (MB) against a yardstick: medians (least)")
    table.add_column("ours")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("yardstick")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("ratio", justify="right", no_wrap=True)
    table.add_column("aim", justify="right", no_wrap=True)
    return table


def _cells(one: Comparison) -> tuple[str, ...]:
    ratio = f"{one.ratio:.2f} ({one.least_ratio:.2f})"
    aim = "" if one.aim is None else f"{one.aim:g}"
    return one.work, _amount(one.ours, one.unit), one.yardstick, _amount(one.theirs, one.unit), ratio, aim


def _amount(amounts: Amounts, unit: str) -> str:
    digits = 0 if amounts.median >= 100 else 1
    return f"{amounts.median:,.{digits}f} ({amounts.least:,.{digits}f}) {unit}"


if __name__ == "__main__":
    main()
