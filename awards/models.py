"""Re-exports: the models live with their stage."""

from awards.campaign.models import (
    CalendarYear,
    Campaign,
    Category,
    Criterion,
    Deadline,
    Extension,
    ScoringRule,
    SpecialDay,
    UnitQuota,
)
from awards.decision.models import (
    Attendance,
    Departure,
    ListedEntry,
    Meeting,
    Tally,
)
from awards.nomination.models import (
    Attachment,
    Claim,
    Correction,
    CorrectionItem,
    Evidence,
    Nomination,
    Partner,
    PreparedDecision,
    Submission,
)
from awards.notice.models import (
    Notice,
    NoticeEntry,
    NoticeExtension,
    Objection,
    ObjectionFile,
    Ruling,
)
from awards.panel.models import (
    Assignment,
    Panel,
    Recusal,
    Reviewer,
    Seat,
)
from awards.ranking.models import (
    RankedEntry,
    Ranking,
    ReviewerLetter,
)
from awards.result.models import Certificate, Result
from awards.review.models import Score, ScoreSheet
from awards.screening.models import ScreeningCheck

__all__ = [
    "Assignment",
    "Attachment",
    "Attendance",
    "CalendarYear",
    "Campaign",
    "Category",
    "Certificate",
    "Claim",
    "Correction",
    "CorrectionItem",
    "Criterion",
    "Deadline",
    "Departure",
    "Evidence",
    "Extension",
    "ListedEntry",
    "Meeting",
    "Nomination",
    "Notice",
    "NoticeEntry",
    "NoticeExtension",
    "Objection",
    "ObjectionFile",
    "Panel",
    "Partner",
    "PreparedDecision",
    "RankedEntry",
    "Ranking",
    "Recusal",
    "Result",
    "Reviewer",
    "ReviewerLetter",
    "Ruling",
    "Score",
    "ScoreSheet",
    "ScoringRule",
    "ScreeningCheck",
    "Seat",
    "SpecialDay",
    "Submission",
    "Tally",
    "UnitQuota",
]
