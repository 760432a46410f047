"""The committee's meeting: who was there, how it voted, what it decided against the ranking."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from units.kit.fields import LongText
from units.kit.status import Status
from units.moments import chinese_date


class Threshold(models.TextChoices):
    """What a list needs to pass: more than half, never exactly half (`rules.votes_needed`)."""

    ENTITLED = "entitled", "应到人数过半数"
    PRESENT = "present", "实到人数过半数"


class MeetingState(Status):
    NOT_CALLED = "not_called", "calendar", "", "会议未安排"
    CALLED = "called", "hourglass-split", "", "未审定"
    DECIDED = "decided", "check2-circle", "ok", "已审定"


class Listed(Status):
    """Whether the meeting's list takes an entry."""

    YES = "yes", "award", "gold", "列入"
    NO = "no", "dash", "off", "未列入"


class Meeting(models.Model):
    """One 工委 meeting on one ranking. Attendance and tally are typed by the office."""

    campaign = models.ForeignKey("awards.Campaign", models.PROTECT, related_name="meetings")
    ranking = models.ForeignKey("awards.Ranking", models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField("会议时间")
    place = models.CharField("地点", max_length=60, blank=True)
    chair = models.CharField("主持人职务", max_length=60, blank=True)
    entitled = models.PositiveSmallIntegerField("应到人数", default=0)
    present = models.PositiveSmallIntegerField("实到人数", default=0)
    threshold = models.CharField("通过条件", max_length=10, choices=Threshold, default=Threshold.ENTITLED)
    notes = LongText("会议记录", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    called_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField("审定时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "会议"
        ordering = ["-held_at"]
        constraints = [
            models.CheckConstraint(
                name="present_within_entitled",
                condition=Q(present__lte=F("entitled")),
                violation_error_message="实到人数不能多于应到人数。",
            )
        ]

    def __str__(self):
        return f"{chinese_date(timezone.localtime(self.held_at))}会议"

    @property
    def mark(self) -> MeetingState:
        return MeetingState.DECIDED if self.decided_at else MeetingState.CALLED


class Attendance(models.Model):
    """Whether one member came."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    present = models.BooleanField("到会", default=True)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "到会情况"
        ordering = ["member__username"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")]

    def __str__(self):
        return str(self.member)


class Tally(models.Model):
    """The count of one vote: on a category's list, or on one entry a member had to leave for.

    left: members present who had a tie to that entry and were not in the room; they have no vote on it.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="tallies")
    category = models.ForeignKey("awards.Category", models.PROTECT, related_name="+")
    nomination = models.ForeignKey(
        "awards.Nomination", models.PROTECT, null=True, related_name="+", verbose_name="单独表决的项目"
    )
    left = models.PositiveSmallIntegerField("回避", default=0)
    in_favour = models.PositiveSmallIntegerField("同意", default=0)
    against = models.PositiveSmallIntegerField("不同意", default=0)
    abstained = models.PositiveSmallIntegerField("弃权", default=0)
    invalid = models.PositiveSmallIntegerField("无效", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "计票"
        ordering = ["category__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "category"], condition=Q(nomination=None), name="tally_once"
            ),
            models.UniqueConstraint(fields=["meeting", "nomination"], name="tally_of_an_entry_once"),
        ]

    def __str__(self):
        return f"{self.category} {self.in_favour}/{self.against}/{self.abstained}"


class ListedEntry(models.Model):
    """One line of the meeting's list: taken in or left out. Nobody is told before the list is decided."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="lines")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="meeting_lines")
    taken_in = models.BooleanField("列入名单")
    reason = LongText("与排名不一致的理由", max_length=500, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "拟定名单"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "nomination"], name="one_line_of_the_list")]

    def __str__(self):
        return f"{self.nomination_id} {'列入' if self.taken_in else '未列入'}"


class Departure(models.Model):
    """Where the meeting left the ranking: an entry taken in or left out, with its reason."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="departures")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="departures")
    taken_in = models.BooleanField("列入名单")
    reason = LongText("理由", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "与排名不一致"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "nomination"], name="departure_once")]

    def __str__(self):
        return f"{self.nomination_id} {'列入' if self.taken_in else '未列入'}"
