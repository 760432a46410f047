"""The meeting on paper: minutes, the ballot with its count, the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from awards.decision.models import Meeting
from awards.decision.queries import Vote, seats_of, voted_apart
from awards.decision.rules import quorum_needed
from awards.ranking.models import RankedEntry
from units.moments import chinese_date
from units.papers.document import OfficialPaper
from units.papers.workbook import Column, Sheet

SIGNATURES = "主持人（签名）：\n记录人（签名）：\n监督员（签名）："


def minutes_paper(meeting: Meeting, rows: Iterable[RankedEntry], votes: list[Vote]) -> OfficialPaper:
    """会议纪要: who came, how each list was voted on, the list, and every departure with its reason."""
    campaign = meeting.campaign
    held = timezone.localtime(meeting.held_at)
    paper = OfficialPaper(f"{campaign.title}审定会议纪要", campaign.organiser.name)
    where = f"在{meeting.place}" if meeting.place else ""
    chair = f"，{meeting.chair}主持" if meeting.chair else ""
    paper.paragraph(
        f"{chinese_date(held.date())}{held:%H:%M}，{campaign.organiser.name}{where}召开会议{chair}，"
        f"审定{campaign.title}拟入选名单。"
    )
    _attendance(paper, meeting)
    _votes(paper, meeting, votes)
    paper.heading("审定名单")
    _list(paper, meeting, rows)
    _departures(paper, meeting)
    if meeting.notes:
        paper.heading("会议记录").paragraph(meeting.notes)
    paper.paragraph(f"本次审定所依据的排名记录摘要（SHA-256）：\n{meeting.ranking.digest}")
    paper.blank().paragraph(SIGNATURES)
    return paper


def _attendance(paper: OfficialPaper, meeting: Meeting) -> None:
    needed = quorum_needed(meeting.entitled)
    verdict = "符合规定" if meeting.present >= needed else "不足法定人数"
    paper.heading("到会情况")
    paper.paragraph(f"应到{meeting.entitled}人，实到{meeting.present}人，须到会{needed}人以上，{verdict}。")
    people = meeting.attendance.select_related("member")
    paper.table(
        ["委员", "职务", "到会", "说明"],
        [
            [str(row.member), row.member.duty or "—", "到会" if row.present else "未到会", row.note]
            for row in people
        ],
        [3, 4, 2, 5],
    )


def _votes(paper: OfficialPaper, meeting: Meeting, votes: list[Vote]) -> None:
    paper.heading("票决情况")
    whose = meeting.get_threshold_display().removesuffix("过半数")
    paper.paragraph(f"通过条件：同意票超过{whose}的半数，恰为半数的不通过。")
    paper.table(
        ["类别", "回避", "同意", "不同意", "弃权", "无效", "结果"],
        [_vote_row(vote) for vote in votes],
        [4, 2, 2, 2, 2, 2, 3],
    )
    if any(vote.tally and vote.tally.left for vote in votes):
        paper.paragraph("与项目有关的委员在讨论和表决该项目时离席，不计入该项目的表决人数。")


def _vote_row(vote: Vote) -> list:
    if vote.tally is None:
        return [vote.name, "—", "—", "—", "—", "—", "未登记"]
    tally = vote.tally
    verdict = "通过" if vote.passed else "未通过"
    return [vote.name, tally.left, tally.yes, tally.no, tally.abstain, tally.invalid, verdict]


def _list(paper: OfficialPaper, meeting: Meeting, rows: Iterable[RankedEntry]) -> None:
    seats = seats_of(meeting.ranking)
    for category, own in by_category(rows):
        paper.heading(f"{category.name}（{len(own)}项，名额{seats[category.letter]}项）", 2)
        paper.table(
            ["名次", "编号", "项目名称", "单位", "得分"],
            [
                [
                    row.place,
                    row.nomination.code,
                    row.nomination.title,
                    str(row.nomination.unit),
                    row.final_text,
                ]
                for row in own
            ],
        )


def by_category(rows: Iterable[RankedEntry]) -> list[tuple]:
    groups = defaultdict(list)
    for row in rows:
        groups[row.category].append(row)
    return list(groups.items())


def _departures(paper: OfficialPaper, meeting: Meeting) -> None:
    paper.heading("与排名不一致的项目")
    rows = list(meeting.departures.select_related("nomination__unit").order_by("nomination__code_key"))
    if not rows:
        paper.paragraph("审定名单与冻结的排名一致。")
        return
    paper.table(
        ["编号", "项目名称", "审定", "理由"],
        [
            [
                row.nomination.code,
                row.nomination.title,
                "列入" if row.taken_in else "未列入",
                row.reason or "（未写）",
            ]
            for row in rows
        ],
        [3, 5, 2, 6],
    )


# ---- 票决单与计票单


def ballot_paper(meeting: Meeting, rows: Iterable[RankedEntry]) -> OfficialPaper:
    """One paper for each member to mark, and behind it the sheet on which they are counted.

    Entries that a member has a tie to stand by themselves: who is tied leaves, gets no paper for them.
    """
    campaign, held = meeting.campaign, timezone.localtime(meeting.held_at)
    paper = OfficialPaper(f"{campaign.title}票决单", campaign.organiser.name)
    paper.paragraph(
        "请对每类名单在一栏内划“○”：同意、不同意或者弃权，只划一栏；划两栏以上或者无法辨认的，该类无效。不署名。"
    )
    groups = by_category(rows)
    for category, own in groups:
        paper.heading(f"{category.name}（{len(own)}项）")
        paper.table(
            ["名次", "编号", "项目名称", "单位"],
            [[row.place, row.nomination.code, row.nomination.title, str(row.nomination.unit)] for row in own],
            keep_with_next=True,
        )
        paper.table(["对以上名单", "同意", "不同意", "弃权"], [["划“○”", "", "", ""]], [3, 3, 3, 3])
    apart = voted_apart(meeting)
    if apart:
        paper.heading("单独表决的项目")
        paper.paragraph("以下项目有委员须回避，由其他委员单独表决；不在以上名单的表决之内。")
        rows = [[f"{item.nomination.code} {item.nomination.title}", "", "", ""] for item in apart]
        paper.table(["项目", "同意", "不同意", "弃权"], rows, [6, 2, 2, 2])
    paper.annex("附", "计票单")
    paper.paragraph(
        f"{chinese_date(held.date())}　应到{meeting.entitled}人，实到　　人，发出票决单　　张，收回　　张。"
    )
    paper.table(
        ["类别", "同意", "不同意", "弃权", "无效", "结果"],
        [
            [name, "", "", "", "", ""]
            for name in [category.name for category, _ in groups] + [item.name for item in apart]
        ],
        [4, 2, 2, 2, 2, 3],
    )
    paper.blank().paragraph("计票人（签名）：\n监票人（签名）：\n监督员（签名）：")
    return paper


# ---- the list as a workbook


def list_sheet(meeting: Meeting, rows: Iterable[RankedEntry], subtitle: str) -> Sheet:
    columns = [
        Column("类别", "category.name"),
        Column("名次", "place", "number"),
        Column("申报编号", "nomination.code"),
        Column("项目名称", "nomination.title"),
        Column("申报单位", lambda row: row.nomination.unit.name),
        Column("最终得分", "final", "number", places=2),
        Column("审定意见", lambda row: "列入" if row.on_list else "未列入"),
        Column("与排名不一致的理由", lambda row: row.reason or ""),
    ]
    held = chinese_date(timezone.localtime(meeting.held_at).date())
    state = "已审定" if meeting.decided_at else "未审定，供会议使用"
    return Sheet(
        f"{meeting.campaign.title}审定名单", columns, rows, subtitle=subtitle,
        note=f"{held}会议，{state}；排名记录摘要（SHA-256）：{meeting.ranking.digest}", name="审定名单",
    )  # fmt: skip
