"""What a year that is not opened yet wants next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from awards.campaign.models import Campaign, Phase
from awards.campaign.queries.rule import category_names, rule_in_force
from awards.campaign.queries.timetable import missing_phases, steps_of
from awards.campaign.rules.setup import setup_problems, timetable_problems
from units.known import known


@dataclass(frozen=True)
class SetupStep:
    """route: the page of the year where it is done. says: what is missing, in words."""

    route: str
    action: str
    says: str


def next_setup_step(campaign: Campaign, now: datetime) -> SetupStep:
    """The first thing missing, in the order of the year's pages; opening when nothing is.

    Reads `rules`, `categories` and `timetable`, from what was prefetched if it was.
    """
    blank = [
        label
        for label, value in (("通知正文", campaign.call), ("咨询电话", campaign.contact_phone))
        if not value
    ]
    if blank:
        return SetupStep("campaign-settings", "填写", f"还没有填：{'、'.join(blank)}")
    rule, names = rule_in_force(campaign), category_names(campaign)
    if problems := setup_problems(rule.parsed, names):
        # A sentence about a category or its rubric begins with the category's name.
        own = problems[0].startswith(tuple(names.values()))
        return SetupStep("campaign-categories" if own else "campaign-rule", "改正", _first(problems))
    if problems := [*missing_phases(campaign, rule), *timetable_problems(steps_of(campaign))]:
        return SetupStep("campaign-timetable", "改正", _first(problems))
    if known(campaign.phase(Phase.NOMINATION)).closes_at <= now:
        return SetupStep("campaign-timetable", "改时间", "申报截止时间已经过去，启动后单位不能申报")
    return SetupStep("campaign-open", "启动", "各项已经备齐；启动前单位和公众看不到")


def _first(problems: list[str]) -> str:
    more = f"（共{len(problems)}处）" if len(problems) > 1 else ""
    return problems[0].rstrip("。") + more
