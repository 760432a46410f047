import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from services.models.activities import DETAIL_MODELS, Activity, ActivityUnit, ServiceKind
from services.models.logged import LogState
from services.models.registers import BrightIdea, Donation, JointProject, Registration, VolunteerBrand
from services.models.tasks import ActionTask
from tests.factories.units import CommunityFactory, PartyMemberFactory, UnitFactory
from units.models import UnitKind


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity
        skip_postgeneration_save = True

    class Params:
        reviewed = factory.Trait(state=LogState.REVIEWED, reviewed_at=factory.LazyFunction(timezone.now))
        sent = factory.Trait(state=LogState.SENT)
        returned = factory.Trait(state=LogState.RETURNED, return_reason="请补充结果。")

    unit = factory.SubFactory(UnitFactory)
    kind = ServiceKind.PEOPLE
    happened_on = factory.LazyFunction(timezone.localdate)
    place = "某社区"
    subject = factory.Sequence(lambda n: f"走访服务第{n}次")
    target = "社区居民"
    summary = "上门了解诉求并协调办理。"

    @factory.post_generation
    def detail(self, create, extracted, **kwargs):
        if create and extracted is not None:
            DETAIL_MODELS[ServiceKind(self.kind)].objects.create(activity=self, **extracted)

    @factory.post_generation
    def joint_with(self, create, extracted, **kwargs):
        if create and extracted:
            ActivityUnit.objects.bulk_create(ActivityUnit(activity=self, unit=unit) for unit in extracted)


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration

    member = factory.SubFactory(PartyMemberFactory)
    unit = factory.SelfAttribute("member.unit")
    community = factory.SubFactory(CommunityFactory)
    registered_on = factory.LazyFunction(timezone.localdate)
    state = LogState.REVIEWED


class JointProjectFactory(DjangoModelFactory):
    class Meta:
        model = JointProject

    unit = factory.SubFactory(UnitFactory)
    community = factory.SubFactory(CommunityFactory)
    name = factory.Sequence(lambda n: f"共建项目{n}")
    agreed_on = factory.LazyFunction(timezone.localdate)
    state = LogState.REVIEWED


class VolunteerBrandFactory(DjangoModelFactory):
    class Meta:
        model = VolunteerBrand

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"品牌{n}")
    founded_on = factory.LazyFunction(timezone.localdate)
    team = 12
    state = LogState.REVIEWED


class DonationFactory(DjangoModelFactory):
    class Meta:
        model = Donation

    unit = factory.SubFactory(UnitFactory)
    donated_on = factory.LazyFunction(timezone.localdate)
    purpose = "疫情防控"
    amount = "100.00"
    state = LogState.REVIEWED


class BrightIdeaFactory(DjangoModelFactory):
    class Meta:
        model = BrightIdea

    unit = factory.SubFactory(UnitFactory)
    title = factory.Sequence(lambda n: f"金点子{n}")
    proposed_on = factory.LazyFunction(timezone.localdate)
    text = "建议集中受理。"
    state = LogState.REVIEWED


class ActionBranchFactory(UnitFactory):
    """An 行动党支部 below a department's organization."""

    slug = factory.Sequence(lambda n: f"action{n}")
    name = factory.Sequence(lambda n: f"第{n}行动党支部")
    short_name = factory.Sequence(lambda n: f"行动{n}")
    kind = UnitKind.ACTION_BRANCH
    action_kind = "key_project"
    approval_number = "东区直工委〔2026〕1号"
    task = "重点项目攻坚"
    parent = factory.SubFactory(UnitFactory)


class ActionTaskFactory(DjangoModelFactory):
    class Meta:
        model = ActionTask

    branch = factory.SubFactory(ActionBranchFactory)
    title = factory.Sequence(lambda n: f"任务{n}")
