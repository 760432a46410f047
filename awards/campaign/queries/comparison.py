"""This year beside another: the list the office reads before it opens a copied year."""

from __future__ import annotations

from dataclasses import dataclass

from awards.campaign.models import (
    Campaign,
    Phase,
)
from awards.campaign.queries.rule import (
    category_names,
    plain,
    rule_in_force,
    shortlist_of,
    with_setup,
)
from awards.campaign.rules import (
    moment_text,
    rule_sentences,
)


@dataclass(frozen=True)
class Difference:
    """One point in which a year differs from another, or should and does not."""

    label: str
    before: str
    after: str


def previous_campaign(campaign: Campaign) -> Campaign | None:
    """The committee's year before this one."""
    found = Campaign.objects.run_here().filter(organiser=campaign.organiser_id, year__lt=campaign.year)
    return found.order_by("-year", "-pk").first()


COMPARED = (
    "title", "basis", "call", "places_per_category", "places_in_all", "title_limit", "summary_limit",
    "body_limit", "partners_limit", "attachments_limit", "correction_rounds", "correction_days", "notice_days",
    "panel_size", "contacts_kept_days", "approval_number", "contact_office", "contact_phone", "contact_email", "contact_address",
)  # fmt: skip
# Texts that name dates: the same as last year is more likely forgotten than meant.
DATED_TEXTS = ("basis", "call")


def differences(campaign: Campaign, other: Campaign) -> list[Difference]:
    """What of this year's set-up is not as in the other year: texts, limits, categories, rubric, rule, dates."""
    found = []
    with_setup(campaign, other)
    for name in COMPARED:
        before, after = getattr(other, name), getattr(campaign, name)
        label = str(Campaign._meta.get_field(name).verbose_name)
        if name in DATED_TEXTS and before == after and after:
            found.append(Difference(label, "与上年相同", "请核对其中的年份和日期"))
        elif before != after and name in DATED_TEXTS:
            found.append(Difference(label, "—", "已修改"))
        elif before != after:
            found.append(Difference(label, str(before) or "—", str(after) or "—"))
    return [*found, *_rule_differences(campaign, other), *_date_differences(campaign, other)]


def _rule_differences(campaign: Campaign, other: Campaign) -> list[Difference]:
    before, after = rule_lines(other), rule_lines(campaign)
    labels = dict.fromkeys([*before, *after])
    return [
        Difference(label, before.get(label, "—"), after.get(label, "—"))
        for label in labels
        if before.get(label) != after.get(label)
    ]


def rule_lines(campaign: Campaign) -> dict[str, str]:
    """label → text of everything the scoring rule says, fine enough to compare two years."""
    body = rule_in_force(campaign).body
    lines = {"评分规则": "".join(rule_sentences(body, category_names(campaign)))}
    for category in campaign.categories.all():
        lines[f"{category}名额"] = (
            f"{category.seats}席，入围{shortlist_of(category)}件，分数线{category.floor}"
        )
        for row in category.criteria.all():
            lines[f"{category} {row.label}"] = f"满分{plain(row.maximum)}，权重{plain(row.weight)}"
    return lines


def _date_differences(campaign: Campaign, other: Campaign) -> list[Difference]:
    before = {row.phase: row for row in other.timetable.all()}
    after = {row.phase: row for row in campaign.timetable.all()}

    def text(row):
        return f"{moment_text(row.opens_at)}至{moment_text(row.closes_at)}" if row else "—"

    return [
        Difference(f"{phase.label}时间", text(before.get(phase)), text(after.get(phase)))
        for phase in Phase
        if text(before.get(phase)) != text(after.get(phase))
    ]
