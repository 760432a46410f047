"""The units' part: drafts, records cited, partners asked, papers added, and the file handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

from awards.campaign.models import Phase
from awards.demo.chance import chance
from awards.demo.nominations import File, cite, stamped_form
from awards.demo.walk import Course, Walk
from awards.demo.writing import Project
from awards.nomination.actions.attachments import add_attachment, remove_attachment
from awards.nomination.actions.drafts import cite_activities, save_draft, start_nomination
from awards.nomination.actions.partners import confirm_partner, invite_partner
from awards.nomination.actions.submission import send_to_unit_review, submit_nomination, withdraw_nomination
from awards.nomination.models import AttachmentKind, Nomination

DRAFTING = timedelta(days=9)  # before it goes to the unit's secretary, to the office, or is given up
BEGUN = -16  # and so long before this day at the latest
WITHDRAWAL = "项目内容需进一步完善，本年度不再申报。"


def read_files(walk: Walk) -> None:
    """The files of the year, in the order in which they will be handed over; their records go into the log."""
    for project in map(Project.read, walk.year.projects):
        key = (project.unit, project.letter)
        course = walk.year.courses.get(key, Course())
        dice = chance("sent", project.title)
        last = walk.season.working(-47)
        first = min(walk.season.first_day + timedelta(days=dice.randrange(20, 70)), last)
        walk.files.append(
            File(
                project,
                walk.people.units[project.unit],
                walk.season.year,
                cite(walk.log, project, first=first, last=last),
                sent_at=_sent_at(walk, project, course),
                partners=walk.year.partners.get(key, ()),
                overclaim=walk.overclaim(key),
                thin=course.thin,
            )
        )
    walk.files.sort(key=lambda file: file.sent_at or walk.season.moment(0, 0))


def _sent_at(walk: Walk, project: Project, course: Course) -> datetime | None:
    """Most files come in the last days."""
    if course.sent is False:
        return None
    if course.sent is not True:
        return walk.season.moment(course.sent, 15)
    opens, closes = walk.season.timetable()[Phase.NOMINATION]
    span = int((closes - opens).total_seconds() // 60)
    share = chance("sent", project.unit, project.title).random() ** 0.4
    return walk.season.in_office_hours(opens + timedelta(minutes=int(span * share)))


def plan_nominations(walk: Walk) -> None:
    opens, _ = walk.season.timetable()[Phase.NOMINATION]
    for number, file in enumerate(walk.files):
        course = walk.course(file)
        days = [day for day in (BEGUN, course.sent_to_review, course.withdrawn) if day is not None]
        ends = [walk.season.moment(day, 9) for day in days] + [file.sent_at] * bool(file.sent_at)
        start = max(opens, min(ends) - DRAFTING) + timedelta(minutes=number % 60)
        walk.clock.plan(start, _Filing(walk, file).draft)


class _Filing:
    """One file on its way to the office."""

    def __init__(self, walk: Walk, file: File):
        self.walk, self.file = walk, file
        self.course = walk.course(file)
        self.clerk = walk.people.logger_of(file.unit)
        self.secretary = walk.people.secretary_of(file.unit)

    @property
    def nomination(self) -> Nomination:
        return self.walk.nominations[self.file.key]

    def draft(self) -> None:
        file, walk = self.file, self.walk
        category = walk.categories[file.project.letter]
        nomination = start_nomination(
            campaign=walk.campaign, category=category, unit=file.unit, actor=self.clerk
        )
        walk.nominations[file.key] = save_draft(
            nomination,
            file.answers | {"claims": file.claims},
            version=nomination.version,
            actor=self.clerk,
        )
        cite_activities(nomination, add=[one.pk for one in file.cited], actor=self.clerk)
        for code in file.partners:
            unit = walk.people.units[code]
            partner = invite_partner(nomination, unit=unit, actor=self.clerk)
            confirm_partner(partner, actor=walk.people.secretary_of(unit))
        for paper in file.papers:
            add_attachment(
                nomination,
                upload=paper.upload(),
                kind=paper.kind,
                blind_claimed=paper.blind,
                actor=self.clerk,
            )
        self._plan_what_follows()

    def _plan_what_follows(self) -> None:
        course, walk = self.course, self.walk
        if course.sent_to_review is not None:
            walk.on(course.sent_to_review, 10, self.send_to_review)
        if self.file.sent_at:
            walk.clock.plan(self.file.sent_at, self.submit)
        if course.withdrawn is not None:
            walk.on(course.withdrawn, 10, self.withdraw)
        if course.mended is not None:
            walk.on(course.mended, 14, self.mend)

    def send_to_review(self) -> None:
        send_to_unit_review(self.nomination, actor=self.clerk)

    def submit(self) -> None:
        self.walk.nominations[self.file.key] = submit_nomination(self.nomination, actor=self.secretary)

    def withdraw(self) -> None:
        withdraw_nomination(self.nomination, actor=self.secretary, reason=WITHDRAWAL)

    def mend(self) -> None:
        """Answer what was remarked: a clear stamp, more on the effect, a figure put right; and hand in again."""
        nomination = Nomination.objects.get(pk=self.nomination.pk)
        if "sealed" in self.course.remarks:
            old = nomination.attachments.present().get(kind=AttachmentKind.SEALED)
            remove_attachment(old, actor=self.clerk)
            paper = stamped_form(self.file, "盖章申报表（重新扫描）.pdf", "演示公章")
            add_attachment(nomination, upload=paper.upload(), kind=paper.kind, actor=self.clerk)
        if "effect" in self.course.remarks:
            effect = self.file.answers["effect"] + "以上数据出自服务台账和回访记录，可逐条核对。"
            save_draft(nomination, {"effect": effect}, version=nomination.version, actor=self.clerk)
        self.submit()
