"""Freezing: what is in the record, what is in the rows, what is refused, what it costs."""

import json
from decimal import Decimal

import pytest

from awards.campaign.models import ScoringRule
from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.panel.models import Assignment, Panel, Recusal, RecusalSource
from awards.ranking.actions import draw_letters, freeze_ranking, release_shortlist
from awards.ranking.models import EntryStatus, RankedEntry, Ranking, ReviewerLetter
from awards.scoring.arithmetic import Sheet
from awards.scoring.record import sha256_of
from awards.scoring.recount import main as recount
from awards.states import State
from tests.awards.ranking.rounds import SEVEN, add_entries, add_round, judged, two_stage
from tests.factories import CampaignFactory, OfficeFactory
from units.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def line(ranking, file):
    return ranking.entries.get(nomination=file)


def test_the_vector_of_the_contract_is_frozen_as_printed():
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 2)
    add_round(campaign, files, [SEVEN, SEVEN[:-1]])

    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())

    first, second = line(ranking, files[0]), line(ranking, files[1])
    assert (first.stages, first.final, first.place, first.seat) == (
        {"written": "90.20"},
        Decimal("90.20"),
        1,
        True,
    )
    assert (second.final, second.place, second.sheets) == (Decimal("90.00"), 2, {"written": 6})
    assert first.why == "书面评审90.20分（有效7份）；第1名，高出第2名0.20分，在5个名额内。"


def test_the_record_recounts_and_a_tampered_one_does_not(tmp_path, capfd):
    campaign, _ = judged(8)
    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    record = json.loads(ranking.record)
    assert record["digest"] == ranking.digest == sha256_of(record)
    assert len(record["standings"]) == 8

    file = tmp_path / "record.json"
    file.write_text(ranking.record, encoding="utf-8")
    assert recount([str(file)]) == 0
    record["sheets"][0]["marks"]["effect"] = "1"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert recount([str(file)]) == 1
    assert "digest" in capfd.readouterr().out


def test_rows_and_record_say_the_same():
    campaign, _ = judged(9, step=2)
    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    record = json.loads(ranking.record)
    for said in record["standings"]:
        row = ranking.entries.get(nomination__code=said["entry"])
        assert (str(row.final), row.place, row.seat, row.stages) == (
            f"{Decimal(said['final']):.4f}" if row.final.as_tuple().exponent == -4 else said["final"],
            said["place"], said["seat"], said["stages"],
        )  # fmt: skip


def test_letters_are_drawn_afresh_for_each_entry_and_kept_sealed():
    campaign, files = judged(30)
    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())

    letters = list(
        ReviewerLetter.objects.filter(ranking=ranking).values_list("nomination", "reviewer", "letter")
    )
    assert len(letters) == 30 * 7
    per_reviewer = {}
    for _, reviewer, letter in letters:
        per_reviewer.setdefault(reviewer, set()).add(letter)
    # Seven people over thirty entries: that one keeps her letter throughout has a chance of 7 in 7^30.
    assert all(len(own) > 1 for own in per_reviewer.values())
    names = {sheet["reviewer"] for sheet in json.loads(ranking.record)["sheets"]}
    assert names == set("ABCDEFG")
    for file in files:
        own = {row[2] for row in letters if row[0] == file.pk}
        assert own == set("ABCDEFG")


def test_a_reviewer_keeps_one_letter_in_both_stages_of_an_entry():
    sheets = [Sheet("e", stage, who, {}) for stage in ("written", "live") for who in ("1", "2", "3")]
    letters = draw_letters(sheets)
    assert set(letters) == {("e", "1"), ("e", "2"), ("e", "3")}
    assert sorted(letters.values()) == ["A", "B", "C"]


def test_recused_revoked_and_unfinished_sheets_do_not_count():
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 1)
    panel = add_round(campaign, files, [[*SEVEN, "60", "61", None]])
    tasks = list(panel.assignments.order_by("pk"))
    Recusal.objects.create(
        nomination=files[0], reviewer=tasks[7].seat.reviewer, kind="own_unit", source=RecusalSource.COMPUTED
    )
    Assignment.objects.filter(pk=tasks[8].pk).update(revoked_at="2026-01-01T00:00+08:00")

    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())

    assert line(ranking, files[0]).stages == {"written": "90.20"}
    record = json.loads(ranking.record)
    assert len(record["sheets"]) == 7
    assert record["recusals"] == [{"entry": files[0].code, "reason": "own_unit", "count": 1}]


