"""联合申报: the lead unit asks, the partner's secretary answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from awards.errors import StageError
from awards.nomination.actions import confirm_partner, decline_partner, invite_partner, remove_partner
from awards.nomination.forms import PartnerForm
from awards.nomination.models import Partner
from awards.nomination.permissions import can_answer, can_edit
from awards.nomination.views.common import OwnNominationView, visible_nomination


class NominationPartnersView(OwnNominationView):
    def get(self, request, key):
        self.require(can_edit(request.user, self.nomination))
        return self.show(PartnerForm(nomination=self.nomination))

    def post(self, request, key):
        self.require(can_edit(request.user, self.nomination))
        if "remove" in request.POST:
            partner = get_object_or_404(self.partners(), unit__slug=request.POST["remove"])
            self.attempt(
                lambda: remove_partner(partner, actor=request.user), done=f"已取消{partner.unit}的联合申报。"
            )
            return self.to("nomination-partners")
        form = PartnerForm(request.POST, nomination=self.nomination)
        if not form.is_valid():
            return self.show(form)
        values = form.cleaned_data
        try:
            invite_partner(self.nomination, unit=values["unit"], share=values["share"], actor=request.user)
        except StageError as refusal:
            form.add_error("unit", str(refusal))
            return self.show(form)
        messages.success(request, f"已邀请{values['unit']}，待其党组织书记确认。")
        return self.to("nomination-partners")

    def partners(self):
        return self.nomination.partners.select_related("unit", "nomination")

    def show(self, form):
        context = {"nomination": self.nomination, "form": form, "partners": self.partners()}
        return render(self.request, "awards/nomination/partners.html", context)


class InvitationView(View):
    """The asked unit's secretary confirms or declines; its clerk may read, not answer."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.nomination = visible_nomination(request, kwargs["key"])
            asked = Partner.objects.asked(request.user).select_related("unit", "nomination")
            self.partner = get_object_or_404(asked, nomination=self.nomination)
            if not can_answer(request.user, self.partner):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, key):
        context = {"nomination": self.nomination, "partner": self.partner}
        return render(request, "awards/nomination/invitation.html", context)

    def post(self, request, key):
        joins = request.POST.get("answer") == "confirm"
        try:
            (confirm_partner if joins else decline_partner)(self.partner, actor=request.user)
        except StageError as refusal:
            messages.error(request, str(refusal))
            return redirect(self.nomination)
        words = "已确认联合申报。" if joins else "已谢绝联合申报。"
        messages.success(request, words)
        return redirect(self.nomination) if joins else redirect("awards:nomination-list")
