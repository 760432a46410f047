"""What a file's page says of its state: where it stands, what comes next, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from awards.nomination.models import Nomination
from awards.states import State
from units.moments import moment_text


@dataclass(frozen=True)
class Banner:
    """The banner of a file. tone: '', ok, warn or stop, as notes have it."""

    lead: str
    text: str
    tone: str = ""


def banner_of(nomination: Nomination, state: State, closes_at: datetime | None) -> Banner:
    """state: as the reader may know it."""
    match state:
        case State.DRAFT:
            until = f"{moment_text(closes_at)}截止申报。" if closes_at else ""
            return Banner("草稿，尚未提交。", f"{until}写好后报本单位党组织书记审核提交。")
        case State.UNIT_REVIEW:
            until = f"{moment_text(closes_at)}前" if closes_at else ""
            return Banner("在本单位审核。", f"由党组织书记{until}提交。")
        case State.SUBMITTED:
            return Banner(f"已于{moment_text(nomination.submitted_at)}提交。", "下一步：评选办进行资格审查。")
        case State.RETURNED:
            return Banner(
                f"退回补正，期限{moment_text(nomination.correction_due_at)}。",
                "只有下列部分可以修改；逾期未提交视为撤回。",
                "warn",
            )
        case State.QUALIFIED:
            return Banner("资格合格。", "下一步：书面评审。")
        case State.SHORTLISTED:
            return Banner("已入围。", "下一步：现场答辩，时间另行通知。")
        case State.NOT_SHORTLISTED:
            return Banner("未入围。", "本次评选到此结束。")
        case State.INELIGIBLE:
            return Banner("不予受理。", nomination.refusal_reason or "资格审查未通过。", "stop")
        case State.LAPSED:
            return Banner("逾期未补正，视为撤回。", "名额已退还。", "stop")
        case State.WITHDRAWN:
            return Banner("已撤回。", "名额已退还，不再参加本次评选。")
        case State.PROPOSED:
            return Banner("拟入选。", "下一步：公示。", "ok")
        case State.ON_NOTICE:
            return Banner("正在公示。", "公示期内任何人可以提出异议；期满无异议的，公布结果。", "ok")
        case State.SUSPENDED:
            return Banner("收到异议，正在核查。", "裁定前不公布该项目的结果。", "warn")
        case State.SELECTED:
            return Banner("已入选示范项目。", "", "ok")
        case State.REVOKED:
            return Banner("入选已撤销。", "", "stop")
        case _:
            return Banner("未入选。", "本次评选到此结束。")
