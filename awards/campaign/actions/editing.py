"""What every change of a year's set-up shares: the lock, the version, the refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awards.campaign.models import Campaign
from awards.campaign.rules.locks import YEAR_IS_OVER
from awards.errors import StageError
from units.errors import StaleVersion
from units.kit.fields import column


class SetupRefused(StageError):
    """A year, or a change of it, that cannot stand as it is; `problems` are whole sentences."""

    def __init__(self, lead: str, problems: Sequence[str]):
        super().__init__(lead + "".join(problems))
        self.problems = list(problems)


class FieldsRefused(StageError):
    """Changes that a lock forbids; `fields`: column → which lock, and what to do instead."""

    def __init__(self, fields: Mapping[str, str]):
        labels = {name: column(Campaign, name).verbose_name for name in fields}
        super().__init__("".join(f"“{labels[name]}”：{text}" for name, text in fields.items()))
        self.fields = dict(fields)


def locked_campaign(campaign: Campaign, version: int | None = None) -> Campaign:
    """The year under a row lock, its version counted up; call inside a transaction.

    version: what the form was opened with; one version covers the whole set-up, because its parts hang
    together (the rule's body is made of all of them). None for callers without a form.
    Raises StaleVersion when somebody saved in between, StageError when the year is over.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if version is not None and version != campaign.version:
        raise StaleVersion
    if campaign.announced_at:
        raise StageError(YEAR_IS_OVER)
    campaign.version += 1
    campaign.save(update_fields=["version"])
    return campaign


def changed(row, values: dict) -> tuple[dict, dict]:
    """before and after of the columns that differ; the row takes the new values."""
    names = [name for name, value in values.items() if getattr(row, name) != value]
    before = {name: getattr(row, name) for name in names}
    for name in names:
        setattr(row, name, values[name])
    return before, {name: values[name] for name in names}
