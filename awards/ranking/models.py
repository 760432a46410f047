"""Frozen rankings: what the rule made of the marks, and the public record of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from awards.scoring.words import stage_name
from units.kit.status import Status


def stage_label(stage: str) -> str:
    """最终排名, or 书面评审排名 for the freeze after that stage."""
    return "最终排名" if stage == Ranking.FINAL else f"{stage_name(stage)}排名"


class RankingState(Status):
    OPEN = "open", "unlock", "", "未冻结"
    FROZEN = "frozen", "lock", "", "已冻结"
    SUPERSEDED = "superseded", "clock-history", "warn", "已被替代"


class SeatState(Status):
    """What a ranking gives an entry. Never 拟入选: that is said by the meeting, which may decide otherwise."""

    TAKEN = "taken", "award", "gold", "席位内"
    SHARED = "shared", "question-circle", "warn", "待复议"
    BELOW_THE_FLOOR = "below", "dash", "off", "低于底分"
    NONE = "none", "dash", "off", "席位外"
    NOT_SHORTLISTED = "not_shortlisted", "dash", "off", "未入围"
    AWAITED = "awaited", "hourglass-split", "", "待评审"
    BLOCKED = "blocked", "exclamation-octagon", "stop", "有效评分不足"


class Firmness(Status):
    """Whether the seat of an entry stands whatever one sheet does."""

    FIRM = "firm", "lock", "", "稳固"
    LOOSE = "loose", "exclamation-triangle", "warn", "可能变动"


class RankingQuerySet(models.QuerySet):
    def current(self):
        return self.filter(superseded_at=None)


class Ranking(models.Model):
    """One freeze. `stage` is the stage just closed, or "final" for the one that decides.

    `record` is the canonical JSON of the public record, byte for byte; `digest` its printed digest.
    """

    FINAL = "final"

    campaign = models.ForeignKey("awards.Campaign", models.PROTECT, related_name="rankings")
    stage = models.CharField("阶段", max_length=20)
    rule = models.ForeignKey("awards.ScoringRule", models.PROTECT, related_name="rankings")
    record = models.TextField()
    digest = models.CharField(max_length=64)
    audit_head = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField("冻结时间", default=timezone.now)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField("被替代时间", null=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "排名"
        ordering = ["-frozen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "stage", "rule"],
                condition=Q(superseded_at=None),
                name="ranking_current_once",
            )
        ]
        triggers = [pgtrigger.Protect(name="rankings_are_kept", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.campaign_id} {self.stage}"

    @property
    def is_final(self) -> bool:
        return self.stage == self.FINAL

    @property
    def mark(self) -> RankingState:
        return RankingState.SUPERSEDED if self.superseded_at else RankingState.FROZEN

    @property
    def stage_label(self) -> str:
        return stage_label(self.stage)

    @property
    def key(self) -> str:
        """What names this freeze in URLs: the beginning of its printed digest."""
        return self.digest[:12]


class EntryStatus(models.TextChoices):
    RANKED = "ranked", "已排名"
    NOT_SHORTLISTED = "not_shortlisted", "未入围"
    BLOCKED = "blocked", "有效评分不足"


class RankedEntry(models.Model):
    """One line of a frozen ranking; copied figures, never computed again."""

    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="entries")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="rankings")
    category = models.ForeignKey("awards.Category", models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=EntryStatus)
    blocked_in = models.CharField(max_length=20, blank=True)
    stages = models.JSONField(default=dict, help_text="stage code → score as printed")
    criteria = models.JSONField(
        default=dict,
        help_text="stage code → criterion code → mean over valid sheets, two decimals, for reading",
    )
    sheets = models.JSONField(default=dict, help_text="stage code → number of valid sheets")
    stage_place = models.PositiveIntegerField(
        "阶段名次", null=True, help_text="by the score of the stage just closed; none in a final ranking"
    )
    final = models.DecimalField("总分", max_digits=9, decimal_places=4, null=True)
    place = models.PositiveIntegerField("名次", null=True)
    tie_broken_by = models.CharField("同分处理", max_length=40, blank=True)
    tie_note = models.CharField("同分说明", max_length=200, blank=True)
    why = models.CharField("名次由来", max_length=300, blank=True, help_text="the place in one sentence")
    seat = models.BooleanField("入选席位", null=True, help_text="null: a shared place that does not fit")
    best_place = models.PositiveIntegerField("最好名次", null=True)
    worst_place = models.PositiveIntegerField("最差名次", null=True)
    is_firm = models.BooleanField("席位稳固", null=True)
    order = models.PositiveIntegerField(default=0, help_text="line number within its category")

    class Meta:
        verbose_name = verbose_name_plural = "排名行"
        ordering = ["ranking", "category__order", "order"]
        indexes = [models.Index(fields=["ranking", "category", "order"], name="ranked_order")]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "nomination"], name="ranked_once"),
            models.CheckConstraint(
                name="ranked_has_a_final",
                condition=~Q(status="ranked") | (Q(final__isnull=False) & Q(place__isnull=False)),
            ),
            models.CheckConstraint(
                name="best_before_worst", condition=Q(best_place=None) | Q(worst_place__gte=F("best_place"))
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.nomination_id} {self.place or '—'}"

    @property
    def firmness(self) -> Firmness:
        return Firmness.FIRM if self.is_firm else Firmness.LOOSE

    @property
    def final_text(self) -> str:
        """The final as the record prints it: with the decimals of its stage scores, "" without a final."""
        if self.final is None:
            return ""
        places = max(len(score.partition(".")[2]) for score in self.stages.values())
        return f"{self.final:.{places}f}"


class ReviewerLetter(models.Model):
    """Which letter stands for which reviewer in one entry of one record; sealed with the ranking."""

    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="letters")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="+")
    reviewer = models.ForeignKey("awards.Reviewer", models.PROTECT, related_name="+")
    letter = models.CharField(max_length=3)

    class Meta:
        verbose_name = verbose_name_plural = "评委代号"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "nomination", "reviewer"], name="letter_once"),
            models.UniqueConstraint(fields=["ranking", "nomination", "letter"], name="letter_unique"),
        ]

    def __str__(self):
        return self.letter
