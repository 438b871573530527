"""What letters say: shipped, said otherwise by a county, or refused with the line where it is wrong."""

from pathlib import Path

import pytest

from minsheng.core.errors import UserError
from minsheng.words.letter_words import Wording
from minsheng.words.letters import county_wording, shipped


def said(folder: Path, text: str) -> Wording:
    path = folder / "lushan.yaml"
    path.write_text(text, encoding="utf-8")
    return county_wording(folder, "lushan")


def test_a_county_says_only_what_it_says_otherwise(tmp_path: Path) -> None:
    own = said(tmp_path, "common:\n  how_to_send: 请放入共享盘。\nform:\n  closing: 照旧。\n")
    assert own.common.how_to_send == "请放入共享盘。"
    assert own.form == shipped().form.model_copy(update={"closing": "照旧。"})
    assert own.answer == shipped().answer


def test_a_county_without_a_file_says_what_is_shipped(tmp_path: Path) -> None:
    assert county_wording(None, "lushan") == county_wording(tmp_path, "lushan") == shipped()


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"letters\.yaml"):
        county_wording(tmp_path / "letters.yaml", "lushan")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("form:\n  subject: 新表{mont}\n", r"第 2 行（form\.subject）.*没有“mont”可填：是不是“month”？可写：month、"),
        ("form:\n  closin: 好\n", r"第 2 行（form\.closin）.*是不是“closing”？"),
        ("forms:\n  closing: 好\n", r"（forms）.*是不是“form”？"),
        ("form:\n  closing: 见{month\n", r"第 2 行（form\.closing）.*应为成对的花括号"),
        ("form:\n  closing: 见{}\n", r"没有“”可填"),
        ("form:\n  closing: 见{month.__class__}\n", r"没有“month\.__class__”可填"),
        ("form:\n  closing: 见{month:>9}\n", r"花括号中只写名称"),
        ("form:\n  closing: 见{month!r}\n", r"花括号中只写名称"),
        ("form:\n  heading:\n", r"第 2 行（form\.heading）：这里是空的"),
        ("form:\n", r"（form）：这里是空的 → 应为若干“键: 值”"),
        ("- form\n", r"应为若干“键: 值”"),
    ],
)
def test_what_cannot_be_said_is_refused_by_line_and_part(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        said(tmp_path, text)
