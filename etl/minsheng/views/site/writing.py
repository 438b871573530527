"""Writing the site: a folder of pages without script that fetch nothing and lead to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import dropwhile
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from minsheng import __version__
from minsheng.core.declarations import FORMS, RULES
from minsheng.core.files import replace_file
from minsheng.plan.form import load_form, versions
from minsheng.publication.labels import title
from minsheng.publication.metrics import metrics
from minsheng.validation.facts import SCOPES
from minsheng.validation.rules import load_rules
from minsheng.views.site.catalog import Catalog, facts_of, read_catalog
from minsheng.warehouse.sqlfiles import Model
from minsheng.words.chinese import chinese

# Whoever may read the repository may read the site: it holds no figure of anybody.
_MODE = 0o644
_LAYER_NAMES = {
    "raw": "原始表：读到的单元格、收件、判定、方案、决定",
    "staging": "整理：每份文件、每个版本的来龙去脉",
    "facts": "校验事实：规则看的列",
    "star": "星型模型：维度和事实",
    "marts": "集市：判定、完成、报送",
    "published": "发布表：BI 只用这些",
}


def write_site(folder: Path) -> int:
    """Write every page; gives how many. What lies in the folder already and is not of the site is left alone."""
    catalog = read_catalog()
    pages = dict(_pages(catalog))
    for name, page in pages.items():
        replace_file(folder / name, page.encode(), _MODE)
    return len(pages)


def _pages(catalog: Catalog) -> Iterator[tuple[str, str]]:
    environment = _environment(catalog)

    def drawn(template: str, **shown: object) -> str:
        return environment.get_template(template).render(**shown)

    rules = load_rules(RULES).rules
    yield "index.html", drawn("index.html.j2", root="", catalog=catalog, rules=rules, metrics=metrics())
    yield "columns.html", drawn("columns.html.j2", root="", letters=_letters(catalog))
    yield "form.html", drawn("form.html.j2", root="", forms=[load_form(FORMS, one) for one in versions(FORMS)])
    by_scope = {scope: [rule for rule in rules if rule.scope == scope] for scope in SCOPES}
    yield "rules.html", drawn("rules.html.j2", root="", catalog=catalog, by_scope=by_scope, facts_of=facts_of)
    yield "metrics.html", drawn("metrics.html.j2", root="", catalog=catalog, metrics=metrics())
    for model in catalog.models.values():
        shown = {"catalog": catalog, "model": model, "columns": catalog.columns[model.full_name]}
        yield f"tables/{model.full_name}.html", drawn("table.html.j2", root="../", **shown)


def _letters(catalog: Catalog) -> dict[str, list[tuple[str, str, list[str]]]]:
    """Every column name with its Chinese one and the tables that have it, by first letter."""
    found: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for table, columns in catalog.columns.items():
        for column in columns:
            found.setdefault(column.name, []).append(table)
            labels[column.name] = column.label or labels.get(column.name, "")
    letters: dict[str, list[tuple[str, str, list[str]]]] = {}
    for name in sorted(found):
        letters.setdefault(name[0].upper(), []).append((name, labels[name], found[name]))
    return letters


def _select(model: Model) -> str:
    """Its SQL without the head, which the page has told in Chinese."""
    return "\n".join(dropwhile(lambda line: line.startswith("-- "), model.sql.splitlines()))


def _environment(catalog: Catalog) -> Environment:
    environment = Environment(
        loader=PackageLoader("minsheng.views.site", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told: Mapping[str, Any] = {
        "chinese": chinese(),
        "title": title,
        "select": _select,
        "names": {name: title(model) for name, model in catalog.models.items()},
        "layer_names": _LAYER_NAMES,
        "version": __version__,
    }
    environment.globals |= told
    return environment
