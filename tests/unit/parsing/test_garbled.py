"""Text whose characters were lost on the way is told from text that is only unusual."""

import pytest

from minsheng.parsing.garbled import garbled_cells, has_lost_words, is_garbled
from minsheng.spreadsheet.grid import Grid

WRITTEN = ("新疆", "学校", "工程", "已完成", "施工正常", "窨井设施维护改造", "因疫情影响进度", "正常")


@pytest.mark.parametrize("text", WRITTEN)
def test_utf_8_read_as_gbk(text: str) -> None:
    assert is_garbled(text.encode().decode("gbk", errors="replace"))


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_read_as_western(text: str, encoding: str) -> None:
    assert is_garbled(text.encode(encoding).decode("latin-1"))


@pytest.mark.parametrize(
    "text", ["锟斤拷锟斤拷已完成", "烫烫烫烫", "????", "？完成????年", "???", "涓浗", "\ufffd\ufffd设施"]
)
def test_what_is_lost_for_good(text: str) -> None:
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        *WRITTEN,
        "瀼河乡、㳇河、漥陷路段",
        "養老服務設施覆蓋率達到預期",
        "是否计入??请明示",
        "±5℃ 30m² 第③标段",
        "××××乡····",
    ],
)
def test_what_is_only_unusual(text: str) -> None:
    assert not is_garbled(text)


def test_it_is_found_by_its_place() -> None:
    grid = Grid("填报", [["指标", 1], [None, "锟斤拷"]])
    assert list(garbled_cells(grid)) == [(1, 1, "锟斤拷")]


@pytest.mark.parametrize(
    ("texts", "is_lost"),
    [
        (["____"] * 10, True),
        (["???", "\x1a\x1a"] * 5, True),
        (["____"] * 9, False),
        (["____"] * 10 + ["填报人"], False),
        (["锟斤拷", "填报人"], True),
        (["M03-01", "n/a"] * 9, False),
    ],
)
def test_a_sign_for_every_character_is_no_line_to_write_on_where_there_are_no_words(
    texts: list[str], is_lost: bool
) -> None:
    assert has_lost_words([Grid("x", [[text, 1] for text in texts])]) is is_lost
