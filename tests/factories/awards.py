from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from awards.campaign import defaults
from awards.campaign.models import Campaign, Category, Criterion, Deadline, Phase, ScoringRule, UnitQuota
from awards.campaign.queries.rule import compile_rule_body
from awards.decision.models import Meeting
from awards.nomination.models import (
    Attachment,
    AttachmentKind,
    Claim,
    Evidence,
    Metric,
    Nomination,
    Submission,
)
from awards.nomination.queries.content import frozen_content
from awards.nomination.rules.freezing import digest_of_content
from awards.notice.models import Notice
from awards.panel.models import Assignment, Panel, Reviewer, Seat
from awards.ranking.models import Ranking
from awards.review.models import Score, ScoreSheet, SheetState
from awards.states import State
from tests.factories.services import ActivityFactory
from tests.factories.units import CommitteeFactory, ReviewerUserFactory, UnitFactory


class CampaignFactory(DjangoModelFactory):
    """An opened year in its nomination dates, with the default rubric and a one-stage rule.

    `two_stages=True` for the written and live stages; `now_in=Phase.WRITTEN` moves the timetable so
    that this phase is running.
    """

    class Meta:
        model = Campaign
        skip_postgeneration_save = True

    class Params:
        unopened = factory.Trait(opened_at=None)

    code = factory.Sequence(lambda n: f"{2100 + n}")
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    title = factory.LazyAttribute(lambda o: f"{o.code}年度“三个最佳”评选")
    organiser = factory.SubFactory(CommitteeFactory)
    opened_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))

    @factory.post_generation
    def now_in(self, create, extracted, **kwargs):
        phases = list(Phase)
        running = phases.index(extracted or Phase.NOMINATION)
        opens = [
            timezone.now() + timedelta(days=10 * (number - running) - 5) for number in range(len(phases))
        ]
        Deadline.objects.bulk_create(
            Deadline(campaign=self, phase=phase, opens_at=at, closes_at=at + timedelta(days=10, seconds=-1))
            for phase, at in zip(phases, opens, strict=True)
        )

    @factory.post_generation
    def two_stages(self, create, extracted, **kwargs):
        categories = Category.objects.bulk_create(
            Category(campaign=self, letter=given.letter, name=given.name, ties=list(given.ties), order=order)
            for order, given in enumerate(defaults.CATEGORIES)
        )
        Criterion.objects.bulk_create(
            Criterion(
                category=category, code=line.code, label=line.label, maximum=line.maximum,
                anchors=list(line.anchors), section=line.section, order=place,
            )
            for category, given in zip(categories, defaults.CATEGORIES, strict=True)
            for place, line in enumerate(given.criteria)
        )  # fmt: skip
        stages = defaults.TWO_STAGES if extracted else defaults.ONE_STAGE
        body = compile_rule_body(self, {**defaults.SCORING, "stages": stages})
        ScoringRule.objects.create(campaign=self, body=body)


class CategoryFactory(DjangoModelFactory):
    """The category with this letter of a (new) campaign: `CategoryFactory(letter="Z")`."""

    class Meta:
        model = Category
        django_get_or_create = ("campaign", "letter")

    campaign = factory.SubFactory(CampaignFactory)
    letter = "F"


class UnitQuotaFactory(DjangoModelFactory):
    class Meta:
        model = UnitQuota
        django_get_or_create = ("campaign", "unit")

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)


FULL_TEXT = {
    "title": "企业开办全程帮办",
    "summary": "把企业开办的多个环节合为一件事，专人帮办，一次办结。",
    "background": "企业开办涉及多个部门，往返次数多。",
    "practice": "设立帮办专区，党员先锋岗全程跟办。",
    "innovation": "由企业跑改为数据跑。",
    "effect": "办理时间由三天压减到半天。",
    "spread": "流程已成文，可在其他窗口推广。",
    "service_kinds": ["enterprise"],
    "innovation_kind": "improved",
    "target": "新开办企业",
    "leader_name": "负责人甲",
    "leader_duty": "科长",
    "leader_phone": "0546-8000001",
    "contact_name": "联系人乙",
    "contact_phone": "13800000001",
    "pledged": True,
}


