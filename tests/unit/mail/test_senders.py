"""What the data team reads above an answer that nobody else can be sent."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from minsheng.core.home import Home
from minsheng.mail.senders import to_data_team, unit_name
from minsheng.plan.county import as_county
from minsheng.plan.likely import likely_unit
from minsheng.plan.run import Run
from tests.workbooks import lushan

RUN = Run(Home(Path()), as_county([lushan()]), datetime(2022, 6, 3, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")), "test")


def test_a_unit_without_address_is_passed_on_by_the_data_team() -> None:
    told = "（通讯录中没有“县残联”的邮箱，本邮件改发数据组，请转告该单位并补充通讯录。）"
    assert to_data_team(RUN, "lushan-2022", "CL") == told


def test_of_a_folder_that_is_no_unit_the_data_team_hears_whose_it_is() -> None:
    assert unit_name(RUN, "lushan-2022", "cgj") == "cgj"
    assert to_data_team(RUN, "lushan-2022", "cgj") == (
        "（收件目录的文件夹“cgj”不是方案中的单位代码，本邮件发给数据组。看来是 CGJ（县城管局）的："
        "请把文件移到文件夹 CGJ，或把这个文件夹改名为 CGJ，下次取件即按该单位核对。）"
    )
    assert "请查明是哪个单位的文件" in to_data_team(RUN, "lushan-2022", "XYZ")


@pytest.mark.parametrize(
    "name",
    ["cgj", " CGJ", "CGJ ", "ＣＧＪ", "Cgj.", "CGJ_5月", "01-CGJ", "县城管局", "CGJ（县城管局）", "县城市管理局"],
)
def test_a_unit_is_known_by_its_code_or_name_however_written(name: str) -> None:
    assert getattr(likely_unit(lushan(), name), "code", None) == "CGJ"


@pytest.mark.parametrize("name", ["XYZ", "新建文件夹", "5月", "CGJ和RSJ CGJ RSJ", "", "．．", "cgjj"])
def test_where_it_may_be_anybody_nobody_is_named(name: str) -> None:
    assert likely_unit(lushan(), name) is None
