import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from services.models import DETAIL_MODELS, Activity, LogState, Registration, ServiceKind
from tests.factories.units import CommunityFactory, PartyMemberFactory, UnitFactory


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity
        skip_postgeneration_save = True

    class Params:
        reviewed = factory.Trait(state=LogState.REVIEWED, reviewed_at=factory.LazyFunction(timezone.now))
        sent = factory.Trait(state=LogState.SENT)

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


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration

    member = factory.SubFactory(PartyMemberFactory)
    unit = factory.SelfAttribute("member.unit")
    community = factory.SubFactory(CommunityFactory)
    registered_on = factory.LazyFunction(timezone.localdate)
    state = LogState.REVIEWED
