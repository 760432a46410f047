from datetime import date

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from units.models import Community, PartyMember, Post, Unit, UnitKind, User
from units.roles import Role

PASSWORD = "Correct-Horse-1"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"人员{n}")

    password = PASSWORD

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        return kwargs | {"password": make_password(kwargs["password"])}


class CommitteeFactory(DjangoModelFactory):
    """The organiser at the root; the same one unless a slug is given."""

    class Meta:
        model = Unit
        django_get_or_create = ("slug",)

    slug = "committee"
    name = factory.LazyAttribute(
        lambda o: "测试区委区直机关工委" if o.slug == "committee" else f"工委{o.slug}"
    )
    short_name = factory.LazyAttribute(lambda o: "区直机关工委" if o.slug == "committee" else f"工委{o.slug}")
    kind = UnitKind.COMMITTEE


class UnitFactory(DjangoModelFactory):
    """A department's party organization right below the committee."""

    class Meta:
        model = Unit

    slug = factory.Sequence(lambda n: f"unit{n}")
    name = factory.Sequence(lambda n: f"测试区第{n}局机关党委")
    short_name = factory.Sequence(lambda n: f"区{n}局")
    kind = UnitKind.PARTY_COMMITTEE
    parent = factory.SubFactory(CommitteeFactory)
    order = factory.Sequence(lambda n: n)


class CommunityFactory(DjangoModelFactory):
    class Meta:
        model = Community

    name = factory.Sequence(lambda n: f"第{n}社区")


class PartyMemberFactory(DjangoModelFactory):
    class Meta:
        model = PartyMember

    unit = factory.SubFactory(UnitFactory)
    number = factory.Sequence(lambda n: f"{n:06d}")


class PostFactory(DjangoModelFactory):
    """A confirmed post held since 2020."""

    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    role = Role.SECRETARY
    from_on = date(2020, 1, 1)
    confirmed_at = factory.LazyFunction(timezone.now)


class HolderFactory(UserFactory):
    """A person with one post: `SecretaryFactory(unit=unit)`."""

    class Meta:
        model = User
        abstract = True

    role = Role.SECRETARY

    @classmethod
    def _create(cls, model_class, *args, unit=None, role, **kwargs):
        user = super()._create(model_class, *args, **kwargs)
        if unit is None:
            unit = CommitteeFactory() if role not in (Role.SECRETARY, Role.CLERK) else UnitFactory()
        PostFactory(user=user, unit=unit, role=role)
        return user

    unit = None


class SecretaryFactory(HolderFactory):
    role = Role.SECRETARY


class ClerkFactory(HolderFactory):
    role = Role.CLERK


class OfficeFactory(HolderFactory):
    role = Role.OFFICE


class MemberFactory(HolderFactory):
    role = Role.MEMBER


class SupervisorFactory(HolderFactory):
    role = Role.SUPERVISOR


class ReviewerUserFactory(HolderFactory):
    role = Role.REVIEWER


class SysadminFactory(HolderFactory):
    role = Role.SYSADMIN


class SecadminFactory(HolderFactory):
    role = Role.SECADMIN


class AuditorFactory(HolderFactory):
    role = Role.AUDITOR
