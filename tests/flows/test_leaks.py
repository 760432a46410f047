"""Each role in each phase: what it may not know changes nothing that it is shown, wherever it looks.

Every address of the site is asked for with every name that exists, every list is searched for the secret
and sorted. Then the secret is another one, and each page must be the same to the letter. The controls are
people who may know: to them something must look otherwise, or the test saw nothing.
"""

import json
import logging
from collections import defaultdict
from decimal import Decimal

import pgtrigger
import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db.models import F, Max
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.views.defaults import page_not_found, permission_denied

from awards.campaign.models import Phase
from awards.dashboard.figures import FIGURES
from awards.decision.actions import decide
from awards.nomination.models import Nomination, Submission
from awards.notice.actions.publishing import draft_notice, publish_notice
from awards.notice.models import Notice, Objection
from awards.ranking.actions import freeze_ranking
from awards.ranking.models import RankedEntry, Ranking
from awards.review.models import Score, ScoreSheet
from awards.states import State
from services.catalogue import BESIDE
from tests.awards.decision.meetings import meeting_on
from tests.awards.notice.rounds import CONTACTS, at, object_to
from tests.factories import (
    AssignmentFactory,
    AttachmentFactory,
    AuditorFactory,
    CampaignFactory,
    ClerkFactory,
    MemberFactory,
    NominationFactory,
    OfficeFactory,
    PanelFactory,
    ReviewerFactory,
    ScoreSheetFactory,
    SeatFactory,
    SecadminFactory,
    SecretaryFactory,
    SupervisorFactory,
    SysadminFactory,
    UnitFactory,
)
from tests.flows.worlds import addresses, differences, fetch, look_around
from units.audit.models import AuditEntry
from units.models import Post, Unit, UnitAlias

pytestmark = pytest.mark.django_db

UNITS = ("阳光政务服务局", "春风民政局", "晴川水务局", "青禾农业局")
PHONE, OTHER_PHONE = "13800007788", "13811117788"  # alike where their middle is masked
OBJECTOR = "举报人张三"
SHARES = ([0.95, 0.9, 0.88, 0.9, 0.92], [0.9, 0.85, 0.86, 0.84, 0.9], [0.8, 0.82, 0.7, 0.75, 0.8],
          [0.6, 0.7, 0.65, 0.6, 0.6])  # fmt: skip
COMMITTEE = ("office", "supervisor", "member")
PARTIES = ("public", "secretary", "stranger", "reviewer")
OTHERS = ("clerk", "sysadmin", "secadmin", "auditor")


