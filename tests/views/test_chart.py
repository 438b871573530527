"""The line of an indicator: gaps, corrections, the lines it is held against, and nothing that needs a script."""

from __future__ import annotations

from xml.etree import ElementTree

from minsheng.views.report.chart import course, draw
from minsheng.warehouse.connection import Row
from tests.workbooks import lushan

INDICATORS = {one.code: one for one in lushan().indicators}
SVG = "{http://www.w3.org/2000/svg}"


def rows(*values: float | None, corrected: int = 0) -> list[Row]:
    return [
        {"period": f"2022-{number:02d}", "actual_value": value, "corrections": [{}] if number == corrected else []}
        for number, value in enumerate(values, start=1)
    ]


def line(drawn: str, number: int) -> list[str]:
    """The pieces of a line: more than one where it has gaps."""
    for group in ElementTree.fromstring(drawn).iter(f"{SVG}g"):
        paths = [path.get("d", "") for path in group.iter(f"{SVG}path")]
        if group.get("class") == f"series serie-{number} color-{number}" and paths:
            return [piece for path in paths for piece in path.split("M") if piece]
    return []


def test_a_month_not_reported_is_a_gap_and_a_corrected_one_is_marked() -> None:
    drawn = draw(course(rows(150, 246, None, 606, 811, corrected=4), INDICATORS["M03-01"], 2022))
    assert len(line(drawn, 0)) == 2, "the line begins anew after the gap"
    dots = [group for group in ElementTree.fromstring(drawn).iter(f"{SVG}g") if group.get("class") == "dots"]
    assert len(dots) == 4 + 1
    assert all(name in drawn for name in ("累计", "序时", "目标", "更正过"))


def test_what_is_not_judged_along_the_year_has_no_line_of_time() -> None:
    rate = course(rows(0.54), INDICATORS["M10-02"], 2022)
    assert set(rate.schedule) == {None} and set(rate.target) == {65.0} and rate.actual[0] == 54.0
    paced = course(rows(150), INDICATORS["M03-01"], 2022)
    assert paced.schedule[5] == 1016 and paced.schedule[11] == 2032
    assert "序时" not in draw(rate)


def test_a_drawing_is_an_image_with_a_name_and_the_same_each_time() -> None:
    told = course(rows(150, 246), INDICATORS["M03-01"], 2022)
    drawn = draw(told)
    root = ElementTree.fromstring(drawn)
    assert (root.get("role"), root.get("aria-label")) == ("img", "窨井设施维护改造数：各月累计与目标")
    assert not [one for one in root.iter() if one.tag.removeprefix(SVG) in ("script", "style")]
    assert "pygal.org" not in drawn and draw(told) == drawn


def test_nothing_is_drawn_of_what_was_never_reported() -> None:
    assert draw(course(rows(None, None), INDICATORS["M03-01"], 2022)) == ""
