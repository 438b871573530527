"""Lists of persons in a sheet of their own; towns, diseases, materials and counts by sex make none."""

from collections.abc import Sequence
from datetime import date
from itertools import cycle

import pytest

from tests.unit.guard.test_guard import found, with_lines
from tests.workbooks import words

PEOPLE = ["张伟", "王　芳", "李娜", "刘洋", "陈静", "杨帆", "赵磊", "欧阳雪", "周涛", "吴敏", "徐强", "孙燕"]
VILLAGES = ["王庄", "李家沟", "赵楼", "商酒务", "薛寨", "郝楼", "何寨", "刘营", "陈店", "杨李沟", "周坡", "吴岭"]


def kinds(lines: Sequence[Sequence[object]]) -> list[str]:
    return [kind for kind, *_ in found(with_lines(lines))]


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "姓名",
            "姓 名",
            "*姓名",
            "姓名（必填）",
            "2.姓名",
            "家长姓名",
            "身份证号码",
            "残疾人证号",
            "出生年月",
            "家庭住址",
        ),
        *("手机号", "银行卡号", "社保卡号", "护照号", "QQ号", "微信号", "与户主关系", "户籍地址"),
    ],
)
def test_a_heading_of_persons_data_over_anything_makes_a_list(heading: str) -> None:
    assert kinds([["序号", heading], [1, "略"]]) == ["roster"]


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "名字",
            "学员",
            "受益人",
            "户主",
            "患者",
            "监护人",
            "法人",
            "联系人",
            "产妇",
            "申请人",
            "参训人员",
            "领款人",
            "业主",
        ),
        *("负责人", "责任人", "老人", "儿童", "农户", "残疾人", "家长", "名单"),
    ],
)
def test_other_headings_make_one_over_a_name_and_none_over_a_count(heading: str) -> None:
    assert kinds([["序号", heading], [1, "王　芳"]]) == ["roster"]
    for below in (120, "120", "120人", "张良", "马楼乡", "县民政局", "王庄村", "高血压", None):
        assert kinds([["序号", heading], [1, below]]) == []


@pytest.mark.parametrize(
    "beside",
    ["男", "女性", "男孩", "女童", "60岁", "8周岁", "M", "男，60岁", "1952-03-04", "1952年3月", date(1952, 3, 4)],
)
def test_names_beside_what_only_a_person_has_make_a_list(beside: object) -> None:
    assert kinds([["甲", None], *([name, beside] for name in PEOPLE[:6])]) == ["roster"]


def test_names_one_under_another_make_a_list() -> None:
    assert kinds([["五月"], *([name] for name in PEOPLE)]) == ["roster"]
    assert kinds([["五月"], *([name] for name in PEOPLE[:4])]) == []


@pytest.mark.parametrize("separator", ["、", "，", " ", "\n", "/", "；", "\t"])
def test_names_in_one_cell_make_a_list(separator: str) -> None:
    assert kinds([[separator.join(PEOPLE)]]) == ["roster"]


def places_of_the_plan() -> list[str]:
    return sorted(words().members)


@pytest.mark.parametrize("beside", ["男", "女", "60岁", "女性", "1952-03-04", 120])
@pytest.mark.parametrize("suffixes", ["", "镇乡村街道"])
def test_towns_are_no_persons(beside: object, suffixes: str) -> None:
    towns = [name.rstrip(suffixes) if suffixes else name for name in places_of_the_plan()]
    short = [name.removesuffix("乡").removesuffix("镇").removesuffix("街道") for name in towns]
    for names in (towns, short, VILLAGES):
        assert kinds([["五月", "性别"], *([name, beside] for name in names)]) == []
        assert kinds([["、".join(names)]]) == []


@pytest.mark.parametrize(
    "heading", ["乡镇", "村", "单位", "社区名称", "项目名称", "病种", "材料", "施工地点", "责任单位", "路段"]
)
def test_a_heading_says_that_no_persons_follow(heading: str) -> None:
    names = [name.replace("　", "") for name in PEOPLE]
    assert kinds([[heading, "性别"], *([name, sex] for name, sex in zip(names, cycle("男女"), strict=False))]) == []


@pytest.mark.parametrize(
    "things",
    [
        ["高血压", "高血脂", "糖尿病", "冠心病", "白内障", "关节炎", "慢阻肺", "肺结核"],
        ["路灯", "路牌", "路沿石", "方砖", "管道", "井盖", "石子", "黄沙", "苗木"],
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        ["方案", "任务", "程序", "申报", "施工", "成果", "常态", "平安", "文明"],
    ],
)
def test_words_that_begin_like_surnames_are_no_persons(things: list[str]) -> None:
    assert kinds([[thing, "女"] for thing in things]) == []
