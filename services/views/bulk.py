"""Acts on the ticked rows of a list, or on all that its filter finds."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from services.actions.bulk import return_rows, review_rows, send_rows
from services.forms.around import ReturnForm
from services.permissions import logs, reviews
from services.views.lists import ActivityListView, RegisterListView
from units.errors import Refused
from units.kit.lists import PER_PAGE


class Bulk:
    """For a list page: POST act=send | review | return | export with `pick` (slugs), or `whole` for the filter's rows."""

    def get(self, request, **kwargs) -> HttpResponse:
        return self.back()

    def post(self, request, **kwargs) -> HttpResponse:
        acts = {"send": self.send, "review": self.review, "return": self.give_back, "export": self.send_out}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            messages.error(request, "请选择要办理的事项。")
            return self.back()
        picked = self.picked()
        self.many = picked.count()
        if not self.many:
            messages.error(request, "请先勾选记录。")
            return self.back()
        try:
            return act(picked)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return self.back()

    def picked(self):
        """Only rows this person sees: the slugs of others find nothing."""
        if self.request.POST.get("whole"):
            return self.found()
        return self.rows().filter(slug__in=self.request.POST.getlist("pick")[: 10 * PER_PAGE])

    def back(self):
        return redirect(self.register.list_url + self.query(whole=None))

    def told(self, done: list, verb: str, why: str):
        """Say how many went, and why the others did not."""
        left = self.many - len(done)
        if done:
            messages.success(
                self.request, f"已{verb}{len(done)}条。" + (f"另有{left}条{why}。" if left else "")
            )
        else:
            messages.error(self.request, f"没有{verb}：所选{left}条{why}。")
        return self.back()

    def send(self, picked):
        if not logs(self.request.user):
            raise PermissionDenied
        mine = self.register.model.objects.sendable_by(self.request.user).filter(pk__in=picked.values("pk"))
        return self.told(send_rows(mine, actor=self.request.user), "报送", "不是本单位的草稿或退回件，未动")

    def review(self, picked):
        user = self._office()
        mine = self.register.model.objects.reviewable_by(user).filter(pk__in=picked.values("pk"))
        return self.told(review_rows(mine, actor=user), "审核", "不在待审核状态或由您本人登记，未动")

    def give_back(self, picked):
        user = self._office()
        form = ReturnForm(self.request.POST if "reason" in self.request.POST else None)
        if not form.is_valid():
            return self._ask_reason(form)
        mine = self.register.model.objects.returnable_by(user).filter(pk__in=picked.values("pk"))
        done = return_rows(mine, reason=form.cleaned_data["reason"], actor=user)
        return self.told(done, "退回", "已在登记单位手中，未动")

    def _ask_reason(self, form):
        form.initial |= {name: self.request.POST.get(name, "") for name in ("whole", "act")}
        form.initial["pick"] = self.request.POST.getlist("pick")
        context = {
            "title": f"退回修改{self.many}条",
            "text": f"所选{self.many}条退回各登记单位，原因相同；已审核的退回后不再计入统计。",
            "verb": "退回",
            "form": form,
            "cancel_url": self.register.list_url + self.query(whole=None),
            "action_url": self.bulk_url(),
            "trail": [(self.register.label, self.register.list_url)],
        }
        return render(self.request, "components/confirm.html", context)

    def send_out(self, picked):
        return self.export(self.book_name(), self.sheets(self.ordered(picked)), rows=self.many)

    def _office(self):
        if not reviews(self.request.user):
            raise PermissionDenied
        return self.request.user


class ActivityBulkView(Bulk, ActivityListView):
    pass


class RegisterBulkView(Bulk, RegisterListView):
    pass
