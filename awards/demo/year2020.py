"""The finished year: activities and registers behind the figures of the public report, and its 15 results.

There are results but no marks: none were published, and none are invented.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from awards.campaign.actions.opening import open_campaign
from awards.campaign.actions.start import create_campaign
from awards.campaign.models import Campaign, Phase
from awards.demo import log as rows
from awards.demo.archive import add_files
from awards.demo.chance import chance
from awards.demo.data import projects_2020
from awards.demo.data import registers as words
from awards.demo.days import DATES_2020, EVENING, MORNING, at
from awards.demo.log import COMMON, IN_2020, VOLUNTEERING, Log
from awards.demo.nominations import File, cite
from awards.demo.people import People
from awards.demo.writing import Project
from awards.nomination.models import Nomination
from awards.notice.models import Notice, NoticeEntry
from awards.result.actions import enter_results
from awards.result.models import Result
from awards.result.rules import CertificateNumber, document_number
from awards.states import State

YEAR = 2020
CODE = "2020"
LAST_DAY = date(2020, 12, 18)
ANNOUNCED = at(LAST_DAY)
PUBLISHED = at(date(2020, 12, 7), MORNING)


def build_2020(people: People) -> Campaign:
    log = Log(people, YEAR, LAST_DAY)
    _log_the_year(log)
    files = _files(log)
    log.write()
    _fill_registers(log)
    campaign = _campaign(people)
    states = [State.SELECTED] * len(projects_2020.SELECTED) + [State.NOT_SELECTED] * len(projects_2020.OTHERS)
    nominations = add_files(campaign, people, files, states)
    _announce(campaign, people, [one for one in nominations if one.state == State.SELECTED])
    return campaign


def _log_the_year(log: Log) -> None:
    """A volunteering record of each of the 77 organizations, and what else they did."""
    subjects = COMMON + IN_2020 * 2
    volunteering = VOLUNTEERING + [subject for subject in IN_2020 if subject.volunteering] * 2
    communities = log.people.oilfield
    for order, unit in enumerate(log.people.organizations):
        dice = chance("year", YEAR, unit.slug)
        day = log.day_between(date(2020, 2, 3), date(2020, 12, 10), dice)
        community = communities[order % len(communities)]
        log.add(unit, dice.choice(volunteering), day, community=community)
        for _ in range(dice.randrange(1, 4)):
            day = log.day_between(date(2020, 1, 6), date(2020, 12, 15), dice)
            joint = dice.sample(log.people.organizations, 2) if dice.random() < 0.15 else ()
            log.add(unit, dice.choice(subjects), day, joint=joint)


def _files(log: Log) -> list[File]:
    files = []
    for project in map(Project.read, projects_2020.SELECTED + projects_2020.OTHERS):
        cited = cite(log, project, first=date(2020, 2, 10), last=date(2020, 10, 20))
        unit = log.people.units[project.unit]
        files.append(File(project, unit, YEAR, cited, sent_at=at(date(2020, 10, 29))))
    return files


def _fill_registers(log: Log) -> None:
    rows.registrations(log, words.REGISTRATIONS_2020)
    rows.joint_projects(log, words.JOINT_PROJECTS_2020, log.people.oilfield)
    rows.brands(log, words.BRANDS)
    rows.donations(log, words.DONATIONS_2020, "疫情防控", date(2020, 2, 5), date(2020, 3, 20))
    rows.ideas(log, words.IDEAS[:6])


def _campaign(people: People) -> Campaign:
    office = people.users["office"]
    campaign = create_campaign(
        code=CODE,
        title="2020年度“三个最佳”评选",
        year=YEAR,
        organiser=people.committee,
        actor=office,
    )
    for phase, (first, last) in DATES_2020.items():
        campaign.timetable.filter(phase=phase).update(
            opens_at=at(first, MORNING), closes_at=at(last, EVENING)
        )
    campaign = open_campaign(campaign, actor=office)
    Campaign.objects.filter(pk=campaign.pk).update(
        opened_at=at(DATES_2020[Phase.NOMINATION][0]),
        outcome_public_at=PUBLISHED,
        announced_at=ANNOUNCED,
        basis="为深化服务企业、服务项目、服务基层、服务群众“四项服务”，加快推进模范机关建设，组织开展2020年度"
        "“三个最佳”评选。本年度结果由纸质档案补录，当年未公布评分，系统不补录分数。",
        contact_office="区直机关工委办公室",
        contact_phone="0546-8200100",
        contact_address="东营区府前大街机关办公楼",
    )
    campaign.refresh_from_db()
    return campaign


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _announce(campaign: Campaign, people: People, selected: list[Nomination]) -> None:
    office = people.users["office"]
    first, last = DATES_2020[Phase.NOTICE]
    notice = Notice.objects.create(
        campaign=campaign,
        slug=f"{CODE}-1",
        title="关于2020年度“三个最佳”示范项目名单的公示",
        basis="根据2020年度“三个最佳”评选安排，经申报、资格审查、评审和工委会议审定，现将拟入选示范项目予以公示。",
        office=campaign.contact_office,
        phone=campaign.contact_phone,
        address=campaign.contact_address,
        postcode="257000",
        days=5,
        published_at=PUBLISHED,
        published_by=office,
        worked_days=[day for day in days_between(first, last) if day.weekday() < 5],
        first_day=first,
        last_day=last,
        closes_at=at(date(2020, 12, 15), MORNING.replace(hour=0)),
        details_withdrawn_at=at(date(2020, 12, 15)),
    )
    NoticeEntry.objects.bulk_create(
        NoticeEntry(
            notice=notice, nomination=one, title=one.title, unit_name=one.unit.name, summary="", order=order
        )
        for order, one in enumerate(selected, 1)
    )
    results = [
        Result(
            campaign=campaign,
            nomination=one,
            notice=notice,
            category=one.category,
            title=one.title,
            unit_name=one.unit.name,
            document_number=document_number(YEAR, 38),
            announced_at=ANNOUNCED,
        )
        for one in selected
    ]
    counts: Counter[str] = Counter()
    entries = []
    for result in results:
        letter = result.category.letter
        counts[letter] += 1
        entries.append((result, str(CertificateNumber(YEAR, letter, counts[letter]))))
    enter_results(entries, actor=office)
