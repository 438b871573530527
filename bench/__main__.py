"""``make bench``: ratios of speed, measured in one run. What they mean is in ``docs/benchmarks.md``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from bench.delivery import Homes
from bench.month import compare_months
from bench.stages import compare_stages
from bench.timing import Comparison, Times
from minsheng.views.terminal import console


def main() -> None:
    """Measure and print; asserts nothing, for a time is no truth."""
    table = _empty_table()
    with tempfile.TemporaryDirectory() as workshop, console.status("measuring …") as status:
        for comparison in _comparisons(Homes(Path(workshop))):
            status.update(f"measured: {comparison.work} …")
            table.add_row(*_cells(comparison))
    console.print(table)


def _comparisons(homes: Homes) -> Iterator[Comparison]:
    yield from compare_stages(homes)
    yield compare_months(homes)


def _empty_table() -> Table:
    table = Table(title="Processor time against a yardstick: medians (least of the repetitions)")
    table.add_column("ours")
    table.add_column("ms", justify="right", no_wrap=True)
    table.add_column("yardstick")
    table.add_column("ms", justify="right", no_wrap=True)
    table.add_column("ratio", justify="right", no_wrap=True)
    return table


def _cells(one: Comparison) -> tuple[str, ...]:
    ratio = f"{one.ratio:.2f} ({one.least_ratio:.2f})"
    return one.work, _milliseconds(one.ours), one.yardstick, _milliseconds(one.theirs), ratio


def _milliseconds(times: Times) -> str:
    return f"{times.median * 1000:,.0f} ({times.least * 1000:,.0f})"


if __name__ == "__main__":
    main()
