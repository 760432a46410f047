"""Every act of the selection that takes two people, in the order of the year. Pages, tests and docs read this table."""

from __future__ import annotations

from units.kit.keys import SecondKey, Tie
from units.roles import Role

OFFICE = (Role.OFFICE,)
SUPERVISOR = (Role.SUPERVISOR,)
COLLEAGUE = (Role.OFFICE, Role.SUPERVISOR)
"""Another person of the office, or the supervisor."""

DEADLINE_MOVED = SecondKey("deadline-moved", "延长期限", OFFICE, COLLEAGUE, Tie.NONE, waits=True)
PLACES_CHANGED = SecondKey("places-changed", "启动后调整申报名额", OFFICE, COLLEAGUE, Tie.NONE, waits=True)
CALENDAR_CHANGED = SecondKey("calendar-changed", "启动后修改工作日历", OFFICE, COLLEAGUE, Tie.NONE)
VERDICTS_RELEASED = SecondKey("verdicts-released", "下达资格审查结论", OFFICE, COLLEAGUE, waits=True)
BLIND_CHANGED = SecondKey(
    "blind-changed", "评审启动后更改匿名评审附件", OFFICE, SUPERVISOR, Tie.BARS, waits=True
)
POOL_CHANGED = SecondKey("pool-changed", "锁定后变更评委库", OFFICE, SUPERVISOR, Tie.NONE, waits=True)
PANEL_DRAWN = SecondKey("panel-drawn", "抽取评委", OFFICE, SUPERVISOR)
SUPPLEMENT_DRAWN = SecondKey("supplement-drawn", "抽取补评评委", OFFICE, SUPERVISOR)
RECUSAL_MADE = SecondKey("recusal-made", "已有评分后登记回避", OFFICE, SUPERVISOR, Tie.BARS, waits=True)
REVIEWER_REPLACED = SecondKey("reviewer-replaced", "已有评分后更换评委", OFFICE, SUPERVISOR, waits=True)
PANEL_CLOSED_EARLY = SecondKey("panel-closed-early", "提前关闭评审", OFFICE, SUPERVISOR, waits=True)
SHORTLIST_RELEASED = SecondKey("shortlist-released", "下达入围名单", OFFICE, COLLEAGUE, waits=True)
LIST_DECIDED = SecondKey("list-decided", "审定名单", OFFICE, COLLEAGUE, waits=True)
NOTICE_PUBLISHED = SecondKey("notice-published", "发布公示", OFFICE, COLLEAGUE, waits=True)
NOTICE_EXTENDED = SecondKey("notice-extended", "延长公示", OFFICE, COLLEAGUE, waits=True)
PLACE_MOVED_UP = SecondKey("place-moved-up", "依次递补", OFFICE, COLLEAGUE, Tie.BARS, waits=True)
OBJECTION_DECIDED = SecondKey(
    "objection-decided", "异议不予受理或裁定", OFFICE, SUPERVISOR, Tie.BARS, waits=True
)
RESULTS_ANNOUNCED = SecondKey("results-announced", "公布结果", OFFICE, COLLEAGUE, waits=True)
RESULT_REVOKED = SecondKey("result-revoked", "撤销结果", OFFICE, COLLEAGUE, Tie.BARS, waits=True)
