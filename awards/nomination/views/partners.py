"""联合申报: the lead unit asks, the partner's secretary answers."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from awards.errors import StageError
from awards.nomination.actions.partners import (
    confirm_partner,
    decline_partner,
    invite_partner,
    remove_partner,
)
from awards.nomination.forms.around import PartnerForm
from awards.nomination.models import Nomination, Partner
from awards.nomination.permissions import can_answer, can_edit
from awards.nomination.views.common import OwnNominationAct, page_of, visible_nomination
from units.kit.acts import ActPage, FormPage


class PartnersAct(OwnNominationAct):
    """An act on the units that put the project forward together."""

    def allowed(self) -> bool:
        return can_edit(self.request.user, self.nomination)

    def back(self) -> str:
        return page_of("nomination-partners", self.nomination)

    def partners(self):
        return self.nomination.partners.select_related("unit", "nomination")


class NominationPartnersView(PartnersAct, FormPage):
    """The units asked so far with their answers, and the form that asks another."""

    title, verb, blamed = "联合单位", "发出邀请", "unit"
    template_name = "awards/nomination/partners.html"

    def make_form(self, *data):
        return PartnerForm(*data, nomination=self.nomination)

    def act(self, unit, share):
        return invite_partner(self.nomination, unit=unit, share=share, actor=self.request.user)

    def told(self, partner) -> str:
        return f"已邀请{partner.unit}，待其党组织书记确认。"

    def context(self, form) -> dict:
        return super().context(form) | {"nomination": self.nomination, "partners": self.partners()}


class PartnerRemoveView(PartnersAct):
    verb, danger = "取消联合", True
    text = "该单位不再列为联合申报单位；已作的确认一并取消，再次邀请须重新确认。"

    @cached_property
    def partner(self) -> Partner:
        return get_object_or_404(self.partners(), unit__slug=self.kwargs["unit"])

    @property
    def title(self) -> str:
        return f"取消{self.partner.unit}的联合申报"

    def act(self):
        return remove_partner(self.partner, actor=self.request.user)

    def told(self, outcome) -> str:
        return f"已取消{self.partner.unit}的联合申报。"


class InvitationView(ActPage):
    """The asked unit's secretary confirms or declines; its clerk may read, not answer."""

    title = "联合申报邀请"
    template_name = "awards/nomination/invitation.html"

    @cached_property
    def nomination(self) -> Nomination:
        return visible_nomination(self.request, self.kwargs["key"])

    @cached_property
    def partner(self) -> Partner:
        asked = Partner.objects.asked(self.request.user).select_related("unit", "nomination")
        return get_object_or_404(asked, nomination=self.nomination)

    def allowed(self) -> bool:
        return can_answer(self.request.user, self.partner)

    def act(self) -> bool:
        answers = {"confirm": confirm_partner, "decline": decline_partner}
        answer = self.request.POST.get("answer", "")
        if answer not in answers:
            raise StageError("请选择确认或者谢绝。")
        answers[answer](self.partner, actor=self.request.user)
        return answer == "confirm"

    def told(self, joins) -> str:
        return "已确认联合申报。" if joins else "已谢绝联合申报。"

    def after(self, joins) -> str:
        return self.nomination.get_absolute_url() if joins else reverse("awards:nomination-list")

    def back(self) -> str:
        return self.request.path

    def trail(self):
        return [("申报", reverse("awards:nomination-list"))]

    def context(self, form) -> dict:
        return super().context(form) | {"nomination": self.nomination, "partner": self.partner}
