"""One at a time: publishing, objecting, ruling and announcing of a year stand in one queue."""

from __future__ import annotations

from awards.campaign.models import Campaign


def queue_up(campaign_id: int) -> Campaign:
    """The campaign under its row lock; every act that touches its list takes it first.

    An objection in the last second and the announcement after it must not pass each other: whoever comes
    second sees what the first has written. Ask for the time only after this returns.
    """
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
