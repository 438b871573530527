"""What an answer says: every fault once, warnings apart, several files one after the other, in text and in HTML."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest

from minsheng.mail.answer import Answer, answer_text, forecast_text, subject
from minsheng.mail.faults import follow_on
from minsheng.mail.page import answer_html
from minsheng.validation.causes import ToldOnce
from tests.unit.mail.conftest import ANSWER, FAULT, FILE, LATE, TARGET

ACCEPTED = replace(FILE, period="2022-04", file_name="4月.xlsx", verdict="accepted", findings=(LATE,), marked_up=None)


def test_an_answer_names_every_fault_and_keeps_warnings_apart() -> None:
    assert answer_text(ANSWER) == (
        "县人社局：\n\n"
        "您好！贵单位报送的2022年5月民生实事报表（文件“5月.xlsx”，收到时间 2022-06-03 10:00）已经核对。\n"
        "校验结论：已退回，请改正后重新报送。\n\n"
        "一、退回：必须改正的问题（2 处，改正后请重新报送整份表）\n"
        "1. 填报!F6：“约300”是大约的数。\n"
        "   → 请填写准确数字。\n"
        "2. 填报!D6：应为 2032。（表内是“2000”）\n"
        "   → 请改回 2032。\n\n"
        "二、提醒：请核对的事项（1 处，不影响接收）\n"
        "1. 整个文件：按迟报登记。\n"
        "   → 请今后在截止时间前报送。\n\n"
        "附件“5月（退回）.xlsx”就是贵单位的报表：有问题的单元格已标色并加批注，首页“退回清单”可逐条跳转，"
        "改正后可直接用它报送。\n"
        "本次报送的数据没有采用；此前已接收的数据不受影响。"
        "请按上面的提示在原表中改正，一次改完后直接回复本邮件并附上改好的表，也可以按原来的方式报送；如有疑问，请与数据组联系。\n"
    )


def test_what_goes_back_says_by_when_it_is_to_come_again() -> None:
    dated = replace(ANSWER, files=(replace(FILE, due_at=datetime(2022, 6, 6, 10, tzinfo=UTC)),))
    assert "报送截止时间是6月6日（星期一）18:00，已经过了的请尽快。" in answer_text(dated)
    assert "报送截止时间是6月6日（星期一）18:00" in answer_html(dated)


def test_what_follows_from_a_fault_stands_a_line_each() -> None:
    follows = (replace(TARGET, rule="R10"), replace(FAULT, cell="F9"))
    assert [*follow_on(ToldOnce(FAULT, follows))] == [
        "同样要改的还有填报!F9。",
        "由此引起、一并改正的：",
        "· 填报!D6：应为 2032。",
    ]


def test_a_file_that_cannot_be_marked_says_so() -> None:
    text = answer_text(Answer("县人社局", (replace(FILE, marked_up=None),)))
    assert "这个文件无法作为表格标注后附回，请按上面的提示处理。\n本次报送的数据没有采用" in text
    assert "附件“" not in text


def test_several_files_are_told_one_after_the_other() -> None:
    answer = Answer("县人社局", (ACCEPTED, FILE))
    assert subject(answer) == "【民生实事月报】2个报表文件已退回1个、已接收1个：县人社局"
    text = answer_text(answer)
    assert text.startswith(
        "县人社局：\n\n您好！贵单位报送的 2 个民生实事报表文件已经核对，逐个说明如下。\n\n━━ 第 1 个文件"
    )
    assert text.index("文件“4月.xlsx”") < text.index("校验结论：已接收。") < text.index("文件“5月.xlsx”")
    assert text.index("文件“5月.xlsx”") < text.index("校验结论：已退回，") < text.index("“约300”是大约的数。")


def test_one_file_is_named_by_its_month_in_the_subject() -> None:
    assert subject(ANSWER) == "【民生实事月报】2022年5月报表已退回：县人社局"


@pytest.mark.parametrize("answer", [ANSWER, Answer("县人社局", (ACCEPTED, FILE))], ids=["one file", "two files"])
def test_html_says_the_same(answer: Answer) -> None:
    shown = re.sub(r"<[^>]+>", "\n", answer_html(answer))
    said = {line.strip() for line in unescape(shown).splitlines()}
    for sentence in re.split(r"\n|→ |\d\. [^：\n]+：|（表内是|校验结论：|━━ |\s{2,}", answer_text(answer)):
        words = sentence.strip(" ）").rstrip("。")
        assert any(words in line for line in said), words


def test_html_cannot_be_written_by_a_unit() -> None:
    evil = replace(FAULT, found="<script>x</script>", message="<b>", sheet="<i>")
    html = answer_html(Answer("<u>", (replace(FILE, findings=(evil,), file_name="<img src=x>"), FILE)))
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert not any(tag in html for tag in ("<script", "<img", "<i>", "<b></b>", "<u>"))


def test_the_forecast_has_the_words_of_the_mail() -> None:
    forecast = forecast_text("rejected", (FAULT, TARGET, LATE))
    head, body = forecast.split("\n", maxsplit=1)
    assert head == "如果这样报送，校验结论：已退回，请改正后重新报送。"
    assert body.rstrip() in answer_text(ANSWER)