class NominationFactory(DjangoModelFactory):
    """A bare draft. `full=True`: every field filled; `ready=True`: with the rows that submitting asks for
    too (claim, reviewed activity, stamped form); `submitted=True`, `qualified=True`: with code and
    submission, in that state; `state=` any other with the same."""

    class Meta:
        model = Nomination
        skip_postgeneration_save = True

    class Params:
        full = factory.Trait(
            **FULL_TEXT,
            started_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=200)),
            ended_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=20)),
            unit_notice_from=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=15)),
            unit_notice_to=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=8)),
            satisfaction_sample=72,
            satisfaction_percent=Decimal("98.6"),
            document_number="东审批发〔2026〕1号",
            project_kind="livelihood",
            investment_planned=Decimal(1200),
            investment_done=Decimal(800),
        )
        submitted = factory.Trait(state=State.SUBMITTED)
        qualified = factory.Trait(state=State.QUALIFIED)

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)
    category = factory.LazyAttribute(lambda o: o.campaign.categories.order_by("order").first())
    state = State.DRAFT
    title = "企业开办全程帮办"
    submitted_at = factory.LazyAttribute(lambda o: timezone.now() if numbered(o.state) else None)
    correction_due_at = factory.LazyAttribute(
        lambda o: timezone.now() + timedelta(days=3) if o.state == State.RETURNED else None
    )

    @factory.lazy_attribute_sequence
    def code(self, number):
        if not numbered(self.state):
            return None
        return f"{self.campaign.code}-{self.category.letter}-{number % 100000:03d}"

    @factory.post_generation
    def quota(self, create, extracted, **kwargs):
        quota = UnitQuota(campaign=self.campaign, unit=self.unit.top or self.unit)
        UnitQuota.objects.bulk_create([quota], ignore_conflicts=True)

    @factory.post_generation
    def ready(self, create, extracted, **kwargs):
        if create and extracted:
            activity = ActivityFactory(
                unit=self.unit, reviewed=True, beneficiaries=120, problems_received=30, problems_closed=26
            )
            Evidence.objects.create(nomination=self, activity=activity)
            Claim.objects.create(
                nomination=self,
                metric=Metric.PROBLEMS_CLOSED,
                indicator="协调解决诉求",
                value=30,
                measure="件",
            )
            AttachmentFactory(nomination=self, kind=AttachmentKind.SEALED, name="盖章申报表.pdf")

    @factory.post_generation
    def submission(self, create, extracted, **kwargs):
        if create and numbered(self.state):
            SubmissionFactory(nomination=self, submitted_at=self.submitted_at)


def numbered(state) -> bool:
    return state not in (State.DRAFT, State.UNIT_REVIEW)


class SubmissionFactory(DjangoModelFactory):
    """The nomination's text frozen as the product's own action freezes it, at this moment."""

    class Meta:
        model = Submission

    nomination = factory.SubFactory(NominationFactory)
    number = factory.LazyAttribute(lambda o: o.nomination.submissions.count() + 1)
    content = factory.LazyAttribute(lambda o: frozen_content(o.nomination))
    sha256 = factory.LazyAttribute(lambda o: digest_of_content(o.content))


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    nomination = factory.SubFactory(NominationFactory)
    name = "佐证材料.pdf"
    content_type = "application/pdf"
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4\n%%EOF\n", name="evidence.pdf"))
    size = 15
    sha256 = factory.LazyFunction(lambda: sha256(b"%PDF-1.4\n%%EOF\n").hexdigest())
    sha256_original = factory.SelfAttribute("sha256")


class ReviewerFactory(DjangoModelFactory):
    """A person in the pool with the reviewer's post at the organiser and an employer elsewhere."""

    class Meta:
        model = Reviewer

    campaign = factory.SubFactory(CampaignFactory)
    user = factory.LazyAttribute(lambda o: ReviewerUserFactory(unit=o.campaign.organiser))
    employer = factory.SubFactory(UnitFactory)
    declared_at = factory.LazyFunction(timezone.now)