class Season:
    """One category, four entries, five reviewers; `people` by role, None for the public."""

    def __init__(self):
        self.campaign = CampaignFactory(now_in=Phase.WRITTEN, **CONTACTS)
        self.campaign.categories.filter(letter="F").update(seats=2, floor=70)
        rule = self.campaign.rules.get()
        rule.body["categories"]["F"]["seats"], rule.body["categories"]["F"]["floor"] = 2, "70"
        rule.save()
        self.units = [UnitFactory(name=f"{name}机关党委", short_name=name) for name in UNITS]
        for unit in self.units:
            UnitAlias.objects.create(unit=unit, name=f"{unit.short_name}别称")
        self.entries = [self._entry(unit) for unit in self.units]
        NominationFactory(campaign=self.campaign, unit=self.units[0], full=True)  # a draft
        self.panel = PanelFactory(category=self.entries[0].category)
        seats = [
            SeatFactory(panel=self.panel, reviewer=ReviewerFactory(campaign=self.campaign)) for _ in range(5)
        ]
        for entry, shares in zip(self.entries, SHARES, strict=True):
            for seat, share in zip(seats, shares, strict=True):
                ScoreSheetFactory(
                    assignment=AssignmentFactory(seat=seat, nomination=entry),
                    share=share, handed_in=True, comment=f"评语{entry.code}{seat.number}",
                )  # fmt: skip
        self.first_seat = seats[0]
        self.people = self._people(seats)

    def _entry(self, unit):
        entry = NominationFactory(
            campaign=self.campaign, unit=unit, category=self.campaign.categories.get(letter="F"), full=True,
            ready=True, state=State.QUALIFIED, contact_phone=PHONE, leader_phone=PHONE,
            practice=f"由{unit.name}牵头，{unit.short_name}别称各科室配合，设立帮办专区。",
        )  # fmt: skip
        AttachmentFactory(nomination=entry, name=f"{unit.short_name}情况说明.pdf")
        return entry

    def _people(self, seats):
        organiser, own = self.campaign.organiser, self.units[0]
        return {
            "public": None,
            "secretary": SecretaryFactory(unit=own),
            "stranger": SecretaryFactory(),
            "clerk": ClerkFactory(unit=own),
            "reviewer": seats[0].reviewer.user,
            "colleague": seats[1].reviewer.user,
            "office": OfficeFactory(unit=organiser),
            "supervisor": SupervisorFactory(unit=organiser),
            "member": MemberFactory(unit=organiser),
            "sysadmin": SysadminFactory(unit=organiser),
            "secadmin": SecadminFactory(unit=organiser),
            "auditor": AuditorFactory(unit=organiser),
        }

    # --- Phases ---

    def reviewing(self):
        pass

    def decided(self):
        self.panel.closed_at = timezone.now()
        self.panel.save()
        freeze_ranking(self.campaign, stage=Ranking.FINAL, actor=self.people["office"])
        decide(meeting_on(self.campaign), actor=self.people["office"])
        draft_notice(self.campaign, actor=self.people["office"])

    def noticed(self):
        self.decided()
        publish_notice(self.campaign.notices.get(), actor=self.people["office"])
        object_to(self.campaign.notices.get(), self.entries[0], name=OBJECTOR)

    # --- Secrets ---

    def other(self, secret: str):
        """The change that makes this secret another one."""
        return getattr(self, f"other_{secret}")

    def other_marks(self):
        """Everybody else's marks and remarks."""
        sheets = ScoreSheet.objects.exclude(assignment__seat=self.first_seat)
        Score.objects.filter(sheet__in=sheets).update(mark=F("mark") - Decimal("0.5"))
        sheets.update(total=F("total") - Decimal("2.5"), comment="另一种评语")

    def other_ranking(self):
        """The whole ranking upside down, in its rows and in its record."""
        lines = RankedEntry.objects.filter(ranking__campaign=self.campaign)
        last = lines.aggregate(last=Max("place"))["last"]
        with pgtrigger.ignore("awards.RankedEntry:append_only"):
            lines.update(place=last + 1 - F("place"), order=last + 1 - F("order"), final=F("final") - 5)
        for ranking in Ranking.objects.filter(campaign=self.campaign):
            record = json.loads(ranking.record)
            for line in record["standings"]:
                line |= {"place": last + 1 - line["place"], "seat": not line["seat"]}
            Ranking.objects.filter(pk=ranking.pk).update(record=json.dumps(record), digest="f" * 64)

    def other_outcome(self):
        """Those who were chosen are not, and the other way round."""
        chosen = list(Nomination.objects.filter(state=State.PROPOSED).values_list("pk", flat=True))
        assert chosen
        Nomination.objects.filter(state=State.NOT_SELECTED).update(state=State.PROPOSED)
        Nomination.objects.filter(pk__in=chosen).update(state=State.NOT_SELECTED)
        Notice.objects.filter(published_at=None).delete()

    def other_units(self):
        """The entries come from elsewhere."""
        for number, unit in enumerate(self.units):
            self._rewrite(unit.short_name, f"远处第{number}局")
            Unit.objects.filter(pk=unit.pk).update(
                name=f"远处第{number}局机关党委", short_name=f"远处第{number}局"
            )
            UnitAlias.objects.filter(unit=unit).update(name=f"远处第{number}局别称")

    def other_phones(self):
        Nomination.objects.filter(contact_phone=PHONE).update(
            contact_phone=OTHER_PHONE, leader_phone=OTHER_PHONE
        )
        self._rewrite(PHONE, OTHER_PHONE)

    def other_objector(self):
        assert Objection.objects.update(name="另一人李四", contact="13911112222", facts="另一件事实。")

    def _rewrite(self, old: str, new: str):
        """In the frozen texts and in the names of files, as if they had been written otherwise."""
        for row in Submission.objects.filter(nomination__in=self.entries):
            text = json.dumps(row.content, ensure_ascii=False)
            with pgtrigger.ignore():
                Submission.objects.filter(pk=row.pk).update(content=json.loads(text.replace(old, new)))
        for entry in Nomination.objects.filter(campaign=self.campaign, practice__contains=old):
            Nomination.objects.filter(pk=entry.pk).update(practice=entry.practice.replace(old, new))
        for entry in self.entries:
            for file in entry.attachments.filter(name__contains=old):
                entry.attachments.filter(pk=file.pk).update(name=file.name.replace(old, new))

    def known(self) -> dict[str, list]:
        """Every kind of name that stands in an address; own is what belongs to the secretary's unit."""
        own, other = self.entries[:2]
        return {
            "campaign": [self.campaign.code],
            "key": [own.code, other.code],
            "code": [own.code],
            "letter": ["F"],
            "stage": ["written"],
            "phase": [Phase.NOTICE],
            "number": [1],
            "receipt": list(Objection.objects.values_list("receipt", flat=True)),
            "username": [self.people["reviewer"].username],
            "pk": [Post.objects.first().pk, *AuditEntry.objects.values_list("pk", flat=True)[:1]],
            "register": [BESIDE[0].code],
            "figure": [FIGURES[-1].key],
            "awards:dashboard.slug": [],
            "awards:notice.slug": list(self.campaign.notices.values_list("slug", flat=True)),
            "awards:objection-new.slug": list(self.campaign.notices.values_list("slug", flat=True)),
            "awards:.slug": [own.attachments.last().slug, other.attachments.last().slug],
            "services:activity.slug": [row.activity.slug for row in own.evidence.all()],
            "units:unit.slug": [own.unit.slug],
        }


