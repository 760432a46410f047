"""The log of the 四项服务 and its registers. Only what the office has reviewed counts."""

from services.models.activities import (
    DETAIL_MODELS,
    DETAIL_NAMES,
    Activity,
    ActivityFile,
    ActivityQuerySet,
    ActivityUnit,
    EnterpriseDetail,
    GrassrootsDetail,
    IssueKind,
    PeopleDetail,
    ProgressLight,
    ProjectDetail,
    ProjectKind,
    ProjectLevel,
    ServiceKind,
    SinkMode,
)
from services.models.imports import ImportedBook, ImportedBookQuerySet
from services.models.logged import OPEN_STATES, SLUG_ALPHABET, Logged, LoggedQuerySet, LogState, new_slug
from services.models.registers import BrightIdea, Donation, JointProject, Registration, VolunteerBrand
from services.models.tasks import ActionTask, ActionTaskQuerySet
from services.models.years import ClosedLine, ClosedYear

__all__ = [
    "DETAIL_MODELS",
    "DETAIL_NAMES",
    "OPEN_STATES",
    "SLUG_ALPHABET",
    "ActionTask",
    "ActionTaskQuerySet",
    "Activity",
    "ActivityFile",
    "ActivityQuerySet",
    "ActivityUnit",
    "BrightIdea",
    "ClosedLine",
    "ClosedYear",
    "Donation",
    "EnterpriseDetail",
    "GrassrootsDetail",
    "ImportedBook",
    "ImportedBookQuerySet",
    "IssueKind",
    "JointProject",
    "LogState",
    "Logged",
    "LoggedQuerySet",
    "PeopleDetail",
    "ProgressLight",
    "ProjectDetail",
    "ProjectKind",
    "ProjectLevel",
    "Registration",
    "ServiceKind",
    "SinkMode",
    "VolunteerBrand",
    "new_slug",
]
