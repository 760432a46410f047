"""Who sees what of one nomination: every reader has one cut of the file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from awards.nomination.models import Attachment, AttachmentKind, Nomination
from awards.nomination.permissions import is_of_the_lead
from units.audit.events import Event
from units.models import User
from units.permissions import units_of
from units.roles import Role


class Cut(StrEnum):
    OFFICE = "office"
    OWN = "own"
    SUPERVISOR = "supervisor"
    PARTNER = "partner"
    MEMBER = "member"


OF_THE_UNIT = frozenset(
    {
        Event.NOMINATION_STARTED, Event.NOMINATION_SENT, Event.NOMINATION_SENT_BACK,
        Event.NOMINATION_SUBMITTED, Event.NOMINATION_WITHDRAWN, Event.NOMINATION_LAPSED,
        Event.PARTNER_INVITED, Event.PARTNER_CONFIRMED, Event.PARTNER_DECLINED, Event.PARTNER_REMOVED,
        Event.ATTACHMENT_ADDED, Event.ATTACHMENT_REMOVED, Event.NOMINATION_QUALIFIED,
        Event.NOMINATION_RETURNED, Event.NOMINATION_REFUSED, Event.SHORTLIST_RELEASED,
    }
)  # fmt: skip
OF_SCREENING = OF_THE_UNIT | {
    Event.SCREENING_CHECKED, Event.DECISION_PREPARED, Event.DECISION_DISCARDED, Event.DECISIONS_RELEASED,
    Event.BLIND_CONFIRMED, Event.PERSONAL_DATA_READ, Event.ATTACHMENT_READ, Event.NOMINATION_SUSPENDED,
    Event.NOMINATION_RESUMED, Event.NOMINATION_MOVED_UP, Event.RESULT_REVOKED,
}  # fmt: skip
OF_THE_PARTNER = frozenset(
    {
        Event.NOMINATION_SUBMITTED, Event.NOMINATION_WITHDRAWN, Event.NOMINATION_LAPSED,
        Event.PARTNER_INVITED, Event.PARTNER_CONFIRMED, Event.PARTNER_DECLINED, Event.NOMINATION_QUALIFIED,
        Event.NOMINATION_REFUSED,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """What a cut shows. events: those of the history; what happened in panels and meetings is in none.

    stamped: the scan of the signed form, which shows names and phones whole.
    """

    phones: bool = False
    may_ask_phones: bool = False
    remarks: bool = False
    submissions: bool = False
    stamped: bool = False
    removed: bool = False
    events: frozenset[Event] = frozenset()


SIGHTS = {
    Cut.OWN: Sight(
        phones=True, remarks=True, submissions=True, stamped=True, removed=True, events=OF_THE_UNIT
    ),
    Cut.PARTNER: Sight(events=OF_THE_PARTNER),
    Cut.OFFICE: Sight(
        may_ask_phones=True, remarks=True, submissions=True, stamped=True, removed=True, events=OF_SCREENING
    ),
    Cut.SUPERVISOR: Sight(remarks=True, submissions=True, stamped=True, removed=True, events=OF_SCREENING),
    Cut.MEMBER: Sight(),
}


def cut_of(user: User, nomination: Nomination) -> Cut:
    """The widest cut this person has; the file must be visible to the person at all."""
    organiser = nomination.campaign.organiser_id

    def serves(role: Role) -> bool:
        return organiser in {unit.pk for unit in units_of(user, role)}

    if is_of_the_lead(user, nomination):
        return Cut.OWN
    if serves(Role.OFFICE):
        return Cut.OFFICE
    if serves(Role.SUPERVISOR):
        return Cut.SUPERVISOR
    if serves(Role.MEMBER):
        return Cut.MEMBER
    return Cut.PARTNER


def can_open(user: User, attachment: Attachment) -> bool:
    """Whether a person who may see the nomination may open this file of it.

    Of a submitted file others than its unit open what a submission lists, not what was added since.
    Reviewers are no readers here: what they may open is asked under /review/.
    """
    nomination = attachment.nomination
    cut = cut_of(user, nomination)
    sight = SIGHTS[cut]
    if attachment.removed_at and not sight.removed:
        return False
    if attachment.kind == AttachmentKind.SEALED and not sight.stamped:
        return False
    if cut == Cut.OWN or not nomination.code:
        return True
    return nomination.submissions.filter(content__attachments__contains=[{"slug": attachment.slug}]).exists()