PROGRESS = "/panels/{campaign}/progress/written/{code}/"
CASE = "/notice-desk/{campaign}/cases/{receipt}/"
DETAILS = ("public", "stranger", "reviewer", "supervisor", "member")
# phase, secret, who may not know; who may, and where it is read
SECRETS = [
    ("reviewing", "marks", PARTIES + OTHERS + COMMITTEE, "colleague", "/review/{campaign}/written/{code}/"),
    ("reviewing", "units", ("reviewer",), "office", "/nominations/{code}/"),
    ("reviewing", "phones", DETAILS, "secretary", "/nominations/{code}/"),
    ("decided", "marks", ("public", "secretary", "stranger"), "office", PROGRESS),
    ("decided", "ranking", PARTIES, "supervisor", "/ranking/{campaign}/"),
    ("decided", "outcome", PARTIES, "office", "/nominations/{code}/"),
    ("noticed", "objector", (*PARTIES, *OTHERS, "member"), "office", CASE),
    ("noticed", "phones", ("public", "stranger", "member"), "clerk", "/nominations/{code}/"),
]
WORDS = {
    "marks": "92",
    "ranking": "90.00",
    "units": UNITS[0],
    "phones": PHONE,
    "outcome": "拟入选",
    "objector": OBJECTOR,
}
PHASES = list(dict.fromkeys(phase for phase, *_ in SECRETS))


@pytest.fixture(autouse=True)
def no_lines_of_refusals():
    """Some thousand pages are refused; nobody reads a line about each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def refusals_in_a_word(monkeypatch):
    """Of a refused address only the status is looked at: it is drawn once for each person, to see that it can
    be, and then told without a page."""
    drawn = set()

    def refuse(status, page):
        def view(request, exception):
            if (request.user.pk, status) in drawn:
                list(get_messages(request))  # read, as the page would have
                return HttpResponse(status=status)
            drawn.add((request.user.pk, status))
            return page(request, exception)

        return view

    for status, page in ((403, permission_denied), (404, page_not_found)):
        monkeypatch.setattr(f"config.urls.handler{status}", refuse(status, page), raising=False)


@pytest.fixture(params=PHASES)
def phase(request):
    return request.param


@pytest.fixture
def season(phase):
    season = Season()
    getattr(season, phase)()
    return season


def client_of(user):
    cache.clear()
    client = Client()
    if user:
        client.force_login(user)
        client.get("/")  # the session notes its time once a minute: not in what `fetch` takes back
    return client


def test_what_a_role_may_not_know_changes_nothing_it_is_shown(phase, season):
    hidden_from = defaultdict(list)
    for _, secret, roles, *_ in (row for row in SECRETS if row[0] == phase):
        for role in roles:
            hidden_from[role].append(secret)
    leaks, looked_at = [], {}
    with at(timezone.now()):
        everywhere = addresses(season.known())
        for role, secrets in hidden_from.items():
            client = client_of(season.people[role])
            shown = look_around(client, everywhere, [WORDS[secret] for secret in secrets])
            found = differences(client, shown, *(season.other(secret) for secret in secrets))
            leaks += [f"{role}, one of {secrets}: {line}" for line in found]
            looked_at[role] = len(shown)

    assert not leaks, "\n".join(["", *leaks])
    assert min(looked_at.values()) >= 4, looked_at
    assert max(looked_at.values()) >= 15, looked_at


def test_whoever_may_know_is_shown_the_difference(phase, season):
    """The control: a secret that alters no page at all would make the test above pass for nothing."""
    for _, secret, _, role, page in (row for row in SECRETS if row[0] == phase):
        path = page.format(**{name: values[0] for name, values in season.known().items() if values})
        client = client_of(season.people[role])
        with at(timezone.now()):
            shown = {path: fetch(client, path)}
            assert shown[path], (role, path)
            assert differences(client, shown, season.other(secret)), (role, secret, path)