def test_an_entry_with_too_few_sheets_is_blocked_with_its_reason():
    campaign = CampaignFactory()
    files = add_entries(campaign, "Z", 2)
    add_round(campaign, files, [SEVEN, SEVEN[:4]])

    row = line(freeze_ranking(campaign, stage="final", actor=OfficeFactory()), files[1])

    assert (row.status, row.blocked_in, row.final, row.place, row.seat) == (
        "blocked",
        "written",
        None,
        None,
        False,
    )
    assert row.why == "书面评审有效评分4份，不足5份，不排名。"


def test_a_tie_says_which_step_broke_it_and_with_which_figures():
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 3)
    add_round(campaign, files, [[80, 85, 85, 85, 90], [79, 85, 85, 85, 90], [70, 75, 75, 75, 80]])

    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())

    first, second = line(ranking, files[0]), line(ranking, files[1])
    assert (first.final, second.final) == (85, 85)
    assert first.tie_broken_by == second.tie_broken_by == "untrimmed_mean"
    assert first.tie_note == "与第2名同分，按不去高低分的平均分裁定（85.00＞84.80）"
    assert second.tie_note == "与第1名同分，按不去高低分的平均分裁定（84.80＜85.00）"
    assert line(ranking, files[2]).tie_note == ""


def test_a_shared_place_that_does_not_fit_waits_for_the_panel():
    campaign = CampaignFactory()
    campaign.categories.filter(letter="F").update(seats=1)
    rule = campaign.rules.get()
    rule.body["categories"]["F"]["seats"] = 1
    rule.save()
    files = add_entries(campaign, "F", 2)
    add_round(campaign, files, [SEVEN, SEVEN])

    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())

    rows = list(ranking.entries.order_by("order"))
    assert [(row.place, row.seat) for row in rows] == [(1, None), (1, None)]
    assert rows[0].tie_note == "与另外1件各步均同分，并列第1名，放不下，待评委会复议"
    assert "待复议" in rows[0].why


def test_firmness_is_frozen_with_the_seats():
    campaign, _ = judged(7, step=Decimal("0.5"))
    ranking = freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    rows = list(ranking.entries.order_by("order"))
    assert all(row.best_place <= row.place <= row.worst_place for row in rows)
    assert rows[0].is_firm
    assert rows[0].criteria["written"].keys() == {"leadership", "novelty", "effect", "satisfaction", "spread"}


# ---- refusals


def test_a_panel_at_work_forbids_the_freeze():
    campaign, _ = judged(3)
    Panel.objects.update(closed_at=None)
    with pytest.raises(StageError, match="最佳服务举措书面评审尚未关闭"):
        freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    assert not Ranking.objects.exists()


def test_a_category_without_a_panel_forbids_the_freeze():
    campaign, _ = judged(3)
    add_entries(campaign, "X", 1)
    with pytest.raises(StageError, match="最佳项目推进书面评审尚未关闭"):
        freeze_ranking(campaign, stage="final", actor=OfficeFactory())


def test_nothing_is_frozen_without_a_sheet_or_for_an_unknown_stage():
    campaign = CampaignFactory()
    files = add_entries(campaign, "F", 1)
    add_round(campaign, files, [[None] * 5])
    with pytest.raises(StageError, match="没有一份有效评分"):
        freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    with pytest.raises(StageError, match="没有这个阶段"):
        freeze_ranking(campaign, stage="third", actor=OfficeFactory())


def test_a_decided_list_forbids_another_final_freeze():
    campaign, files = judged(3)
    freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    Nomination.objects.filter(pk=files[0].pk).update(state=State.PROPOSED)
    with pytest.raises(StageError, match="已经审定"):
        freeze_ranking(campaign, stage="final", actor=OfficeFactory())


# ---- versions and the log


def test_freezing_again_supersedes_and_keeps_the_rows():
    campaign, _ = judged(3)
    first = freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    second = freeze_ranking(campaign, stage="written", actor=OfficeFactory())  # the last stage is the end

    first.refresh_from_db()
    assert second.stage == Ranking.FINAL
    assert first.superseded_at
    assert not second.superseded_at
    assert first.entries.count() == second.entries.count() == 3
    assert list(Ranking.objects.current()) == [second]


