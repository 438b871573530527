"""The page that documents the metrics, made from ``sql/metrics.yaml``: ``docs/generated/metrics.md``.

Made again by ``make docs``; a test holds it current.
"""

from __future__ import annotations

from collections.abc import Iterator

from minsheng.core.declarations import ROOT
from minsheng.publication.labels import title
from minsheng.publication.metrics import Metric, metrics
from minsheng.warehouse import sqlfiles

PAGE = ROOT / "docs" / "generated" / "metrics.md"
_FORMATS = {"count": "个数", "ratio": "0 至 1，按百分数显示", "hours": "小时"}
_HEAD = """# 指标口径

由 `make docs` 从 `sql/metrics.yaml` 生成，请勿手改。
每个数怎样从发布表算出来、可以按什么拆分、跨什么相加。Superset 看板里的数都取自这里；数据契约和随机核对的测试也是。
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(line for metric in metrics() for line in _metric(metric))])


def _metric(metric: Metric) -> Iterator[str]:
    (model,) = [model for model in sqlfiles.declared("published") if model.name == metric.table]
    yield f"## {metric.label} `{metric.name}`\n"
    yield f"- 表：`{metric.table}`（{title(model)}）"
    yield f"- 算法：`{metric.expression}`"
    yield f"- 单位：{_FORMATS[metric.format]}"
    yield f"- 可以按这些列分组、筛选：{_listed(model, metric.splits_by)}"
    yield f"- 跨这些列相加不重不漏：{_listed(model, metric.sums_over) or '没有；不可相加'}"
    if metric.one_period:
        yield "- 只在一期之内有意义：跨月份的，先选一期"
    yield ""


def _listed(model: sqlfiles.Model, columns: tuple[str, ...]) -> str:
    return "、".join(f"{sqlfiles.terms(model)[column].label} `{column}`" for column in columns)
