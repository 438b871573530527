"""The site of the data: everything declared has its place, every link leads somewhere, and lineage ends in cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from minsheng.core.declarations import RULES
from minsheng.publication.metrics import metrics
from minsheng.validation.rules import load_rules
from minsheng.views.site.catalog import LAYERS, Catalog, read_catalog
from minsheng.views.site.writing import write_site
from minsheng.warehouse import sqlfiles

pytestmark = pytest.mark.slow

# Tags, and with what they hold those of what is English by its nature: code, and types (in small letters).
_CODE = re.compile(r"<(style|pre|code|small)\b.*?</\1>|<[^>]*+>", re.DOTALL)
_SENTENCE = re.compile(r"[A-Za-z]++(?: [A-Za-z]++){2,}+")

COMPLETION = "published.pub_indicator_completion_v1"


class Read(HTMLParser):
    """Where a page leads, and what in it can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.anchors.add(value or "")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    return folder


@cache
def read(page: Path) -> Read:
    return Read(page.read_text(encoding="utf-8"))


def broken(page: Path) -> Iterator[str]:
    for link in read(page).links:
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.is_file() or (anchor and anchor not in read(target).anchors):
            yield f"{page.name}: {link}"


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 150
    assert [one for page in pages for one in broken(page)] == []


def test_the_pages_need_no_script_and_no_net(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert read(page).tags.isdisjoint({"script", "link", "img", "iframe"}), page
        assert not re.search(r"@import|url\(|src=|https?://", page.read_text("utf-8").split("<pre")[0]), page


def test_no_sentence_is_english(site: Path) -> None:
    told = {page.name: _SENTENCE.findall(_CODE.sub("|", page.read_text("utf-8"))) for page in site.rglob("*.html")}
    assert {name: found for name, found in told.items() if found} == {}


def test_every_table_of_every_layer_has_a_page_with_all_its_columns(site: Path, catalog: Catalog) -> None:
    models = [model for layer in LAYERS for model in sqlfiles.declared(layer)]
    assert len(models) == len(catalog.models)
    for model in models:
        anchors = read(site / "tables" / f"{model.full_name}.html").anchors
        assert {*catalog.types[model.full_name]} <= anchors, model.full_name
        if model.schema != "raw":
            assert [*catalog.types[model.full_name]] == [*sqlfiles.columns(model)]


def test_every_rule_with_its_proofs_and_every_metric_is_there(site: Path) -> None:
    rules = load_rules(RULES).rules
    assert {rule.code for rule in rules} <= read(site / "rules.html").anchors
    assert (site / "rules.html").read_text("utf-8").count("不通过：") == len(rules)
    assert {one.name for one in metrics()} <= read(site / "metrics.html").anchors


def test_a_column_is_followed_to_the_cells_it_comes_from(catalog: Catalog) -> None:
    lineage = catalog.lineage
    assert lineage.sources(COMPLETION, "completion_ratio") == (("marts.indicator_completion", "completion_ratio"),)
    assert ("raw.cell", "number_value") in lineage.origins(COMPLETION, "actual_value")
    assert (COMPLETION, "completion_ratio") in lineage.uses("marts.indicator_completion", "completion_ratio")


def test_every_published_figure_has_an_origin(catalog: Catalog) -> None:
    """But for what is written out in the SELECT itself, or counts rows."""
    without = {
        f"{model.name}.{column.name}"
        for model in sqlfiles.declared("published")
        for column in catalog.columns[model.full_name]
        if not column.origins
    }
    assert {one for one in without if one.endswith(("_value", "_ratio", "_pp", "_at"))} == set()


def test_neighbours_reach_from_the_raw_to_the_published(catalog: Catalog) -> None:
    model = catalog.models[COMPLETION]
    assert [*catalog.upstream(model)] == ["raw", "staging", "star", "marts"]
    assert COMPLETION in catalog.downstream(catalog.models["raw.cell"])["published"]
    assert [one.name for one in catalog.metrics(model)]
    assert [rule.code for rule in catalog.rules(catalog.models["facts.row_plan"])]
    told = [check.name for check in catalog.checks(catalog.models["marts.indicator_completion"])]
    assert "grain_of_marts_indicator_completion" in told and len(told) > 1
