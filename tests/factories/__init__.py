"""Factories build the least valid row; a trait names a stage. `from tests.factories import NominationFactory`."""

from factory import Factory

from tests.factories.awards import (
    AssignmentFactory,
    AttachmentFactory,
    CampaignFactory,
    CategoryFactory,
    MeetingFactory,
    NominationFactory,
    NoticeFactory,
    PanelFactory,
    RankingFactory,
    ReviewerFactory,
    ScoreSheetFactory,
    SeatFactory,
    SubmissionFactory,
    UnitQuotaFactory,
)
from tests.factories.services import ActivityFactory, RegistrationFactory
from tests.factories.units import (
    AuditorFactory,
    ClerkFactory,
    CommitteeFactory,
    CommunityFactory,
    MemberFactory,
    OfficeFactory,
    PartyMemberFactory,
    PostFactory,
    ReviewerUserFactory,
    SecadminFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
    UserFactory,
)

__all__ = [
    "ActivityFactory",
    "AssignmentFactory",
    "AttachmentFactory",
    "AuditorFactory",
    "CampaignFactory",
    "CategoryFactory",
    "ClerkFactory",
    "CommitteeFactory",
    "CommunityFactory",
    "MeetingFactory",
    "MemberFactory",
    "NominationFactory",
    "NoticeFactory",
    "OfficeFactory",
    "PanelFactory",
    "PartyMemberFactory",
    "PostFactory",
    "RankingFactory",
    "RegistrationFactory",
    "ReviewerFactory",
    "ReviewerUserFactory",
    "ScoreSheetFactory",
    "SeatFactory",
    "SecadminFactory",
    "SecretaryFactory",
    "SubmissionFactory",
    "SupervisorFactory",
    "SysadminFactory",
    "UnitFactory",
    "UnitQuotaFactory",
    "UserFactory",
    "count_from",
]


def count_from(number: int) -> None:
    """The next row of every factory has this number in its names and codes."""
    waiting = [Factory]
    for one in waiting:
        waiting += one.__subclasses__()
        if one._meta.counter_reference is one._meta:
            one.reset_sequence(number)
