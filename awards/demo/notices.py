"""The public's part and what follows: the notice, four objections, a second notice, the announcement.

A signed objection about facts is upheld, and the next in rank moves up by a notice of its own; one about
eligibility is looked into and not upheld; an unsigned one goes through the supervisor; one about marks alone
is not taken up.
"""

from __future__ import annotations

from datetime import timedelta

from awards.demo.two import by_two
from awards.demo.walk import Walk
from awards.notice.actions.cases import accept_objection, take_objection
from awards.notice.actions.filing import file_objection
from awards.notice.actions.publishing import draft_notice
from awards.notice.actions.withdrawing import withdraw_due_details
from awards.notice.models import Ground, NoticeEntry, Objection, Outcome
from awards.notice.queries import vacancies
from awards.result.models import Result
from awards.result.rules import document_number

UPHELD = {
    "ground": Ground.FACTS,
    "facts": "公示材料中的完成量包含上年度已经完成的部分，本年度实际完成量不足所报的一半。",
    "evidence": "上年度的验收公示照片和本年度验收单复印件，可到现场核对。",
    "is_named": True,
    "name": "沿线居民代表",
    "contact": "0546-8200911",
}
NOT_UPHELD = {
    "ground": Ground.ELIGIBILITY,
    "facts": "该制度印发时间较短，可能不满三个月的运行要求。",
    "evidence": "印发文件首页。",
    "is_named": True,
    "name": "企业职工",
    "contact": "0546-8200912",
}
UNSIGNED = {
    "ground": Ground.PROCEDURE,
    "facts": "听说该项目在单位内部没有公示满五个工作日。",
    "evidence": "单位公示栏照片。",
    "is_named": False,
}
ABOUT_MARKS = {
    "ground": Ground.SCORE,
    "facts": "认为本单位项目得分偏低，请求重新打分。",
    "evidence": "评分结果。",
    "is_named": True,
    "name": "申报单位职工",
    "contact": "0546-8200913",
}
FINDINGS = {
    "upheld": "经查阅台账、走访现场，所报完成量含上年度完成的部分，与申报承诺不符，反映的情况属实。",
    "not_upheld": "经核对印发日期和运行记录，制度施行至申报截止已满三个月，反映的情况不属实。",
    "unsigned": "经调阅单位内部公示原件，公示起止日期符合规定，反映的情况不属实。",
}
NOT_TAKEN_UP = "只对得分有不同意见，不属于异议范围；评分记录已公开，可以自行复核。"
MOVED_UP = "因异议成立取消1个项目的拟入选资格，按冻结的排名依次递补。"
REVOKED = "复查发现核心数据重复计算，经工委会议研究，决定撤销入选。"


def plan_notices(walk: Walk) -> None:
    walk.on(13, 9, _publish, walk, 13)
    desk = _Desk(walk)
    # About which line of the first notice, by its category and place in it.
    walk.on(14, 10, desk.file, "upheld", "X", 1, UPHELD)
    walk.on(15, 9, desk.accept, "upheld")
    walk.on(15, 10, desk.file, "not_upheld", "Z", 0, NOT_UPHELD)
    walk.on(15, 11, desk.file, "unsigned", "F", 0, UNSIGNED)
    walk.on(15, 15, desk.file, "about marks", "F", 1, ABOUT_MARKS)
    walk.on(16, 14, desk.accept, "not_upheld")
    walk.on(16, 15, desk.refuse, "about marks")
    walk.on(16, 16, desk.triage, "unsigned")
    walk.on(17, 9, desk.rule, "not_upheld", Outcome.NOT_UPHELD)
    walk.on(17, 10, desk.rule, "unsigned", Outcome.NOT_UPHELD)
    walk.on(18, 10, desk.rule, "upheld", Outcome.UPHELD)
    walk.on(18, 16, _move_up, walk)
    walk.on(19, 9, withdraw_due_details)
    walk.on(19, 10, _publish, walk, 19)
    walk.on(25, 0, withdraw_due_details)
    walk.on(25, 15, _announce, walk)


def plan_revocation(walk: Walk) -> None:
    """One result turns out wrong, some weeks after it was announced."""
    walk.clock.plan(walk.season.moment(25, 15) + timedelta(days=20), lambda: _revoke(walk))


def _publish(walk: Walk, day: int) -> None:
    notice = draft_notice(walk.campaign, actor=walk.office)
    walk.on(day, 16, by_two, walk, "notice-publish", notice.number)


def _move_up(walk: Walk) -> None:
    for vacancy in vacancies(walk.campaign):
        for line in vacancy.candidates[: vacancy.free]:
            by_two(walk, "notice-move-up", entry=line.nomination.code, reason=MOVED_UP)


def _announce(walk: Walk) -> None:
    number = document_number(walk.season.working(25).year, 41)
    by_two(walk, "result-announce", document_number=number)


def _revoke(walk: Walk) -> None:
    result = Result.objects.filter(campaign=walk.campaign, category__letter="F").order_by("pk").last()
    by_two(walk, "result-revoke", result.nomination.code, reason=REVOKED)


class _Desk:
    """The office's desk of objections, each known by a word."""

    def __init__(self, walk: Walk):
        self.walk = walk
        self.keys: dict[str, int] = {}

    def file(self, word: str, letter: str, place: int, statement: dict) -> None:
        notice = self.walk.campaign.notices.get(number=1)
        lines = NoticeEntry.objects.filter(notice=notice, nomination__category__letter=letter)
        line = lines.select_related("nomination").order_by("order")[place]
        objection, _ = file_objection(notice, nomination=line.nomination, **statement)
        self.keys[word] = objection.pk

    def accept(self, word: str) -> None:
        accept_objection(self._case(word), actor=self.walk.office)

    def refuse(self, word: str) -> None:
        by_two(self.walk, "case-act", self._case(word).receipt, "refuse", reason=NOT_TAKEN_UP)

    def triage(self, word: str) -> None:
        """The supervisor takes an unsigned one up, the office looks into it."""
        accept_objection(self._case(word), actor=self.walk.supervisor)
        take_objection(self._case(word), actor=self.walk.office)

    def rule(self, word: str, outcome: Outcome) -> None:
        receipt, typed = self._case(word).receipt, {"outcome": outcome, "findings": FINDINGS[word]}
        by_two(self.walk, "case-act", receipt, "rule", **typed)

    def _case(self, word: str) -> Objection:
        return Objection.objects.get(pk=self.keys[word])
