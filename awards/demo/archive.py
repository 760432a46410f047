"""Nominations of a year that was finished on paper: written as rows, with what became of them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from awards.campaign.models import Campaign
from awards.catalogue import part_of_check
from awards.demo.chance import slug
from awards.demo.nominations import File
from awards.demo.people import People
from awards.nomination.models import Attachment, Claim, Evidence, Nomination, Submission
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.freezing import digest_of_content
from awards.screening.models import ScreeningCheck, Verdict
from awards.screening.rules.checklist import checks_for
from awards.states import State


def add_files(campaign: Campaign, people: People, files: list[File], states: list[State]) -> list[Nomination]:
    """The nominations in the order of the files, codes counted within each category."""
    categories = {category.letter: category for category in campaign.categories.all()}
    counts = dict.fromkeys(categories, 0)
    nominations = []
    for file, state in zip(files, states, strict=True):
        letter = file.project.letter
        counts[letter] += 1
        nominations.append(
            Nomination(
                campaign=campaign,
                category=categories[letter],
                unit=file.unit,
                slug=slug("nomination", campaign.code, file.project.title),
                code=f"{campaign.code}-{letter}-{counts[letter]:03d}",
                state=state,
                submitted_at=file.sent_at,
                created_by=people.logger_of(file.unit),
                **file.answers,
            )
        )
    Nomination.objects.bulk_create(nominations)
    for file, nomination in zip(files, nominations, strict=True):
        _add_rows(file, nomination, people)
    _submit(people, nominations)
    # Not the minute of the loading, in which the database would have it all happen.
    Nomination.objects.filter(campaign=campaign).update(
        created_at=F("submitted_at") - timedelta(days=9), updated_at=F("submitted_at")
    )
    return nominations


def _add_rows(file: File, nomination: Nomination, people: People) -> None:
    Claim.objects.bulk_create(
        Claim(nomination=nomination, order=order, **claim) for order, claim in enumerate(file.claims)
    )
    Evidence.objects.bulk_create(Evidence(nomination=nomination, activity=one) for one in file.cited)
    for paper in file.papers:
        upload = paper.upload()
        Attachment.objects.create(
            nomination=nomination,
            kind=paper.kind,
            file=upload.content,
            name=paper.name,
            content_type=upload.facts.content_type,
            size=upload.facts.size,
            sha256=upload.facts.sha256,
            sha256_original=upload.facts.original_sha256,
            blind_claimed=paper.blind,
            blind_ok=paper.blind,
            blind_settled=True,
            uploaded_by=people.logger_of(file.unit),
            uploaded_at=file.sent_at,
        )


def _submit(people: People, nominations: list[Nomination]) -> None:
    """Freeze what was handed over, and the checklist that found nothing."""
    submissions = []
    for nomination in nominations:
        content = frozen_content(nomination)
        submissions.append(
            Submission(
                nomination=nomination,
                number=1,
                content=content,
                sha256=digest_of_content(content),
                submitted_at=nomination.submitted_at,
                submitted_by=people.secretary_of(nomination.unit),
            )
        )
    Submission.objects.bulk_create(submissions)
    ScreeningCheck.objects.bulk_create(
        ScreeningCheck(
            submission=row,
            item=check.code,
            verdict=Verdict.PASS,
            field=part_of_check(check.code),
            checked_by=people.users["office"],
            checked_at=row.submitted_at + timedelta(days=4),
        )
        for row in submissions
        for check in checks_for(row.nomination.category.letter)
    )