def test_a_new_version_of_the_rule_leaves_the_old_ranking_standing():
    campaign, _ = judged(3)
    first = freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    body = {**campaign.rules.get().body, "version": 2, "average": "median"}
    ScoringRule.objects.create(campaign=campaign, version=2, body=body)
    second = freeze_ranking(campaign, stage="final", actor=OfficeFactory())
    assert set(Ranking.objects.current()) == {first, second}
    assert json.loads(second.record)["rule"]["version"] == 2


def test_a_freeze_is_one_entry_of_the_log():
    campaign, _ = judged(3)
    office = OfficeFactory()
    AuditEntry.objects.all().count()
    before = AuditEntry.objects.count()
    ranking = freeze_ranking(campaign, stage="final", actor=office)
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.event, entry.actor, entry.campaign) == ("ranking_frozen", office, campaign.code)
    assert entry.after["digest"] == ranking.digest
    assert entry.after["sheets"] == 21


# ---- two stages


def test_after_the_written_stage_those_who_go_on_wait_for_the_live_one():
    campaign, _ = two_stage(6, advance=3)
    ranking = freeze_ranking(campaign, stage="written", actor=OfficeFactory())

    assert ranking.stage == "written"
    rows = list(ranking.entries.order_by("order"))
    assert [(row.status, row.blocked_in) for row in rows] == [("blocked", "live")] * 3 + [
        ("not_shortlisted", "")
    ] * 3
    assert [row.stage_place for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[0].why == "书面评审95.00分，第1名，待现场答辩。"
    assert rows[5].why == "书面评审90.00分，第6名，取前3名，未入围。"
    assert {s["blocked_in"] for s in json.loads(ranking.record)["standings"] if s["status"] == "blocked"} == {
        "live"
    }


def test_the_shortlist_is_released_together():
    campaign, _ = two_stage(6, advance=3)
    ranking = freeze_ranking(campaign, stage="written", actor=OfficeFactory())
    office = OfficeFactory()

    assert release_shortlist(ranking, actor=office) == 6

    states = list(Nomination.objects.order_by("code").values_list("state", flat=True))
    assert states == ["shortlisted"] * 3 + ["not_shortlisted"] * 3
    acts = AuditEntry.objects.filter(event="shortlist_released").values_list("act_id", flat=True)
    assert len(acts) == 6
    assert len(set(acts)) == 1
    with pytest.raises(StageError, match="不能重复下达"):
        release_shortlist(ranking, actor=office)


def test_the_shortlist_waits_while_an_entry_lacks_sheets():
    campaign, _ = two_stage(6, advance=3)
    short = add_entries(campaign, "F", 1)
    add_round(campaign, short, [SEVEN[:4]])
    ranking = freeze_ranking(campaign, stage="written", actor=OfficeFactory())
    with pytest.raises(StageError, match=rf"{short[0].code}有效评分不足"):
        release_shortlist(ranking, actor=OfficeFactory())
    assert set(Nomination.objects.values_list("state", flat=True)) == {"qualified"}


def test_a_final_or_superseded_ranking_releases_no_shortlist():
    campaign, _ = two_stage(6, advance=3)
    old = freeze_ranking(campaign, stage="written", actor=OfficeFactory())
    freeze_ranking(campaign, stage="written", actor=OfficeFactory())
    with pytest.raises(StageError, match="已被新的冻结替代"):
        release_shortlist(old, actor=OfficeFactory())
    one_stage, _ = judged(2)
    with pytest.raises(StageError, match="工委会议"):
        release_shortlist(freeze_ranking(one_stage, stage="final", actor=None), actor=OfficeFactory())


def test_the_final_of_two_stages_counts_both_and_keeps_the_cut_ones():
    campaign, files = two_stage(6, advance=3)
    release_shortlist(freeze_ranking(campaign, stage="written", actor=None), actor=None)
    with pytest.raises(StageError, match="现场答辩尚未关闭"):
        freeze_ranking(campaign, stage="final", actor=None)
    add_round(campaign, files[:3], [[80] * 5, [90] * 5, [85] * 5], stage="live")

    ranking = freeze_ranking(campaign, stage="final", actor=None)

    rows = list(ranking.entries.order_by("order"))
    assert [row.nomination_id for row in rows[:3]] == [files[1].pk, files[2].pk, files[0].pk]
    assert [row.place for row in rows] == [1, 2, 3, None, None, None]
    assert rows[0].why.startswith("书面评审94.00×0.4＋现场答辩90.00×0.6＝91.60分；第1名")
    assert {row.status for row in rows[3:]} == {EntryStatus.NOT_SHORTLISTED}
    assert RankedEntry.objects.filter(ranking=ranking, seat=True).count() == 2
