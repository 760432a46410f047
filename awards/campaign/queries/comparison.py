"""This year beside another: the list the office reads before it opens a copied year."""

from __future__ import annotations

from collections.abc import Mapping

from awards.campaign.models import Campaign, Phase, ScoringRule
from awards.campaign.queries.rule import category_names, rule_in_force, shortlist_of, with_setup
from awards.scoring.numbers import plain
from awards.scoring.words import rule_sentences
from units.kit.differences import Change, Piece, differences
from units.kit.fields import column
from units.moments import moment_text


def previous_campaign(campaign: Campaign) -> Campaign | None:
    """The committee's year before this one."""
    found = Campaign.objects.run_here().filter(organiser=campaign.organiser_id, year__lt=campaign.year)
    return found.order_by("-year", "-pk").first()


COMPARED = (
    "title", "places_per_category", "places_in_all", "title_limit", "summary_limit",
    "body_limit", "partners_limit", "attachments_limit", "correction_rounds", "correction_days", "notice_days",
    "panel_size", "contacts_kept_days", "approval_number", "contact_office", "contact_phone", "contact_email", "contact_address",
)  # fmt: skip
# Texts that name dates: the same as last year is more likely forgotten than meant.
DATED_TEXTS = ("basis", "call")


def year_changes(campaign: Campaign, other: Campaign) -> list[Change]:
    """What of this year's set-up is not as in the other year: texts, limits, categories, rubric, rule, dates."""
    with_setup(campaign, other)
    dated = [change for name in DATED_TEXTS if (change := _dated(name, campaign, other))]
    return [*dated, *differences(_setup_lines(other), _setup_lines(campaign))]


def _dated(name: str, campaign: Campaign, other: Campaign) -> Change | None:
    before, after = getattr(other, name), getattr(campaign, name)
    if before != after:
        return Change(_label(name), [Piece("new", "已修改")])
    return Change(_label(name), [Piece("same", "与上年相同，请核对其中的年份和日期")]) if after else None


def _label(name: str) -> str:
    return str(column(Campaign, name).verbose_name)


def _setup_lines(campaign: Campaign) -> dict[str, str]:
    plainly = {_label(name): str(getattr(campaign, name)) for name in COMPARED}
    return plainly | rule_lines(campaign) | _date_lines(campaign)


def rule_lines(campaign: Campaign) -> dict[str, str]:
    """label → text of everything the scoring rule says, fine enough to compare two years."""
    lines = {"评分规则": _told(rule_in_force(campaign), category_names(campaign))}
    for category in campaign.categories.all():
        lines[f"{category}名额"] = (
            f"{category.seats}席，入围{shortlist_of(category)}件，分数线{category.floor}"
        )
        for row in category.criteria.all():
            lines[f"{category} {row.label}"] = f"满分{plain(row.maximum)}，权重{plain(row.weight)}"
    return lines


def _date_lines(campaign: Campaign) -> dict[str, str]:
    dates = {row.phase: row for row in campaign.timetable.all()}
    return {
        f"{phase.label}时间": f"{moment_text(row.opens_at)}至{moment_text(row.closes_at)}"
        for phase in Phase
        if (row := dates.get(phase))
    }


def _told(rule: ScoringRule, names: Mapping[str, str]) -> str:
    return "".join(rule_sentences(rule.parsed, names))


def rule_changes(old: ScoringRule, new: ScoringRule, names: Mapping[str, str]) -> list[Change]:
    """What two versions of a year's rule say differently, in sentences. names: category letter → name."""
    return differences({"评分规则": _told(old, names)}, {"评分规则": _told(new, names)})
