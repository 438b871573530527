"""Every key of a plan is explained, and the page says what the contracts say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from minsheng.core.contracts import lineage, model_in
from minsheng.drafting import key_page
from minsheng.drafting.key_page import FILES
from minsheng.mail.contacts import Contacts
from minsheng.plan.folder import read_folder
from minsheng.words.keys import explained, meanings


def models() -> Iterator[type[BaseModel]]:
    """Every class that a file of a plan, or the contacts, may hold, and those it derives from."""
    waiting: list[type[BaseModel]] = [file.contract for file in FILES]
    seen: set[type[BaseModel]] = set()
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            yield model
            waiting += [inner for field in model.model_fields.values() if (inner := model_in(field.annotation))]


MODELS = sorted(models(), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_explained(model: type[BaseModel]) -> None:
    assert [key for key in model.model_fields if not explained(lineage(model), key)] == []


def test_nothing_is_explained_that_is_no_key() -> None:
    known = {name: set(model.model_fields) for model in MODELS for name in lineage(model)}
    assert {(name, key) for name, keys in meanings().items() for key in keys.keys() - known.get(name, set())} == set()


def test_the_page_tells_of_every_file_of_a_plan(tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    (tmp_path / "registers").mkdir()
    for name in ("items/M01.yaml", "registers/villages.yaml"):
        (tmp_path / name).write_text("code: x\n", encoding="utf-8")
    calendar = "{source: x, national: [2022], covers_from: 2022-01-01, covers_to: 2022-12-31}\n"
    (tmp_path / "calendar.yaml").write_text(calendar, encoding="utf-8")
    read = {model_in(part.contract) for part in read_folder(tmp_path).parts}
    assert read == {file.contract for file in FILES} - {Contacts}


def test_the_page_says_what_may_be_written() -> None:
    page = key_page.page()
    for line in (
        "| `kind` | 指标类型 | `flow` 累计量、`stock` 存量、`ratio` 比率、`coverage` 覆盖、",
        "| `day` | 次月几日截止 | 整数，不小于 1，不大于 28 | 必填 |",
        "| `per_member` 逐个判定、`county_total` 全县合计；或 `null` |",
        "| `polarity` | 数越大越好还是越小越好 | `higher_better` 越高越好、`lower_better` 越低越好 | `higher_better` |",
        "| `signed_from` | 从哪个月的报表起，须由单位的审签人确认才计入 | 月份，如 2022-05；或 `null` | 没有 |",
    ):
        assert line in page
