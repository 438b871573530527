"""The numbers to be made of the published tables, declared once in ``sql/metrics.yaml`` (docs/adr/0051)."""

from __future__ import annotations

from functools import cache
from typing import Literal, Self

from pydantic import model_validator

from minsheng.core.contracts import Flag, Strict, load
from minsheng.core.declarations import SQL
from minsheng.warehouse import sqlfiles

MetricFormat = Literal["count", "ratio", "hours"]


class Metric(Strict):
    """One number: how it is computed, by which columns it may be split, and over which of them the parts add up.

    ``one_period``: it means something within one month only; over several it would count the same thing again.
    """

    name: str
    label: str
    table: str
    expression: str
    splits_by: tuple[str, ...]
    sums_over: tuple[str, ...] = ()
    one_period: Flag = False
    format: MetricFormat

    @model_validator(mode="after")
    def _is_of_published_columns(self) -> Self:
        models = {model.name: model for model in sqlfiles.declared("published")}
        if self.table not in models:
            raise ValueError(f"没有发布表 {self.table}")
        if unknown := {*self.splits_by, *self.sums_over} - {*sqlfiles.columns(models[self.table])}:
            raise ValueError(f"{self.table} 没有列 {'、'.join(sorted(unknown))}")
        if not set(self.sums_over) <= set(self.splits_by):
            raise ValueError("sums_over 中的列都要在 splits_by 中")
        return self


@cache
def metrics() -> tuple[Metric, ...]:
    """Every metric in the file's order; raises UserError that names every fault with line and key."""
    return load(SQL / "metrics.yaml", tuple[Metric, ...], "sql/metrics.yaml")