class PanelFactory(DjangoModelFactory):
    """A running panel of the category in the written stage; `closed=True` for a closed one."""

    class Meta:
        model = Panel

    class Params:
        closed = factory.Trait(closed_at=factory.LazyFunction(timezone.now))
        unopened = factory.Trait(opened_at=None)

    category = factory.SubFactory(CategoryFactory)
    campaign = factory.SelfAttribute("category.campaign")
    stage = "written"
    seed = "test"
    drawn_at = factory.LazyFunction(timezone.now)
    opened_at = factory.LazyFunction(timezone.now)
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    panel = factory.SubFactory(PanelFactory)
    reviewer = factory.LazyAttribute(lambda o: ReviewerFactory(campaign=o.panel.campaign))
    number = factory.LazyAttribute(lambda o: o.panel.seats.count() + 1)


class AssignmentFactory(DjangoModelFactory):
    """A qualified entry of the panel's category given to a seat."""

    class Meta:
        model = Assignment

    seat = factory.SubFactory(SeatFactory)
    panel = factory.SelfAttribute("seat.panel")
    nomination = factory.LazyAttribute(
        lambda o: NominationFactory(
            campaign=o.seat.panel.campaign, category=o.seat.panel.category, full=True, qualified=True
        )
    )
    order = factory.LazyAttribute(lambda o: o.seat.assignments.count() + 1)


class ScoreSheetFactory(DjangoModelFactory):
    """A draft sheet; `marks={"effect": 27.5}` by criterion code, or `share=0.9` of every maximum.

    `handed_in=True` locks it, with its total as the sum of the marks.
    """

    class Meta:
        model = ScoreSheet
        skip_postgeneration_save = True

    assignment = factory.SubFactory(AssignmentFactory)
    submission = factory.LazyAttribute(lambda o: o.assignment.nomination.submissions.first())
    rule = factory.LazyAttribute(lambda o: o.assignment.nomination.campaign.rules.first())

    @classmethod
    def _create(cls, model_class, *args, marks=None, share=None, handed_in=False, **kwargs):
        category = kwargs["assignment"].nomination.category
        criteria = {line.code: line for line in category.criteria.all()}
        if share is not None:
            halves = {code: round(float(line.maximum) * share * 2) for code, line in criteria.items()}
            marks = {code: Decimal(number) / 2 for code, number in halves.items()}
        marks = {code: Decimal(str(mark)) for code, mark in (marks or {}).items()}
        if handed_in:
            kwargs |= {"state": SheetState.HANDED_IN, "handed_in_at": timezone.now()}
            kwargs["total"] = sum(marks.values(), Decimal(0))
        sheet = super()._create(model_class, *args, **kwargs)
        Score.objects.bulk_create(
            Score(sheet=sheet, criterion=criteria[code], mark=mark) for code, mark in marks.items()
        )
        return sheet


class RankingFactory(DjangoModelFactory):
    """A frozen final ranking without lines; tests that read lines freeze a real one."""

    class Meta:
        model = Ranking

    campaign = factory.SubFactory(CampaignFactory)
    stage = Ranking.FINAL
    rule = factory.LazyAttribute(lambda o: o.campaign.rules.first())
    record = "{}"
    digest = "0" * 64


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    ranking = factory.SubFactory(RankingFactory)
    campaign = factory.SelfAttribute("ranking.campaign")
    held_at = factory.LazyFunction(timezone.now)
    entitled = 7
    present = 7


class NoticeFactory(DjangoModelFactory):
    """A draft notice; `running=True` for one in its days."""

    class Meta:
        model = Notice

    class Params:
        running = factory.Trait(
            published_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=2)),
            first_day=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)),
            last_day=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=5)),
            closes_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=6)),
            worked_days=factory.LazyAttribute(
                lambda o: [o.first_day + timedelta(days=n) for n in (0, 1, 2, 3, 6)]
            ),
        )

    campaign = factory.SubFactory(CampaignFactory)
    slug = factory.LazyAttribute(lambda o: f"{o.campaign.code}-1")
    number = factory.LazyAttribute(lambda o: o.campaign.notices.count() + 1)
    title = factory.LazyAttribute(lambda o: f"{o.campaign.title}拟入选项目公示")
    basis = "根据评选通知要求。"
    office = "区直机关工委办公室"
    phone = "0546-8000000"
    address = "府前大街1号"
