"""Bulletins: from what was frozen only, decided by a person, each number once, corrections told in the next one."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import reportlab
from docx import Document

from minsheng.core.errors import DamagedError, UserError
from minsheng.core.home import Home
from minsheng.flows import bulletin as flow
from minsheng.flows.bulletin import decide, draft_bulletin
from minsheng.flows.bulletin_files import Means, files_of
from minsheng.plan.calendar import freeze_at
from minsheng.publication.bulletins import (
    BulletinDecision,
    draft_folder,
    drafts,
    issued,
    issued_folder,
    unfinished,
)
from minsheng.publication.bulletins_due import is_wanted, undecided, undrafted
from minsheng.publication.freezes import freezes
from minsheng.publication.publication import read_publication
from minsheng.publication.revisions import find
from minsheng.views.bulletin.content import Issuing, bulletin_of
from minsheng.views.bulletin.corrections import differences
from minsheng.views.bulletin.document import fill_in, template_of
from tests.county import ZONE
from tests.store.test_freezes import APRIL, HOUR, MARCH, MAY, PLAN, Office

pytestmark = pytest.mark.slow

NOW = datetime(2022, 7, 1, 9, tzinfo=ZONE)


def paper(*lines: str) -> bytes:
    """A template of a few paragraphs: what is tested is what becomes of a bulletin, not its fourteen pages."""
    document, written = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(written)
    return written.getvalue()


SHORT = Means(paper("{{ issue }}", "{{ day }} {{ signed_by }}", "{{ corrections|join('|') }}"), None, "督查室")


def said(verdict: Any, by: str = "王主任", at: datetime = NOW, reason: str = "") -> BulletinDecision:
    return BulletinDecision(verdict, by, at, reason)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """March and April are frozen; between the two freezes, a report for March came."""
    office = Office(tmp_path_factory.mktemp("bulletins"))
    office.run(datetime(2022, 4, 1, 8, tzinfo=ZONE), MARCH)
    office.send(MARCH, 30, 30)
    office.run(freeze_at(PLAN, MARCH) + 30 * HOUR, MARCH)
    office.open(datetime(2022, 5, 1, 8, tzinfo=ZONE), APRIL)
    office.run(freeze_at(PLAN, APRIL) + 30 * HOUR, MAY)
    return office.home


@pytest.fixture
def home(frozen: Home, tmp_path: Path) -> Home:
    shutil.copytree(frozen.root.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Home(tmp_path / "lushan")


def draft(home: Home, period: str = "2022-03", means: Means = SHORT, at: datetime = NOW) -> Any:
    return draft_bulletin(home, PLAN.plan_id, period, at, means)


def judged(home: Home, verdict: str, period: str = "2022-03", **more: Any) -> Any:
    return decide(home, PLAN.plan_id, period, said(verdict, **more), SHORT)


def says(home: Home, number: int) -> list[str]:
    (one,) = [each for each in issued(home, PLAN.plan_id) if each.number == number]
    (name,) = [name for name in one.files if name.endswith(".docx")]
    return [paragraph.text for paragraph in Document(str(issued_folder(home, one) / name)).paragraphs]


def test_a_month_that_is_not_frozen_has_no_bulletin(home: Home) -> None:
    with pytest.raises(UserError, match=r"2022-05 没有定稿.*已定稿的有 2022-03、2022-04"):
        draft(home, "2022-05")


def test_an_approved_draft_is_numbered_signed_and_kept_read_only(home: Home) -> None:
    made = draft(home)
    assert [*made.files] == ["2022年3月通报（草稿1）.docx", "2022年3月通报（草稿1）.pdf"]
    bulletin = judged(home, "approved")
    assert (bulletin.number, bulletin.issued_by, bulletin.revision) == (1, "王主任", made.revision)
    assert says(home, 1)[:2] == ["2022年第1期", "2022年7月1日 王主任"]
    for name in bulletin.files:
        assert (issued_folder(home, bulletin) / name).stat().st_mode & 0o222 == 0


def test_the_same_draft_is_one_and_another_template_makes_another(home: Home) -> None:
    assert draft(home) == draft(home, at=NOW + HOUR)
    again = draft(home, means=Means(paper("{{ issue }}"), None, "督查室"))
    assert again.draft_no == 2
    with pytest.raises(UserError, match="有更新的草稿（第 2 稿）"):
        decide(home, PLAN.plan_id, "2022-03", said("approved"), SHORT, draft_no=1)


def test_of_two_approvals_the_second_changes_nothing(home: Home) -> None:
    draft(home)
    first = judged(home, "approved")
    assert judged(home, "approved", by="李主任", at=NOW + HOUR) == first
    assert len(issued(home, PLAN.plan_id)) == 1
    with pytest.raises(UserError, match="王主任 已于 2022-07-01 09:00 同意印发"):
        judged(home, "declined", reason="晚了")
    with pytest.raises(UserError, match="第 1 期，签发人 王主任"):
        draft(home)


def test_what_was_refused_is_drafted_anew_and_takes_no_number(home: Home) -> None:
    draft(home)
    assert judged(home, "declined", reason="措辞需改") is None
    with pytest.raises(UserError, match="不同意印发（措辞需改）"):
        judged(home, "approved")
    assert draft(home).draft_no == 2
    assert judged(home, "approved").number == 1
    assert [one.decision and one.decision.number for one in drafts(home, PLAN.plan_id)] == [None, 1]


def killed(*_: Any) -> Any:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["keep_decision", "files_of", "lay_out", "keep_issued"])
def test_killed_at_any_step_it_ends_with_one_number(home: Home, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    draft(home)
    whole: Callable[..., Any] = getattr(flow, step)

    monkeypatch.setattr(flow, step, killed)
    with pytest.raises(KeyboardInterrupt):
        judged(home, "approved")
    monkeypatch.setattr(flow, step, whole)
    assert judged(home, "approved", at=NOW + HOUR).number == 1
    assert unfinished(home, PLAN.plan_id) == []
    draft(home, "2022-04")
    assert judged(home, "approved", "2022-04").number == 2


def test_a_draft_of_before_another_bulletin_is_drafted_anew(home: Home) -> None:
    draft(home)
    draft(home, "2022-04")
    judged(home, "approved")
    with pytest.raises(UserError, match="请重新起草"):
        judged(home, "approved", "2022-04")
    assert draft(home, "2022-04").draft_no == 2
    assert judged(home, "approved", "2022-04").number == 2


def test_what_came_after_a_bulletin_is_named_in_the_next_one_and_never_again(home: Home) -> None:
    draft(home)
    judged(home, "approved")
    draft(home, "2022-04")
    judged(home, "approved", "2022-04")
    (told,) = says(home, 2)[2].split("|")
    assert (
        told == "2022年3月窨井设施维护改造数（县城管局）：累计完成原为 —，现为 30；状态原为未报送，现为滞后（补报）。"
    )
    assert says(home, 1)[2] == ""


def test_a_bulletin_issued_late_tells_of_nothing_later_than_itself(home: Home) -> None:
    draft(home, "2022-04")
    judged(home, "approved", "2022-04")
    draft(home)
    assert judged(home, "approved").number == 2
    assert [says(home, number)[2] for number in (1, 2)] == ["", ""]


def test_two_revisions_are_told_apart(home: Home) -> None:
    march, april = freezes(home).values()
    read = partial(read_publication, home, PLAN.plan_id)
    before, after = (read(find(home, one.revision)) for one in (march, april))
    told = [*differences(before, after)]
    assert told[0].startswith("2022年3月窨井设施维护改造数（县城管局）：累计完成原为 —，现为 30")
    assert told[-1] == "2022年4月：只有后一个版本有"
    assert [*differences(after, after)] == []


def test_equal_drafts_are_equal_bytes_and_agree_with_the_marts(home: Home) -> None:
    means = Means(template_of(None, "lushan"), None, "督查室")
    made = draft(home, "2022-04", means)
    content = {name: (draft_folder(home, made) / name).read_bytes() for name in made.files}
    assert files_of(home, made, means, None) == content
    document = Document(io.BytesIO(next(iter(content.values()))))
    (table,) = document.tables
    assert "方案没有给出去年同期数，表中不列去年同期。" in [paragraph.text for paragraph in document.paragraphs]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    (well,) = [row for row in rows if row[2] == "窨井设施维护改造数"]
    assert len(rows) == 33 and well[4:9] == ["2,032", "—", "—", "—", "33.3%"]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "本通报数据截至2022年5月" in text and "未报送 " in text and "，占 " in text


def test_last_year_is_told_where_the_plan_gives_it(home: Home) -> None:
    frozen = freezes(home)[PLAN.plan_id, "2022-03"]
    revision = find(home, frozen.revision)
    (revision.folder / "marts.duckdb").chmod(0o600)
    with duckdb.connect(str(revision.folder / "marts.duckdb")) as connection:
        connection.execute("""
            update pub_indicator_change_v1 set last_year_value = 400
            where period = '2022-03' and indicator_code = 'M03-01';
            update pub_indicator_completion_v1 set actual_value = 139  -- of 400: a half, to be rounded up
            where period = '2022-03' and indicator_code = 'M03-01'
        """)
    month = read_publication(home, PLAN.plan_id, revision).month("2022-03")
    issuing = Issuing(NOW, None, None, "督查室", None, "", frozen.revision)
    bulletin = bulletin_of(PLAN, month, frozen, issuing, (), {})
    (table,) = Document(io.BytesIO(fill_in(template_of(None, "lushan"), bulletin))).tables
    head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert head[10:12] == ["去年同期", "为去年同期的"]
    assert {row[2]: row[10:12] for row in rows if row[10] != "—"} == {"窨井设施维护改造数": ["400", "34.8%"]}


def test_a_template_that_names_what_there_is_not_makes_nothing(home: Home) -> None:
    with pytest.raises(UserError, match=r"不能用来出通报（'numbr' is undefined）"):
        draft(home, means=Means(paper("{{ numbr }}"), None, "督查室"))
    assert drafts(home, PLAN.plan_id) == []
    with pytest.raises(UserError, match="不能用来出通报"):
        draft(home, means=Means(b"no Word file", None, "督查室"))


def test_a_template_that_is_faulty_only_once_issued_is_refused_when_drafting(home: Home) -> None:
    faulty = paper("{{ issue }}", "{% if not is_draft %}{{ signd_by }}{% endif %}")
    with pytest.raises(UserError, match=r"不能用来出通报（'signd_by' is undefined）"):
        draft(home, means=Means(faulty, None, "督查室"))
    assert drafts(home, PLAN.plan_id) == []


def test_an_approval_that_cannot_be_made_takes_no_number(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(home)

    def fails(*_: Any) -> Any:
        raise UserError("bulletin_template", "通报模板", reason="PDF")

    with monkeypatch.context() as patched:
        patched.setattr(flow, "files_of", fails)
        with pytest.raises(UserError, match="不能用来出通报"):
            judged(home, "approved")
    assert [one.decision for one in drafts(home, PLAN.plan_id)] == [None]
    draft(home, "2022-04")
    assert judged(home, "approved", "2022-04").number == 1


def test_what_another_approval_left_behind_is_in_no_bulletin(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(home)
    draft(home, "2022-04")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(flow, "keep_decision", killed)
        judged(home, "approved")
    bulletin = judged(home, "approved", "2022-04")
    assert {path.name for path in issued_folder(home, bulletin).iterdir()} == {*bulletin.files, "issued.json"}


def test_files_that_were_changed_before_the_bulletin_was_finished_are_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(home)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(flow, "keep_issued", killed)
        judged(home, "approved")
    path = next((home.bulletins / PLAN.plan_id / "issued" / "0001").glob("*.docx"))
    path.chmod(0o640)
    path.write_bytes(b"another")
    with pytest.raises(DamagedError, match="与记下的校验值不符"):
        judged(home, "approved")


def test_a_number_is_never_given_again_though_its_draft_is_lost(home: Home) -> None:
    made = draft(home)
    first = judged(home, "approved")
    shutil.rmtree(draft_folder(home, made))
    draft(home, "2022-04")
    assert judged(home, "approved", "2022-04").number == 2
    assert issued(home, PLAN.plan_id)[0] == first


def test_nothing_is_decided_before_its_draft_nor_drafted_before_its_freeze(home: Home) -> None:
    with pytest.raises(UserError, match="早于定稿的时刻"):
        draft(home, at=freeze_at(PLAN, MARCH) - HOUR)
    draft(home)
    for verdict in ("approved", "declined"):
        with pytest.raises(UserError, match="2022-07-01 08:00 早于起草的时刻 2022-07-01 09:00"):
            judged(home, verdict, at=NOW - HOUR, reason="早")
    assert judged(home, "approved").issued_at == NOW


def test_what_is_issued_is_what_was_drafted(home: Home, tmp_path: Path) -> None:
    """An office that is called otherwise since is none of it; other fonts want another draft."""
    template = paper("{{ office }} {{ telephone }}")
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    made = draft(home, means=Means(template, fonts, "督查室", "123"))
    renamed = Means(template, fonts, "政务督查局", "456")
    (fonts / "仿宋.ttf").write_bytes((Path(reportlab.__file__).parent / "fonts" / "Vera.ttf").read_bytes())
    with pytest.raises(UserError, match="换过 PDF 的字体"):
        decide(home, PLAN.plan_id, "2022-03", said("approved"), renamed)
    (fonts / "仿宋.ttf").unlink()
    decide(home, PLAN.plan_id, "2022-03", said("approved"), renamed)
    assert says(home, 1) == ["督查室 123"]
    assert made.office == "督查室"


def test_what_is_to_be_drafted_and_what_waits(home: Home) -> None:
    march, april = ((PLAN.plan_id, period) for period in ("2022-03", "2022-04"))
    assert (undrafted(home, NOW), undecided(home, NOW)) == ([april], [])
    assert undrafted(home, freeze_at(PLAN, APRIL) - HOUR) == [march]
    draft(home)
    assert (undrafted(home, NOW), undecided(home, NOW)) == ([april], [march])
    judged(home, "declined", reason="措辞")
    assert undecided(home, NOW) == [] and is_wanted(home, *march, NOW)
    draft(home)
    judged(home, "approved")
    assert undecided(home, NOW) == [] and not is_wanted(home, *march, NOW)
    assert not is_wanted(home, PLAN.plan_id, "2022-05", NOW) and not is_wanted(home, "elsewhere-2022", "2022-03", NOW)


def test_a_template_that_was_changed_behind_a_draft_issues_nothing(home: Home) -> None:
    made = draft(home)
    (draft_folder(home, made) / "template.docx").write_bytes(paper("something else"))
    with pytest.raises(DamagedError, match="与记下的校验值不符"):
        judged(home, "approved")


def test_a_day_is_the_day_it_was_approved(home: Home) -> None:
    draft(home)
    judged(home, "approved", at=NOW + timedelta(days=3))
    assert says(home, 1)[1].startswith("2022年7月4日")
